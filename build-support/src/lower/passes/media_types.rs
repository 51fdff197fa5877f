//! Gives bodies without a schema one: bytes, or for JSON any value.

use crate::lower::Context;
use crate::lower::walk::{self, Kind};
use crate::read::Node;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, Kind::Root, &mut |kind, node| {
        if !matches!(kind, Kind::Body | Kind::Response) {
            return;
        }
        let content = node.get_mut("content").and_then(Node::as_object_mut);
        for member in content.into_iter().flatten() {
            schema(&mut member.value, &member.key);
            if let Some(encoding) = member.value.remove("encoding") {
                let message = "`encoding` is not followed: parts are sent as their schema says";
                context.warn("lower::not-generated", message, encoding.span);
            }
        }
    });
}

fn schema(media: &mut Node, name: &str) {
    let empty = media
        .get("schema")
        .is_none_or(|schema| schema.members().is_empty());
    if empty && media.as_object().is_some() {
        let span = media.span;
        let mut schema = Node::object(span);
        if !is_json(name) {
            let format = if name.starts_with("text/") {
                None
            } else {
                Some("binary")
            };
            schema.insert("type", Node::string("string", span));
            format.map(|format| schema.insert("format", Node::string(format, span)));
        }
        media.insert("schema", schema);
    }
}

/// Whether a media type is JSON: `application/json`, `application/problem+json`, …
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") || essence == "*/*"
}
