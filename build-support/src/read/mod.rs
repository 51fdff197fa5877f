//! Text becomes a document: a tree in which every value knows its file, line and column, whose
//! references all lead somewhere.

mod json;
mod node;
mod parse;
mod scalar;
mod span;
mod text;
mod tree;
mod version;
mod yaml;

use crate::diagnostics::{Diagnostic, Diagnostics};
use sha2::{Digest, Sha256};
use std::path::Path;

pub use node::{Member, Node, Value, escape_token};
pub use span::{FileId, Sources, Span};
pub use version::SpecVersion;

/// A contract that was read and found sound.
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
    /// What was found that does not stand in the way.
    pub warnings: Diagnostics,
}

/// Reads a contract, OpenAPI 3.0 or 3.1, YAML or JSON, with the files of its folder that it
/// refers to.
///
/// # Errors
/// Everything that is wrong with it, in order of file and position.
pub fn read_file(path: &Path) -> Result<Document, Diagnostics> {
    let name = path.to_string_lossy().replace('\\', "/");
    let unreadable = |message: String| {
        let error = Diagnostic::error_without_place("read::file", format!("{name}: {message}"));
        Diagnostics::one(error, Sources::default())
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = text::decode(bytes).map_err(unreadable)?;
    read_str(&name, &text)
}

/// Reads a contract from a text. `name` is what diagnostics call it; a name that ends with
/// `.json` is read as JSON. References to other files have no folder to lead into.
///
/// # Errors
/// Everything that is wrong with it, in order of position.
pub fn read_str(name: &str, text: &str) -> Result<Document, Diagnostics> {
    let sources = Sources::single(name, text);
    let mut diagnostics = Diagnostics::new(sources.clone());
    let parsed = parse::parse(FileId::default(), name, text, &mut diagnostics.items);
    let sound = parsed.and_then(|root| Ok((version::of(&root)?, root)));
    let (version, root) = match sound {
        Ok(sound) => sound,
        Err(error) => {
            diagnostics.push(error);
            diagnostics.sort();
            return Err(diagnostics);
        }
    };
    Ok(Document {
        root,
        sources,
        version,
        sha256: hex(&Sha256::digest(text)),
        path: name.to_owned(),
        warnings: diagnostics.into_result()?,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
