//! Takes null out of the types where `enum` does not list it: `type: [string, "null"], enum: [a]` becomes
//! `type: [string], enum: [a]`.

use crate::lower::shape::is_nullable;
use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass. The list of values forbids what it does not hold, and `nullable` of 3.0 is only one
/// more type: the clarification in OpenAPI 3.0.3 (proposal 003) says that `enum` has to list null too.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| exclude(schema, context));
}

fn exclude(schema: &mut Node, context: &mut Context<'_>) {
    let values = schema.items_of("enum");
    if values.is_empty() || values.iter().any(Node::is_null) {
        return;
    }
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
