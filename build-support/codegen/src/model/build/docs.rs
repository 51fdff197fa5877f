//! Prose, as it stands beside what it describes.

use crate::lower::extensions::EXAMPLES;
use crate::lower::shape::{component, component_of, reference, referred};
use crate::model::Docs;
use contract::Node;

/// Prose of a schema: its own.
pub(super) fn of_schema(schema: &Node) -> Docs {
    Docs {
        summary: text(schema, "title"),
        description: text(schema, "description"),
        examples: examples(schema),
        deprecated: flag(schema, "deprecated"),
    }
}

/// Prose of a use of a schema: what stands beside the reference, else what the schema says.
pub(super) fn of_use(root: &Node, node: &Node) -> Docs {
    let mut docs = of_schema(node);
    let mut at = node;
    for _ in 0..64 {
        let Some(target) = referred(at).and_then(|name| component(root, name)) else {
            break;
        };
        docs.description = docs.description.or_else(|| text(target, "description"));
        if docs.examples.is_empty() {
            docs.examples = examples(target);
        }
        at = target;
    }
    docs
}

/// Prose of an operation.
pub(super) fn of_operation(node: &Node) -> Docs {
    Docs {
        summary: text(node, "summary"),
        ..of_schema(node)
    }
}

/// Every example beside a parameter or in a schema.
fn examples(node: &Node) -> Vec<serde_json::Value> {
    match node.get(EXAMPLES) {
        Some(all) => all.items().iter().map(Node::to_json).collect(),
        None => node.get("example").map(Node::to_json).into_iter().collect(),
    }
}

/// A string member.
pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    let text = node.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A boolean member, false where it is missing.
pub(super) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::as_bool).unwrap_or(false)
}

/// A flag of a use of a schema: it stands beside the reference, or what that leads to has it.
pub(super) fn flag_of_use(root: &Node, schema: &Node, key: &str) -> bool {
    // References in a circle lead no deeper than this.
    flag_within(root, schema, key, 16)
}

fn flag_within(root: &Node, schema: &Node, key: &str, depth: usize) -> bool {
    if flag(schema, key) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    let target = reference(schema).and_then(component_of);
    let target = target.and_then(|name| component(root, name));
    let mut behind = schema.items_of("allOf").iter().chain(target);
    behind.any(|part| flag_within(root, part, key, depth))
}
