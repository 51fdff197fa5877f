//! Writes `const` as an `enum` of one value.

use crate::lower::{context::Context, walk};
use contract::Node;

/// Runs the pass. `const: null` is a type, which the pass for null looks at.
pub fn run(root: &mut Node, _: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        let Some(value) = schema.remove("const") else {
            return;
        };
        let span = value.span;
        if value.is_null() {
            schema.insert("type", Node::string("null", span));
        } else {
            schema.insert("enum", Node::array(vec![value], span));
        }
    });
}
