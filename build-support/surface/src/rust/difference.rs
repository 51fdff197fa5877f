//! How one generated crate differs.
//!
//! The emitters themselves write what is compared; for the public items only what may differ is
//! written, without what stands in bodies, and nothing is printed.

use super::compare::compare;
use super::ready::{Ready, Room};
use super::surface::{Modules, Surface};
use codegen::emit::{Chosen, EmitError, Extent, client, server, types, without_bodies};
use drift::report::RustChange;
use files::FileSet;
use proc_macro2::TokenStream;
use std::collections::BTreeMap;

/// Files by their paths, before they are printed.
type Files = BTreeMap<String, TokenStream>;

/// Both sides of a comparison.
pub(super) type Sides<'a> = [&'a Ready; 2];

/// How a crate differs.
#[derive(Debug, Clone)]
pub(super) enum Difference {
    /// In these public items.
    Public(Vec<RustChange>),
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
    room: Room,
    sides: Sides<'_>,
    chosen: &Chosen,
) -> Result<syn::Result<Difference>, Fault> {
    let [old, new] = both(room, sides, Extent::Signatures(chosen))?;
    let texts = [&old, &new].map(|files| texts(files));
    let support = |side: usize| {
        let files = support(room, sides[side]);
        files.map_err(|error| Fault::new(side, error))
    };
    let (before, after) = (support(0)?, support(1)?);
    if texts[0] == texts[1] && before == after {
        return Ok(Ok(Difference::Unseen));
    }
    Ok(items(room, sides, [(old, before), (new, after)]))
}

fn items(room: Room, sides: Sides<'_>, files: [(Files, FileSet); 2]) -> syn::Result<Difference> {
    let same = files[0].1 == files[1].1;
    let name = room.crate_name(&sides[0].policy);
    let surfaces = files.map(|(files, support)| {
        let mut modules = Modules::default();
        for (path, items) in files {
            modules.add(&path, syn::parse2(without_bodies(items))?);
        }
        // Files that both sides share add nothing to either.
        for (path, text) in support.iter().filter(|_| !same) {
            modules.add(path, syn::parse_file(text)?);
        }
        Ok(Surface::of(&name, &modules, room.facade()))
    });
    let [old, new]: [syn::Result<Surface>; 2] = surfaces;
    let items = compare(&old?, &new?);
    Ok(match items.is_empty() {
        true => Difference::Inside,
        false => Difference::Public(items),
    })
}

/// Whether anything at all differs.
pub(super) fn differs(room: Room, sides: Sides<'_>) -> Result<bool, Fault> {
    if room == Room::Server {
        let [old, new] = sides.map(|it| server::schemas_json(&it.api, &it.lowered));
        if old != new {
            return Ok(true);
        }
    }
    if sides[0].api == sides[1].api {
        return Ok(false);
    }
    let [old, new] = both(room, sides, Extent::Whole)?;
    Ok(texts(&old) != texts(&new))
}

fn both(room: Room, sides: Sides<'_>, extent: Extent<'_>) -> Result<[Files; 2], Fault> {
    let one = |side: usize| {
        let files = files(room, sides[side], extent);
        files.map_err(|error| Fault::new(side, error))
    };
    Ok([one(0)?, one(1)?])
}

fn files(room: Room, ready: &Ready, extent: Extent<'_>) -> Result<Files, EmitError> {
    let mut files = Files::new();
    let sink = &mut |path: String, items| {
        let taken = files.insert(path.clone(), items);
        taken.map_or(Ok(()), |_| Err(EmitError::DuplicateFile { path }))
    };
    let (api, policy) = (&ready.api, &ready.policy);
    match room {
        Room::Types => types::write(api, policy, extent, sink)?,
        Room::Client => client::write(api, policy, extent, sink)?,
        Room::Server => server::write(api, policy, extent, sink)?,
    }
    Ok(files)
}

/// The hand-written files that depend on the contract.
fn support(room: Room, ready: &Ready) -> Result<FileSet, EmitError> {
    match room {
        Room::Types => types::support_files(&ready.api, None),
        Room::Client | Room::Server => Ok(FileSet::new()),
    }
}

fn texts(files: &Files) -> Vec<(&str, String)> {
    let files = files.iter();
    files
        .map(|(path, items)| (path.as_str(), items.to_string()))
        .collect()
}
