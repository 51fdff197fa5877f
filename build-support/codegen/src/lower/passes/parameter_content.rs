//! Writes what a parameter or a header says by `content` as a schema, and how its text is read.

use super::media_types::{TEXT, rank};
use crate::lower::context::Context;
use crate::lower::extensions::JSON_TEXT;
use crate::lower::walk;
use contract::Node;
use contract::vocabulary::ObjectKind;

/// Runs the pass. OpenAPI allows one media type; of several the best known one is taken.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        if matches!(kind, ObjectKind::Header | ObjectKind::Parameter) {
            described(node, context);
        }
    });
}

fn described(node: &mut Node, context: &mut Context<'_>) {
    let Some(content) = node.remove("content") else {
        return;
    };
    let all = content.members().iter();
    let Some(media_type) = all.min_by_key(|member| rank(&member.key)) else {
        return;
    };
    let span = media_type.key_span;
    let schema = media_type.value.get("schema").cloned();
    match rank(&media_type.key) {
        0 => {
            node.insert("schema", schema.unwrap_or_else(|| Node::object(span)));
            node.insert(JSON_TEXT, Node::bool(true, span));
        }
        rank => {
            if rank != TEXT {
                let message = format!(
                    "a parameter of type `{}` is sent and read as text",
                    media_type.key
                );
                context.warn("lower::parameter-content", message, span);
            }
            let mut text = Node::object(span);
            text.insert("type", Node::string("string", span));
            node.insert("schema", schema.unwrap_or(text));
        }
    }
}
