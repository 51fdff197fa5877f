//! The policy file's text, kept so that a diagnostic can show the line.

use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{FileId, Sources, Span};
use std::ops::Range;

/// A policy file's name and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyText {
    name: String,
    text: String,
}

impl PolicyText {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Adds the text to the sources of a contract's diagnostics.
    pub fn add_to(&self, sources: &mut Sources) -> FileId {
        sources.add(self.name.clone(), self.text.clone())
    }

    pub(super) fn syntax(&self, error: &toml::de::Error) -> Diagnostics {
        let sources = Sources::single(self.name.clone(), self.text.clone());
        let file = sources.files().next().unwrap_or_default();
        let span = place(file, error.span().unwrap_or_default());
        let message = error.message().trim().replace('\n', ", ");
        let found = Diagnostic::error("policy::syntax", message, span)
            .with_help("the keys are described in the comments of openapi/codegen.toml");
        Diagnostics::one(found, sources)
    }
}

/// The place of a part of the text.
pub(crate) fn place(file: FileId, range: Range<usize>) -> Span {
    Span::new(file, range.start, range.end)
}
