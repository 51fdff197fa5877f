//! Reading a contract that has to be valid.

use super::diagnostics::{Diagnostic, Diagnostics};
use super::digest::sha256_hex;
use super::folder::{Directory, Folder, NoFolder};
use super::node::Node;
use super::span::{FileId, Sources};
use super::version::SpecVersion;
use super::{bundle, check, meant, parse, text, version};
use std::path::Path;

/// A contract that was read and is valid.
#[derive(Debug, Clone)]
pub struct Document {
    /// The tree. References into other files are bundled: every `$ref` in it begins with `#/`.
    pub root: Node,
    /// The texts it was read from, the document itself first.
    pub sources: Sources,
    /// The version it follows.
    pub version: SpecVersion,
    /// SHA-256 of the document's bytes (of all files in order of reading, where there are
    /// several), lowercase hexadecimal.
    pub sha256: String,
    /// The path it was read from, as given, with forward slashes.
    pub path: String,
    /// The findings that are not errors.
    pub warnings: Diagnostics,
}

/// Reads a contract, OpenAPI 3.0, 3.1 or (as 3.1) 3.2, YAML or JSON, with the files of its folder that it
/// refers to.
///
/// # Errors
/// Everything that is wrong with it, in order of file and position.
pub fn read_file(path: &Path) -> Result<Document, Diagnostics> {
    let (name, text) = read_text(path)?;
    read(&name, &text, &Directory::of(path))
}

/// Reads a contract from a text. `name` is what diagnostics call it; a name that ends with
/// `.json` is read as JSON. References to other files have no folder to lead into.
///
/// # Errors
/// Everything that is wrong with it, in order of position.
pub fn read_str(name: &str, text: &str) -> Result<Document, Diagnostics> {
    read(name, text, &NoFolder)
}

/// A file's name, as diagnostics call it, and its text.
pub(super) fn read_text(path: &Path) -> Result<(String, String), Diagnostics> {
    let name = path.to_string_lossy().replace('\\', "/");
    let unreadable = |message: String| {
        let error = Diagnostic::error_without_place("read::file", format!("{name}: {message}"));
        Diagnostics::one(error, Sources::default())
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = text::decode(bytes).map_err(unreadable)?;
    Ok((name, text))
}

fn read(name: &str, text: &str, folder: &dyn Folder) -> Result<Document, Diagnostics> {
    let mut sources = Sources::single(name, text);
    let mut found = Vec::new();
    let parsed = parse::parse(FileId::default(), name, text, &mut found);
    let sound = parsed.and_then(|root| Ok((version::of(&root)?, root)));
    let bundled = sound.map(|(version, root)| {
        found.extend(version::later(&root));
        let root = bundle::bundle(root, version, folder, &mut sources, &mut found);
        let root = meant::write(root, version, &mut found);
        check::run(&root, version, &sources, &mut found);
        (version, root)
    });
    let bundled = bundled.map_err(|error| found.push(*error));
    let diagnostics = Diagnostics {
        items: found,
        sources: sources.clone(),
    };
    let warnings = diagnostics.into_result()?;
    let (version, root) = bundled.expect("without a tree there is an error, and it was returned");
    Ok(Document {
        root,
        sha256: digest(&sources),
        sources,
        version,
        path: name.to_owned(),
        warnings,
    })
}

/// The digest of all texts in order of reading.
pub(super) fn digest(sources: &Sources) -> String {
    sha256_hex(sources.files().map(|file| sources.text(file)))
}
