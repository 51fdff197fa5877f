//! Leaves each body the one media type that is generated, and gives it a schema where it has none:
//! bytes, or for JSON any value.

use crate::lower::context::Context;
use crate::lower::walk;
use contract::Node;
use contract::vocabulary::ObjectKind;

/// Runs the pass. JSON comes before a form, then text, then bytes.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        if matches!(kind, ObjectKind::RequestBody | ObjectKind::Response) {
            choose(node, context);
        }
    });
}

fn choose(holder: &mut Node, context: &mut Context<'_>) {
    let Some(content) = holder.get_mut("content").and_then(Node::as_object_mut) else {
        return;
    };
    let Some(chosen) = content.iter().min_by_key(|member| rank(&member.key)) else {
        return;
    };
    let chosen = chosen.key.clone();
    content.retain_mut(|member| {
        let kept = member.key == chosen;
        if !kept {
            let message = format!("`{}` is not generated: `{chosen}` is", member.key);
            context.warn("lower::media-type", message, member.key_span);
        } else if chosen.starts_with("multipart/") {
            let message = format!("`{chosen}` is sent and read as bytes, parts and all");
            context.warn("lower::media-type", message, member.key_span);
        }
        schema(&mut member.value, &member.key);
        kept
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
            schema.insert("type", Node::string("string", span));
        }
        if rank(name) == BYTES {
            schema.insert("format", Node::string("binary", span));
        }
        media.insert("schema", schema);
    }
}

const BYTES: u8 = 3;

/// How much a media type is preferred: 0 JSON, 1 a form, 2 text, 3 bytes.
#[must_use]
pub fn rank(media_type: &str) -> u8 {
    if is_json(media_type) {
        return 0;
    }
    match essence(media_type).as_str() {
        "application/x-www-form-urlencoded" => 1,
        text if text.starts_with("text/") => 2,
        _ => BYTES,
    }
}

/// Whether a media type is JSON: `application/json`, `application/problem+json`, …
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence.ends_with("+json") || essence == "*/*"
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}
