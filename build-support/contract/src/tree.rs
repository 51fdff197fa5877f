//! What building a tree from YAML and from JSON has in common: limits and unique keys.

use super::node::{Member, Node, Value};
use super::scalar::Plain;
use super::span::Span;
use crate::diagnostics::{Diagnostic, NUMBER};

/// How deep values may stand inside one another. Deeper ones are rejected, so that no walk of a
/// tree can exhaust the stack.
pub(super) const MAX_DEPTH: usize = 100;

/// A value that stands deeper than [`MAX_DEPTH`].
pub(super) fn too_deep(span: Span) -> Box<Diagnostic> {
    let message = format!("values stand more than {MAX_DEPTH} levels inside one another");
    let error = Diagnostic::error("read::too-deep", message, span)
        .with_label("too deep here")
        .with_help("name the inner parts under `components` and point to them with `$ref`");
    Box::new(error)
}

/// Keeps the first member of each key and reports the others.
pub(super) fn unique(members: &mut Vec<Member>, found: &mut Vec<Diagnostic>) {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|&a, &b| (&members[a].key, a).cmp(&(&members[b].key, b)));
    let mut repeated = Vec::new();
    let mut first: Option<usize> = None;
    for at in order {
        match first {
            Some(one) if members[at].key == members[one].key => {
                found.push(duplicate(&members[at], &members[one]));
                repeated.push(at);
            }
            _ => first = Some(at),
        }
    }
    repeated.sort_unstable();
    for at in repeated.into_iter().rev() {
        members.remove(at);
    }
}

fn duplicate(again: &Member, first: &Member) -> Diagnostic {
    let message = format!("the key `{}` stands twice in one object", again.key);
    Diagnostic::error("read::duplicate-key", message, again.key_span)
        .with_label("again here")
        .with_related(first.key_span, "first here")
        .with_help("keep one of the two, or rename one")
}

/// The value of an unquoted scalar; what cannot be held is reported.
pub(super) fn plain_value(
    plain: Plain,
    text: &str,
    span: Span,
    found: &mut Vec<Diagnostic>,
) -> Value {
    match plain {
        Plain::Value(value) => value,
        Plain::Inexact(nearest) => {
            let message = format!("the number {text} is not held exactly, but as {nearest}");
            found.push(
                Diagnostic::warning("read::inexact-number", message, span)
                    .with_help("write it in quotes where its exact digits matter"),
            );
            Value::Number(nearest)
        }
        Plain::NotInJson => {
            found.push(
                Diagnostic::error(NUMBER, not_in_json(text), span)
                    .with_help("write a smaller number, or quote it to make it a string"),
            );
            Value::Null
        }
    }
}

/// Why a text is not a number of JSON. `.inf` and `.nan`, which YAML has, are not decimal numbers.
fn not_in_json(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(infinite) if infinite > 0.0 => format!("the number {text} is greater than any double"),
        Ok(_) => format!("the number {text} is less than any double"),
        Err(_) => format!("JSON has no number {text}"),
    }
}

/// How many values a node holds, itself included, and how many levels.
pub(super) fn size_and_depth(node: &Node) -> (usize, usize) {
    let fold = |(size, depth): (usize, usize), inner: &Node| {
        let (inner_size, inner_depth) = size_and_depth(inner);
        (size + inner_size, depth.max(inner_depth + 1))
    };
    match &node.value {
        Value::Array(items) => items.iter().fold((1, 1), fold),
        Value::Object(members) => members.iter().map(|m| &m.value).fold((1, 1), fold),
        _ => (1, 1),
    }
}
