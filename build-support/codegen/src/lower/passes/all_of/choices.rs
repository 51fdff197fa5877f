//! A choice beside a type in `allOf`, as `[{oneOf: [{type: string}, {type: integer}]}, {type: string}]`:
//! what is of that type is left of the choice.

use super::{is_annotation, is_scalar_member, nothing_is_both};
use crate::lower::context::Context;
use crate::lower::extensions::IMPLIED_TYPE;
use crate::lower::shape::{resolve, union};
use contract::Node;

/// Keeps of each such choice the only alternative that fits. Where several do, the type alone is
/// kept.
pub(super) fn fit(schema: &mut Node, all: &Node, context: &mut Context<'_>) {
    let Some(kind) = kind_beside(schema, all).cloned() else {
        return;
    };
    let Some(members) = schema.get("allOf").map(Node::items) else {
        return;
    };
    let mut left = Vec::new();
    for member in members {
        match alternatives(member, all).map(|choice| fitting(choice, &kind, all)) {
            None => left.push(member.clone()),
            Some(Some(fits)) => match fits.as_slice() {
                [] => {
                    let kind = kind.as_str().unwrap_or_default();
                    let message = format!(
                        "`allOf` joins `{kind}` with a choice of other types: nothing is both; taken \
                         as `{kind}`"
                    );
                    context.warn("lower::no-values", message, member.span);
                }
                [only] => left.push((*only).clone()),
                [_, ..] => {
                    let message = "a choice beside `type` is not enforced";
                    context.warn("lower::not-enforced", message, member.span);
                }
            },
            Some(None) => return,
        }
    }
    let span = schema.span;
    schema.insert("allOf", Node::array(left, span));
}

/// The type that stands beside choices in `allOf`, where there is nothing but such types and
/// choices.
fn kind_beside<'a>(schema: &'a Node, all: &'a Node) -> Option<&'a Node> {
    let mut keys = schema.members().iter().map(|member| member.key.as_str());
    if !keys.all(|key| key == "allOf" || is_annotation(key)) {
        return None;
    }
    let members = schema.items_of("allOf").iter();
    let (choices, others): (Vec<_>, Vec<_>) =
        members.partition(|member| alternatives(member, all).is_some());
    if choices.is_empty() || !others.iter().all(|other| is_scalar_member(other, all)) {
        return None;
    }
    others.into_iter().find_map(|other| said_type(other, all))
}

fn said_type<'a>(schema: &'a Node, all: &'a Node) -> Option<&'a Node> {
    let schema = resolve(all, schema)?;
    let kind = schema.get("type")?;
    (!schema.contains_key(IMPLIED_TYPE)).then_some(kind)
}

/// The alternatives of a member that is a choice and nothing else.
fn alternatives<'a>(member: &'a Node, all: &'a Node) -> Option<&'a [Node]> {
    let schema = resolve(all, member)?;
    let (word, alternatives) = union(schema)?;
    let mut keys = schema.members().iter().map(|member| member.key.as_str());
    keys.all(|key| key == word || is_annotation(key))
        .then_some(alternatives)
}

/// The alternatives that have values of a type; `None` where one does not say its type.
fn fitting<'a>(alternatives: &'a [Node], kind: &Node, all: &Node) -> Option<Vec<&'a Node>> {
    let fits = |alternative| Some(nothing_is_both(said_type(alternative, all)?, kind).is_none());
    let mut left = Vec::new();
    for alternative in alternatives {
        if fits(alternative)? {
            left.push(alternative);
        }
    }
    Some(left)
}
