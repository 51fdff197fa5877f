//! Turns `patternProperties` into `additionalProperties`: the values keep their type. The types take keys
//! of any pattern; a server checks what belongs to a pattern, and the keys where no others are allowed.

use super::patterns::Known;
use crate::lower::extensions::PATTERNS;
use crate::lower::{checked, context::Context, walk};
use contract::{Members, Node, Value};

/// Runs the pass. Several patterns, or properties beside a pattern, become a map of any value
/// unless all of them have one schema.
pub fn run(root: &mut Node, context: &mut Context<'_>) {
    let mut known = Known::default();
    walk::schemas_mut(root, &mut |schema| {
        let kept = checked::is_kept(schema, "patternProperties");
        let Some(patterns) = schema.remove("patternProperties") else {
            return;
        };
        let closed = schema.get("additionalProperties").and_then(Node::as_bool) == Some(false);
        let names = (closed && known.all_are_valid(&patterns)).then(|| names(&patterns));
        let any = Node::new(Value::Object(Members::default()), patterns.span);
        let values = common(schema, &patterns);
        let lost = if values.is_some() {
            ""
        } else {
            " and with any value"
        };
        if names.is_none() {
            let who = match kept {
                true => "checked by servers alone: elsewhere",
                false => "not enforced:",
            };
            let message =
                format!("`patternProperties` is {who} properties of any name{lost} are accepted");
            context.warn("lower::not-enforced", message, patterns.span);
        } else if values.is_none() {
            let message = match kept {
                true => {
                    "`patternProperties` is checked by servers alone: elsewhere properties with any \
                         value are accepted"
                }
                false => {
                    "`patternProperties` is enforced by its names alone: properties with any value \
                          are accepted"
                }
            };
            context.warn("lower::pattern-values", message, patterns.span);
        }
        if let Some(names) = names {
            schema.insert(PATTERNS, names);
        }
        schema.insert("additionalProperties", values.unwrap_or(any));
    });
}

/// The patterns themselves.
fn names(patterns: &Node) -> Node {
    let all = patterns.members().iter();
    let all = all.map(|member| Node::string(member.key.as_str(), member.key_span));
    Node::array(all.collect(), patterns.span)
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
