//! How one generated crate differs.
//!
//! The emitters themselves write what is compared; for the public items only what may differ is
//! written, without what stands in bodies, and nothing is printed.

use super::compare::{Changes, compare};
use super::ready::Ready;
use super::surface::{Modules, Surface};
use crate::generated_crate::GeneratedCrate;
use codegen::emit::{
    Chosen, EmitError, Extent, FileContent, client, server, types, without_bodies,
};
use std::collections::BTreeMap;

/// Files by their paths, before they are printed.
type Files = BTreeMap<String, FileContent>;

/// Both sides of a comparison.
pub(super) type Sides<'a> = [&'a Ready; 2];

/// How a crate differs.
#[derive(Debug, Clone)]
pub(super) enum Difference {
    /// In these items.
    Public(Changes),
    /// Only in what is not public, such as words and bodies.
    Inside,
    /// Not in what was chosen; the rest was not looked at.
    Unseen,
}

/// What stood in the way, and on which side.
#[derive(Debug)]
pub(super) struct Fault {
    side: usize,
    why: String,
}

impl Fault {
    pub(super) fn new(side: usize, why: impl std::fmt::Display) -> Self {
        let why = why.to_string();
        Self { side, why }
    }

    /// The fault at its side, nothing at the other.
    pub(super) fn by_side(self) -> [Option<String>; 2] {
        match self.side {
            0 => [Some(self.why), None],
            _ => [None, Some(self.why)],
        }
    }
}

/// Compares what is written of the chosen types and operations.
pub(super) fn difference(
    krate: GeneratedCrate,
    sides: Sides<'_>,
    chosen: &Chosen,
) -> Result<syn::Result<Difference>, Fault> {
    let files = both(krate, sides, Extent::Signatures(chosen))?;
    Ok(match texts(&files[0]) == texts(&files[1]) {
        true => Ok(Difference::Unseen),
        false => items(krate, sides, &files),
    })
}

fn items(krate: GeneratedCrate, sides: Sides<'_>, files: &[Files; 2]) -> syn::Result<Difference> {
    let name = krate.crate_name(&sides[0].policy);
    let surface = |side: usize| -> syn::Result<Surface> {
        let mut modules = Modules::default();
        for (path, content) in &files[side] {
            match content {
                FileContent::Items(items) => {
                    modules.add(path, syn::parse2(without_bodies(items.clone()))?);
                }
                FileContent::Text(text) if is_shared(path, text, &files[1 - side]) => {}
                FileContent::Text(text) => modules.add(path, syn::parse_file(text)?),
            }
        }
        Ok(Surface::of(&name, &modules, krate.facade()))
    };
    let items = compare(&surface(0)?, &surface(1)?);
    Ok(
        match items.covered.is_empty() && items.for_servers.is_empty() {
            true => Difference::Inside,
            false => Difference::Public(items),
        },
    )
}

/// Whether the other side has the same file, which therefore adds nothing to either.
fn is_shared(path: &str, text: &str, other: &Files) -> bool {
    matches!(other.get(path), Some(FileContent::Text(there)) if there == text)
}

/// Whether anything at all differs.
pub(super) fn differs(krate: GeneratedCrate, sides: Sides<'_>) -> Result<bool, Fault> {
    // The schemas of the server are made from more than the model.
    if krate != GeneratedCrate::Server && sides[0].api == sides[1].api {
        return Ok(false);
    }
    let [old, new] = both(krate, sides, Extent::Whole)?;
    Ok(texts(&old) != texts(&new))
}

fn both(krate: GeneratedCrate, sides: Sides<'_>, extent: Extent<'_>) -> Result<[Files; 2], Fault> {
    let one = |side: usize| {
        let files = files(krate, sides[side], extent);
        files.map_err(|error| Fault::new(side, error))
    };
    Ok([one(0)?, one(1)?])
}

fn files(krate: GeneratedCrate, ready: &Ready, extent: Extent<'_>) -> Result<Files, EmitError> {
    let mut files = Files::new();
    let sink = &mut |path: String, content| {
        let taken = files.insert(path.clone(), content);
        taken.map_or(Ok(()), |_| Err(EmitError::DuplicateFile { path }))
    };
    let (api, policy) = (&ready.api, &ready.policy);
    match krate {
        GeneratedCrate::Types => types::emit(api, policy, extent, sink)?,
        GeneratedCrate::Client => client::emit(api, policy, extent, sink)?,
        GeneratedCrate::Server => server::emit(api, &ready.lowered, policy, extent, sink)?,
    }
    Ok(files)
}

fn texts(files: &Files) -> Vec<(&str, String)> {
    let text = |content: &FileContent| match content {
        FileContent::Items(items) => items.to_string(),
        FileContent::Text(text) => text.clone(),
    };
    let files = files.iter();
    files
        .map(|(path, content)| (path.as_str(), text(content)))
        .collect()
}
