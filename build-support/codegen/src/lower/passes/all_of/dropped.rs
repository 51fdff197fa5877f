//! A choice beside `type`, where no value is an object: types take any value of the type, and servers check
//! the choice.

use crate::lower::shape::union;
use crate::lower::{checked, context::Context};
use contract::Node;

/// Takes the choice out. What tells alternatives apart that are referred to may not be enforced: a value
/// of one of them is enough then.
pub(super) fn choice(schema: &mut Node, context: &mut Context<'_>) {
    let Some((key, members)) = union(schema) else {
        return;
    };
    let span = members.first().map_or(schema.span, |member| member.span);
    let Some(choice) = schema.remove(key) else {
        return;
    };
    let kept = [key, "anyOf"].into_iter().any(|key| {
        let mut said = Node::object(choice.span);
        said.insert(key, choice.clone());
        checked::keep(schema, said)
    });
    let message = match kept {
        true => format!("`{key}` beside `type` is checked by servers alone"),
        false => format!("`{key}` beside `type` is not enforced"),
    };
    context.warn("lower::not-enforced", message, span);
}
