//! Takes null out of the types where `enum` does not list it, and out of `enum` where the types do not have
//! it: `type: [string, "null"], enum: [a]` and `type: string, enum: [a, null]` become `type: string, enum:
//! [a]`.

use crate::lower::shape::is_nullable;
use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass. A value has to be among the types and in the list, and `nullable` of 3.0 is only one
/// more type: the clarification in OpenAPI 3.0.3 (proposal 003) says that `enum` has to list null too.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        let values = schema.items_of("enum");
        match values.iter().any(Node::is_null) {
            _ if values.is_empty() => {}
            true => out_of_values(schema, context),
            false => out_of_types(schema, context),
        }
    });
}

/// A list of null alone stays: without it there would be no value at all.
fn out_of_values(schema: &mut Node, context: &mut Context<'_>) {
    let has_null = |types: &Node| {
        let is_null = |one: &Node| one.as_str() == Some("null");
        is_null(types) || types.items().iter().any(is_null)
    };
    let forbids = schema.get("type").is_some_and(|types| !has_null(types));
    if !forbids || is_nullable(schema) || schema.items_of("enum").iter().all(Node::is_null) {
        return;
    }
    let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
        return;
    };
    let null = values.iter().find(|value| value.is_null());
    if let Some(span) = null.map(|null| null.span) {
        let message = "null is among the values of `enum` and not among the types, so it is not taken; \
                       add it to the types if it should be";
        context.warn("lower::null-not-typed", message, span);
    }
    values.retain(|value| !value.is_null());
}

fn out_of_types(schema: &mut Node, context: &mut Context<'_>) {
    let mut said = None;
    if let Some(types) = schema.get_mut("type").and_then(Node::as_array_mut) {
        let null = types.iter().position(|one| one.as_str() == Some("null"));
        said = null
            .filter(|_| types.len() > 1)
            .map(|at| types.remove(at).span);
    }
    // Beside no type, people say by `nullable` what they mean of the whole.
    if schema.contains_key("type") && is_nullable(schema) {
        said = schema.remove("nullable").map(|flag| flag.span);
    }
    if let Some(span) = said {
        let message = "null is not among the values of `enum`, so it is not taken; list it there \
                       if it should be";
        context.warn("lower::null-not-listed", message, span);
    }
}
