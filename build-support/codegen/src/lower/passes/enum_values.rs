//! Looks at the values of `enum`: one that is listed twice counts once, a list without any is taken
//! out, and a list of anything but strings stays with the schema.

use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        if schema
            .get("enum")
            .is_some_and(|values| values.items().is_empty())
        {
            // It was reported when the contract was read.
            schema.remove("enum");
        }
        let Some(values) = schema.get_mut("enum").and_then(Node::as_array_mut) else {
            return;
        };
        let mut distinct: Vec<Node> = Vec::new();
        for value in values.drain(..) {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        *values = distinct;
        let is_other = |value: &&Node| value.as_str().is_none() && !value.is_null();
        let other = values.iter().find(is_other);
        if let Some(span) = other.map(|value| value.span) {
            let message = "values that are not strings are listed: the type holds any such value, and \
                           only a server checks the list";
            context.warn("lower::enum-of-numbers", message, span);
        }
    });
}
