//! A document for a comparison: any document that gives a tree.

use super::report::{DocumentInfo, SourceTexts};
use contract::diagnostics::Diagnostics;
use contract::{Document, Node, SpecVersion};
use std::path::Path;

/// A contract to compare. Unlike for generating, it may have faults: references that lead nowhere,
/// operations without an id, unknown fields.
#[derive(Debug, Clone)]
pub struct Contract {
    document: Document,
}

impl Contract {
    /// Reads a text, OpenAPI 3.0 or 3.1, YAML or JSON. `name` is what places in it are called.
    ///
    /// # Errors
    /// When it is neither YAML nor JSON, or is not a valid OpenAPI 3.0 or 3.1.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostics> {
        contract::read_str_tolerant(name, text).map(Self::from)
    }

    /// Reads a text with others beside it: `files` gives the text of one by its path as seen from
    /// the folder of the first, or says why it cannot.
    ///
    /// # Errors
    /// As [`Contract::read`].
    pub fn read_beside(
        name: &str,
        text: &str,
        files: &dyn Fn(&str) -> Result<String, String>,
    ) -> Result<Self, Diagnostics> {
        contract::read_beside_tolerant(name, text, files).map(Self::from)
    }

    /// Reads a file, with the files of its folder and beside it that it refers to.
    ///
    /// # Errors
    /// As [`Contract::read`], and when the file cannot be read.
    pub fn read_file(path: &Path) -> Result<Self, Diagnostics> {
        contract::read_file_tolerant(path).map(Self::from)
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

    /// Whether two documents are versions of one contract: they have the same `info.title`.
    #[must_use]
    pub fn is_version_of(&self, other: &Self) -> bool {
        let title = |it: &Self| {
            it.root()
                .pointer("/info/title")?
                .as_str()
                .map(str::to_owned)
        };
        title(self).is_some_and(|mine| title(other) == Some(mine))
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

#[cfg(test)]
mod tests {
    use super::Contract;

    #[test]
    fn versions_of_one_contract_have_its_title() {
        let of =
            |info: &str| Contract::read("api.yaml", &format!("openapi: 3.1.0\n{info}")).unwrap();
        let first = of("info: {title: Shop, version: '1'}");
        for (other, expected) in [
            (of("info: {title: Shop, version: '2'}"), true),
            (of("info: {title: Bank, version: '1'}"), false),
            (of("paths: {}"), false),
        ] {
            assert_eq!(other.is_version_of(&first), expected, "{:?}", other.root());
        }
        assert!(!of("paths: {}").is_version_of(&of("paths: {}")));
    }
}
