//! References to a component of another kind: the schema of a response where a schema is due, and a
//! response with a schema where a response is.

use super::{Change, Edit};
use crate::diagnostics::Diagnostic;
use crate::grammar::Kind;
use crate::node::Node;
use crate::pointer;
use crate::walk::{Reference, Walk};
use std::collections::HashMap;

pub(super) fn edits(walk: &Walk<'_>, root: &Node) -> Vec<Edit> {
    let places = walk.places.iter();
    let kinds: HashMap<&str, Kind> = places
        .map(|place| (place.pointer.as_str(), place.kind))
        .collect();
    let references = walk.references.iter();
    let written = references.filter(|reference| !reference.mapping);
    let edit = |reference: &Reference<'_>| {
        let at = pointer::of_reference(reference.target)?;
        edit(reference, &at, *kinds.get(at.as_ref())?, root)
    };
    written.filter_map(edit).collect()
}

/// What is done with a reference to what has a kind.
fn edit(reference: &Reference<'_>, at: &str, kind: Kind, root: &Node) -> Option<Edit> {
    let (change, meant) = match (reference.kind, kind) {
        (Kind::Schema, Kind::Response | Kind::RequestBody | Kind::Parameter | Kind::Header) => {
            let (pointer, meant) = schema_of(at, root.pointer(at)?)?;
            (Change::Target(format!("#{pointer}")), meant)
        }
        (Kind::Response | Kind::RequestBody | Kind::Header, Kind::Schema) => {
            let object = holder(reference);
            (Change::Object(object), "read as one that has this schema")
        }
        _ => return None,
    };
    let (target, actual, wanted) = (reference.target, kind.noun(), reference.kind.noun());
    let message = format!("`{target}` leads to {actual}, where {wanted} is due");
    let warning = Diagnostic::warning("read::other-kind", message, reference.span);
    Some(Edit {
        pointer: reference.pointer.clone(),
        change,
        warning: warning.with_label(meant),
    })
}

/// The one schema that a response, a body, a parameter or a header has.
fn schema_of(at: &str, object: &Node) -> Option<(String, &'static str)> {
    if object.contains_key("schema") {
        return Some((format!("{at}/schema"), "read as its schema"));
    }
    let contents = object.members_of("content").iter();
    let mut contents = contents.filter(|member| member.value.contains_key("schema"));
    let media_type = pointer::escape(&contents.next()?.key);
    let path = format!("{at}/content/{media_type}/schema");
    Some((path, "read as the schema of its content"))
}

/// What is due, with the schema that stands in its place.
fn holder(reference: &Reference<'_>) -> Node {
    let span = reference.span;
    let mut schema = Node::object(span);
    schema.insert("$ref", Node::string(reference.target, span));
    let mut of_schema = Node::object(span);
    of_schema.insert("schema", schema);
    if reference.kind == Kind::Header {
        return of_schema;
    }
    let mut content = Node::object(span);
    content.insert("application/json", of_schema);
    let mut holder = Node::object(span);
    if reference.kind == Kind::Response {
        holder.insert("description", Node::string("", span));
    }
    holder.insert("content", content);
    holder
}
