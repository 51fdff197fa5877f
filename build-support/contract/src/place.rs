//! A place in a document, as people and reports name it.

use crate::Span;

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// JSON pointer from the document's root.
    pub pointer: String,
    /// The stretch of text.
    pub span: Span,
    /// The file's name.
    pub file: String,
    /// Line, counted from one.
    pub line: usize,
    /// Column in characters, counted from one.
    pub column: usize,
}
