//! Text becomes a document: a tree in which every value knows its file, line and column, whose
//! references all lead somewhere.

mod node;
mod span;

use crate::diagnostics::Diagnostics;

pub use node::{Member, Node, Value, escape_token};
pub use span::{FileId, Sources, Span};

/// The version of the specification a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpecVersion {
    /// OpenAPI 3.0.x.
    V3_0,
    /// OpenAPI 3.1.x.
    V3_1,
}

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
