//! Moves what `allOf` members merely say outwards: `allOf: [{$ref}, {description}]` is a reference
//! with a description.

use crate::lower::shape::is_annotation;
use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass. What the schema says itself counts more.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::schemas_mut(root, &mut hoist);
}

fn hoist(schema: &mut Node) {
    let Some(members) = schema.get_mut("allOf").and_then(Node::as_array_mut) else {
        return;
    };
    let idle = |node: &Node| {
        node.members()
            .iter()
            .all(|member| is_annotation(&member.key))
    };
    let (idle, rest): (Vec<Node>, Vec<Node>) = members.drain(..).partition(idle);
    *members = rest;
    let empty = members.is_empty();
    for member in idle.iter().flat_map(Node::members) {
        if !schema.contains_key(&member.key) {
            schema.insert(member.key.clone(), member.value.clone());
        }
    }
    if empty {
        schema.remove("allOf");
    }
}
