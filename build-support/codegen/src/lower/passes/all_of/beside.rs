//! What restricts the values of one type beside a choice, as `{pattern: '^\d+$', anyOf: [{type: integer},
//! {type: string}]}`: each alternative of that type takes it over.

use crate::lower::context::Context;
use crate::lower::narrow::narrower_value;
use crate::lower::shape::{resolve, type_of, union};
use contract::{Member, Node, vocabulary};

/// The types whose values have keywords of their own that say nothing about properties.
const TYPES: [&str; 3] = ["string", "number", "array"];

/// Moves such keywords into the alternatives that are written in place. Those that are referred to stay
/// as they are, with a warning.
pub(super) fn distribute(schema: &mut Node, all: &Node, context: &mut Context<'_>) {
    let Some((word, _)) = union(schema) else {
        return;
    };
    if schema.contains_key("type") || schema.contains_key("allOf") {
        return;
    }
    for kind in TYPES {
        let own: Vec<Member> = keywords(schema, kind).cloned().collect();
        for member in &own {
            schema.remove(&member.key);
        }
        let alternatives = schema.get_mut(word).and_then(Node::as_array_mut);
        for alternative in alternatives.into_iter().flatten() {
            if is_of(alternative, kind, all) {
                own.iter()
                    .for_each(|member| narrow(alternative, member, word, context));
            }
        }
    }
}

fn keywords<'a>(schema: &'a Node, kind: &str) -> impl Iterator<Item = &'a Member> {
    let own: Vec<&str> = vocabulary::about(kind)
        .filter(|key| *key != "items")
        .collect();
    schema
        .members()
        .iter()
        .filter(move |member| own.contains(&member.key.as_str()))
}

/// Whether an alternative has values of a type.
fn is_of(alternative: &Node, kind: &str, all: &Node) -> bool {
    let target = resolve(all, alternative);
    let own = target.and_then(type_of);
    own == Some(kind) || (own == Some("integer") && kind == "number")
}

fn narrow(alternative: &mut Node, member: &Member, word: &str, context: &mut Context<'_>) {
    let narrowed = match alternative.get(&member.key) {
        _ if type_of(alternative).is_none() => None,
        Some(before) => narrower_value(before, member),
        None => Some(member.value.clone()),
    };
    match narrowed {
        Some(value) => drop(alternative.insert(member.key.clone(), value)),
        None => {
            let message = format!("`{}` beside `{word}` is not enforced", member.key);
            context.warn("lower::not-enforced", message, member.key_span);
        }
    }
}
