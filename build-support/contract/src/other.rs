//! Reading a document that is not a contract, in the same notation and with the same places.

use super::diagnostics::{Diagnostic, Diagnostics};
use super::node::Node;
use super::parse;
use super::read::read_text;
use super::span::{FileId, Sources};
use std::path::Path;

/// A document that is not a contract.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The tree.
    pub root: Node,
    /// The text it was read from.
    pub sources: Sources,
}

/// Reads any file in YAML or JSON as a tree in which every value has its place. The caller has to check
/// the meaning of the values.
///
/// # Errors
/// When the file cannot be read, or the text is not YAML or JSON.
pub fn read_tree(path: &Path) -> Result<Tree, Diagnostics> {
    let (name, text) = read_text(path)?;
    read_tree_str(&name, &text)
}

/// As [`read_tree`], from a text. `name` is what diagnostics call it; a name that ends with `.json` is
/// read as JSON.
///
/// # Errors
/// When the text is not YAML or JSON.
pub fn read_tree_str(name: &str, text: &str) -> Result<Tree, Diagnostics> {
    let sources = Sources::single(name, text);
    let mut found = Vec::new();
    let parsed = parse::parse(FileId::default(), name, text, &mut found);
    let root = parsed.map_err(|error| found.push(*error));
    let diagnostics = Diagnostics {
        items: found.into_iter().map(of_any_document).collect(),
        sources: sources.clone(),
    };
    diagnostics.into_result()?;
    let root = root.expect("without a tree there is an error, and it was returned");
    Ok(Tree { root, sources })
}

/// The same, without words that apply only to contracts.
fn of_any_document(mut found: Diagnostic) -> Diagnostic {
    let help = match found.code {
        "read::empty" => None,
        "read::alias" => Some("write out what the alias stands for"),
        "read::too-deep" => Some("write it with fewer levels"),
        "read::too-long" => Some("split it into several files"),
        "read::several-documents" => {
            "a file has one document".clone_into(&mut found.label);
            return found;
        }
        _ => return found,
    };
    found.help = help.map(str::to_owned);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_any_document_fits_one_that_is_no_contract() {
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        for text in [
            "",
            "# nothing\n",
            "steps: &a [*a]\n",
            "a: !own 1\n",
            "a: 1\n---\nb: 2\n",
            &deep,
        ] {
            let said = read_tree_str("a.yaml", text).unwrap_err().to_string();
            for word in ["contract", "openapi", "$ref", "schema", "components"] {
                assert!(!said.contains(word), "{word}: {said}");
            }
        }
    }

    #[test]
    fn any_tree_is_read_with_its_places() {
        let tree = read_tree_str("a.yaml", "steps:\n  - name: one\n    cards: 2\n").unwrap();
        let json = serde_json::json!({"steps": [{"name": "one", "cards": 2}]});
        assert_eq!(tree.root.to_json(), json);
        let place = crate::Places::new(&tree.root, &tree.sources).of("/steps/0/cards");
        assert_eq!((place.line, place.column), (3, 12));
        let error = read_tree_str("a.yaml", "steps: [1")
            .unwrap_err()
            .to_string();
        assert!(error.contains("a.yaml:"), "{error}");
    }
}
