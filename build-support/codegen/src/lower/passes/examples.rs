//! Keeps one example where OpenAPI 3.0 has a place for it, and all of them in an extension for the
//! documentation.

use crate::lower::context::Context;
use crate::lower::extensions::EXAMPLES;
use crate::lower::walk;
use contract::Node;
use contract::vocabulary::ObjectKind;

/// Runs the pass. Schemas list their examples; parameters and media types name theirs.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::visit_mut(root, ObjectKind::Document, &mut |kind, node| match kind {
        ObjectKind::Schema => schema(node),
        ObjectKind::Header | ObjectKind::MediaType | ObjectKind::Parameter => named(node),
        _ => {}
    });
}

fn schema(node: &mut Node) {
    if node.contains_key(EXAMPLES) {
        return;
    }
    let listed = node
        .get("examples")
        .is_some_and(|examples| examples.as_array().is_some());
    let listed = if listed {
        node.remove("examples")
    } else {
        None
    };
    keep(
        node,
        listed
            .map(|listed| listed.items().to_vec())
            .unwrap_or_default(),
    );
}

fn named(node: &mut Node) {
    if node.contains_key(EXAMPLES) {
        return;
    }
    let examples = node.remove("examples");
    let members = examples.as_ref().map(Node::members).unwrap_or_default();
    let values = members
        .iter()
        .filter_map(|member| member.value.get("value").cloned());
    keep(node, values.collect());
}

/// The lone example counts too, and comes first.
fn keep(node: &mut Node, mut all: Vec<Node>) {
    if let Some(own) = node.get("example").filter(|own| !all.contains(own)) {
        all.insert(0, own.clone());
    }
    let Some(first) = all.first() else { return };
    let span = first.span;
    node.insert("example", first.clone());
    node.insert(EXAMPLES, Node::array(all, span));
}
