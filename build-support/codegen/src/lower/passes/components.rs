//! Puts parameters, headers, bodies, responses, path items, callbacks and examples where they are
//! used, so that a `$ref` is left only among schemas.

use crate::lower::context::Context;
use crate::lower::shape::reference;
use crate::lower::walk;
use contract::Node;
use contract::vocabulary::ObjectKind;

const INLINED: [&str; 8] = [
    "parameters",
    "headers",
    "requestBodies",
    "responses",
    "pathItems",
    "callbacks",
    "examples",
    "links",
];

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let all = root.clone();
    // What is put in may itself hold references, so each round goes one level deeper. A contract
    // whose path items call themselves back would never end; 16 levels are enough for others.
    for _ in 0..16 {
        if !round(root, &all) {
            break;
        }
    }
    walk::visit(root, ObjectKind::Document, &mut |kind, node| {
        if kind != ObjectKind::Schema && reference(node).is_some() {
            let message = "a reference that contains itself without a schema between";
            context.error("lower::endless-ref", message, node.span);
        }
    });
    if let Some(components) = root.get_mut("components") {
        INLINED
            .iter()
            .for_each(|section| drop(components.remove(section)));
    }
}

fn round(root: &mut Node, all: &Node) -> bool {
    let mut changed = false;
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| {
        if kind != ObjectKind::Schema
            && let Some(target) = reference(node).and_then(|target| all.pointer(target.get(1..)?))
        {
            *node = overlaid(target.clone(), node);
            changed = true;
        }
    });
    changed
}

/// The target with what stands beside the reference: descriptions, and a path item's operations.
fn overlaid(mut target: Node, beside: &Node) -> Node {
    for member in beside
        .members()
        .iter()
        .filter(|member| member.key != "$ref")
    {
        target.insert(member.key.clone(), member.value.clone());
    }
    target
}
