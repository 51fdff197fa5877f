//! A document as a comparison takes it: anything with a tree.

use super::report::{DocumentInfo, SourceTexts};
use crate::diagnostics::Diagnostics;
use crate::read::{self, Document, Node, SpecVersion};
use std::path::Path;

/// A contract to compare. Unlike for generating, it may have faults: references that lead nowhere,
/// operations without an id, fields nobody knows.
#[derive(Debug, Clone)]
pub struct Contract {
    document: Document,
}

impl Contract {
    /// Reads a text, OpenAPI 3.0 or 3.1, YAML or JSON. `name` is what places in it are called.
    ///
    /// # Errors
    /// When it is neither YAML nor JSON, or is no OpenAPI 3.0 or 3.1.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostics> {
        read::read_str_tolerant(name, text).map(Self::from)
    }

    /// Reads a file, with the files of its folder that it refers to.
    ///
    /// # Errors
    /// As [`Contract::read`], and when the file cannot be read.
    pub fn read_file(path: &Path) -> Result<Self, Diagnostics> {
        read::read_file_tolerant(path).map(Self::from)
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The tree.
    #[must_use]
    pub fn root(&self) -> &Node {
        &self.document.root
    }

    /// The version it follows.
    #[must_use]
    pub fn version(&self) -> SpecVersion {
        self.document.version
    }

    /// What a report says about it.
    pub(super) fn info(&self) -> DocumentInfo {
        let version = self.root().pointer("/info/version");
        let version = version.map(super::text::brief);
        DocumentInfo {
            name: self.document.path.clone(),
            sha256: self.document.sha256.clone(),
            version: version.unwrap_or_default(),
            sources: SourceTexts(self.document.sources.clone()),
        }
    }
}

impl From<Document> for Contract {
    fn from(document: Document) -> Self {
        Self { document }
    }
}
