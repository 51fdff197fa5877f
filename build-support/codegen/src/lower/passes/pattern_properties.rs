//! Turns `patternProperties` into `additionalProperties`: the values keep their type, the keys'
//! pattern is not enforced.

use crate::lower::{context::Context, walk};
use contract::{Members, Node, Value};

/// Runs the pass. Several patterns, or properties beside a pattern, become a map of any value
/// unless all of them have one schema.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    walk::schemas_mut(root, &mut |schema| {
        let Some(patterns) = schema.remove("patternProperties") else {
            return;
        };
        let any = Node::new(Value::Object(Members::default()), patterns.span);
        let values = common(schema, &patterns);
        let lost = if values.is_some() {
            ""
        } else {
            " and with any value"
        };
        let message = format!(
            "`patternProperties` is not enforced: properties of any name{lost} are accepted"
        );
        context.warn("lower::not-enforced", message, patterns.span);
        schema.insert("additionalProperties", values.unwrap_or(any));
    });
}

/// The one schema that the values of every property without a name of its own have. Where nothing
/// is said about properties outside the patterns, they may have any value.
fn common(schema: &Node, patterns: &Node) -> Option<Node> {
    let rest = schema.get("additionalProperties")?;
    let rest = Some(rest).filter(|rest| rest.as_bool() != Some(false));
    let mut kinds = patterns
        .members()
        .iter()
        .map(|member| &member.value)
        .chain(rest);
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then(|| first.clone())
}
