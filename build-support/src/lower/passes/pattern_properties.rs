//! Turns `patternProperties` into `additionalProperties`: the values keep their type, the keys'
//! pattern is not enforced.

use crate::lower::{Context, walk};
use crate::read::{Node, Value};

/// Runs the pass. Several patterns, or other additional properties beside one, become a map of any
/// value unless all of them have one schema.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        let Some(patterns) = schema.remove("patternProperties") else {
            return;
        };
        let message = "`patternProperties` is not enforced: properties of any name are accepted";
        context.warn("lower::not-enforced", message, patterns.span);
        let rest = schema
            .get("additionalProperties")
            .filter(|rest| rest.as_bool() != Some(false));
        let mut kinds = patterns
            .members()
            .iter()
            .map(|member| &member.value)
            .chain(rest);
        let first = kinds.next().cloned();
        let same = kinds.all(|kind| Some(kind) == first.as_ref());
        let any = Node::new(Value::Object(Vec::new()), patterns.span);
        let values = first.filter(|_| same).unwrap_or(any);
        schema.insert("additionalProperties", values);
    });
}
