//! Reading for a comparison: only a document that gives no tree is an error.

use super::folder::{Directory, Folder, FolderError, NoFolder};
use super::node::{Node, Value};
use super::read::{Document, digest, read_text};
use super::span::{FileId, Sources, Span};
use super::version::{self, SpecVersion};
use super::{bundle, check, meant, parse};
use crate::diagnostics::{Diagnostic, Diagnostics, NUMBER, Severity};
use std::collections::BTreeSet;
use std::path::Path;

/// Reads a contract, with the files of its folder and beside it to which it refers. Only faults that leave
/// no tree are errors. Other faults are among the document's warnings.
///
/// # Errors
/// When the file cannot be read, is neither YAML nor JSON, or is not a valid OpenAPI 3.0 or 3.1.
pub fn read_file_tolerant(path: &Path) -> Result<Document, Diagnostics> {
    let (name, text) = read_text(path)?;
    read(&name, &text, &Directory::with_surroundings(path))
}

/// [`read_file_tolerant`] for a text; references to other files have no folder to lead into.
///
/// # Errors
/// When the text is neither YAML nor JSON, or is not a valid OpenAPI 3.0 or 3.1.
pub fn read_str_tolerant(name: &str, text: &str) -> Result<Document, Diagnostics> {
    read(name, text, &NoFolder)
}

/// [`read_str_tolerant`] for a text that has others beside it. `files` gives the text of one by its
/// path as seen from the folder of the first, or says why it cannot.
///
/// # Errors
/// As [`read_str_tolerant`].
pub fn read_beside_tolerant(
    name: &str,
    text: &str,
    files: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Document, Diagnostics> {
    read(name, text, &Beside { files })
}

/// Texts that are not files on disk.
struct Beside<'f> {
    files: &'f dyn Fn(&str) -> Result<String, String>,
}

impl Folder for Beside<'_> {
    fn text(&self, relative: &str) -> Result<String, FolderError> {
        (self.files)(relative).map_err(|reason| FolderError::Unreadable {
            name: relative.to_owned(),
            reason,
        })
    }

    fn display(&self, relative: &str) -> String {
        relative.to_owned()
    }

    fn is_open(&self) -> bool {
        true
    }
}

/// The code of a reference that leads nowhere.
pub const DANGLING: &str = "read::dangling-ref";

/// The code of references that lead in a circle.
const CIRCLE: &str = "read::ref-cycle";

/// The codes of references that cannot be followed: they lead nowhere, in a circle, to something of
/// another kind, or to another host.
pub const NOT_FOLLOWED: [&str; 4] = [
    DANGLING,
    CIRCLE,
    "read::wrong-reference",
    "read::remote-ref",
];

/// Puts values that can be anything in the place of references that cannot be followed, and gives the
/// warnings of what was done; nothing where all can. An alternative of a choice that is the choice
/// itself adds nothing, and is left out. `found` is what [`faults`] says of the document.
pub fn complete(document: &mut Document, found: &Diagnostics) -> Vec<Diagnostic> {
    let lost = found.items.iter();
    let lost = lost.filter(|item| NOT_FOLLOWED.contains(&item.code));
    let mut warnings: Vec<Diagnostic> = lost.cloned().collect();
    let at = |item: &Diagnostic| item.span;
    // A longer circle passes other alternatives, which belong to all on the way.
    let circles = warnings.iter();
    let circles = circles.filter(|item| item.code == CIRCLE && item.related.is_empty());
    let lost = Lost {
        circles: circles.filter_map(at).collect(),
        all: warnings.iter().filter_map(at).collect(),
    };
    if !lost.all.is_empty() {
        lost.empty(&mut document.root);
    }
    for warning in &mut warnings {
        warning.severity = Severity::Warning;
        let done = match warning.code {
            CIRCLE => "; taken as any value, or left out where it is an alternative",
            _ => "; taken as any value, or left out where it is one of a mapping",
        };
        warning.message.push_str(done);
    }
    warnings
}

/// The places of the texts of references that cannot be followed.
struct Lost {
    /// Those that lead straight back.
    circles: BTreeSet<Span>,
    all: BTreeSet<Span>,
}

impl Lost {
    /// Empties the objects with such a `$ref`, and takes such texts out of discriminators' mappings. A
    /// description alone is a schema and a response alike.
    fn empty(&self, node: &mut Node) {
        if is_at(node, &self.all) {
            let span = node.span;
            *node = Node::object(span);
            node.insert("description", Node::string("", span));
            return;
        }
        for choice in ["oneOf", "anyOf"] {
            let alternatives = node.get_mut(choice).and_then(Node::as_array_mut);
            if let Some(alternatives) = alternatives
                && !alternatives.iter().all(|one| is_at(one, &self.circles))
            {
                alternatives.retain(|one| !is_at(one, &self.circles));
            }
        }
        match &mut node.value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.empty(item)),
            Value::Object(members) => {
                let is_lost =
                    |value: &Node| value.as_str().is_some() && self.all.contains(&value.span);
                members.retain(|member| !is_lost(&member.value));
                let members = members.iter_mut();
                members.for_each(|member| self.empty(&mut member.value));
            }
            _ => {}
        }
    }
}

/// Whether the `$ref` of an object stands at one of some places.
fn is_at(node: &Node, places: &BTreeSet<Span>) -> bool {
    node.get("$ref")
        .is_some_and(|target| places.contains(&target.span))
}

/// What [`read_file`](super::read_file) would have rejected a tolerantly read document for.
pub fn faults(document: &Document) -> Diagnostics {
    let mut found = document.warnings.clone();
    let Document { root, version, .. } = document;
    check::run(root, *version, &document.sources, &mut found.items);
    found.sort();
    found
}

fn read(name: &str, text: &str, folder: &dyn Folder) -> Result<Document, Diagnostics> {
    let mut sources = Sources::single(name, text);
    let mut found = Vec::new();
    let parsed = parse::parse(FileId::default(), name, text, &mut found);
    let sound = parsed.and_then(|root| Ok((version_of(&root)?, root)));
    let (version, root) = match sound {
        Ok((version, root)) => {
            let root = bundle::bundle(root, version, folder, &mut sources, &mut found);
            (version, meant::write(root, version, &mut found))
        }
        Err(error) => return Err(Diagnostics::one(*error, sources)),
    };
    for item in &mut found {
        item.severity = Severity::Warning;
        if item.code == NUMBER {
            item.message.push_str("; left out");
        }
    }
    let mut warnings = Diagnostics {
        items: found,
        sources: sources.clone(),
    };
    warnings.sort();
    Ok(Document {
        root,
        sha256: digest(&sources),
        sources,
        version,
        path: name.to_owned(),
        warnings,
    })
}

/// The version where it is one we know. A fragment that names none, or one still to come, is read
/// as 3.1, which knows the most.
fn version_of(root: &Node) -> Result<SpecVersion, Box<Diagnostic>> {
    version::of(root).or_else(|error| {
        let openapi = root.get("openapi");
        let text = openapi.map(|node| match &node.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        });
        match text.as_deref() {
            Some(text) if text.starts_with("3.0") || text == "3" => Ok(SpecVersion::V3_0),
            Some(text) if text.starts_with('3') => Ok(SpecVersion::V3_1),
            None if is_fragment(root) => Ok(SpecVersion::V3_1),
            _ => Err(error),
        }
    })
}

fn is_fragment(root: &Node) -> bool {
    let fields = ["paths", "components", "webhooks", "info"];
    !root.contains_key("swagger") && fields.iter().any(|field| root.contains_key(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_beyond_every_double_is_reported_once() {
        let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n\
                    components: {schemas: {A: {maximum: 1e400}, B: {minimum: -1e400}}}";
        let document = read_str_tolerant("a.yaml", text).unwrap();
        let found = faults(&document);
        let found: Vec<_> = found
            .items
            .iter()
            .map(|item| item.message.as_str())
            .collect();
        assert_eq!(
            found,
            [
                "the number 1e400 is greater than any double; left out",
                "the number -1e400 is less than any double; left out"
            ]
        );
    }

    #[test]
    fn whatever_leaves_a_tree_is_read() {
        let table = [
            ("openapi: 3.0\npaths: {}", Some(SpecVersion::V3_0)),
            ("openapi: 3.2.0\npaths: {}", Some(SpecVersion::V3_1)),
            ("paths: {/a: {get: {}}}", Some(SpecVersion::V3_1)),
            (
                "openapi: 3.1.0\npaths: {/a: {$ref: '#/nowhere'}}",
                Some(SpecVersion::V3_1),
            ),
            ("swagger: '2.0'\npaths: {}", None),
            ("just: text", None),
            ("[1, 2]", None),
            ("a: [", None),
        ];
        for (text, expected) in table {
            let read = read_str_tolerant("a.yaml", text).map(|document| document.version);
            assert_eq!(read.ok(), expected, "for {text:?}");
        }
    }
}
