//! Reading for a comparison: whatever leaves a tree is enough.

use super::folder::{Directory, Folder, FolderError, NoFolder};
use super::node::{Node, Value};
use super::read::{Document, digest, read_text};
use super::span::{FileId, Sources, Span};
use super::version::{self, SpecVersion};
use super::{bundle, check, meant, parse};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use std::collections::BTreeSet;
use std::path::Path;

/// Reads a contract, with the files of its folder and beside it that it refers to, and minds only what leaves no
/// tree to look at. What is wrong otherwise stands among the document's warnings.
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

/// Puts values that can be anything in the place of references that lead nowhere, and gives the warnings
/// of what was done; nothing where no reference does. `found` is what [`faults`] says of the document.
pub fn complete(document: &mut Document, found: &Diagnostics) -> Vec<Diagnostic> {
    let dangling = found.items.iter().filter(|item| item.code == DANGLING);
    let mut warnings: Vec<Diagnostic> = dangling.cloned().collect();
    let places: BTreeSet<Span> = warnings.iter().filter_map(|item| item.span).collect();
    if !places.is_empty() {
        empty(&mut document.root, &places);
    }
    for warning in &mut warnings {
        warning.severity = Severity::Warning;
        let done = "; taken as any value, or left out where it is one of a mapping";
        warning.message.push_str(done);
    }
    warnings
}

/// The code of a reference that leads nowhere.
pub const DANGLING: &str = "read::dangling-ref";

/// Empties the objects whose `$ref` stands at one of the places, and takes the texts that stand at one
/// out of discriminators' mappings. A description alone is a schema and a response alike.
fn empty(node: &mut Node, places: &BTreeSet<Span>) {
    let target = node.get("$ref").map(|target| target.span);
    if target.is_some_and(|span| places.contains(&span)) {
        let span = node.span;
        *node = Node::object(span);
        node.insert("description", Node::string("", span));
        return;
    }
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| empty(item, places)),
        Value::Object(members) => {
            let leads_nowhere =
                |value: &Node| value.as_str().is_some() && places.contains(&value.span);
            members.retain(|member| !leads_nowhere(&member.value));
            let members = members.iter_mut();
            members.for_each(|member| empty(&mut member.value, places));
        }
        _ => {}
    }
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
