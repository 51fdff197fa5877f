//! Marks request bodies as required where the contract does not say so: a body whose schema
//! requires properties in each of its media types cannot be left out.

use crate::lower::shape::resolve;
use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass. An explicit `required: false` stands.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    let all = root.clone();
    walk::operations_mut(root, &mut |_, _, _, operation| {
        let Some(body) = operation.get_mut("requestBody") else {
            return;
        };
        if !body.contains_key("required") && demands(body, &all) {
            let span = body.span;
            body.insert("required", Node::bool(true, span));
        }
    });
}

fn demands(body: &Node, all: &Node) -> bool {
    let content = body.members_of("content");
    let mut schemas = content
        .iter()
        .map(|media| resolve(all, media.value.get("schema")?));
    let required = |schema: &Node| {
        schema
            .get("required")
            .is_some_and(|names| !names.items().is_empty())
    };
    let choice = |schema: &Node| crate::lower::shape::union(schema).is_some();
    let demanding = |schema: &Node| required(schema) || choice(schema);
    !content.is_empty() && schemas.all(|schema| schema.is_some_and(demanding))
}
