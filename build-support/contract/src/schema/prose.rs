//! A schema as it is written, without what only people read.

use crate::node::Node;
use crate::vocabulary::{self, Holds};
use serde_json::Value;

/// A schema as JSON, without prose, examples and extensions in it and in the schemas it holds. What
/// depends on the result changes with the contract's meaning and not with its words.
#[must_use]
pub fn without_prose(schema: &Node) -> Value {
    if schema.as_object().is_none() {
        return schema.to_json();
    }
    let members = schema.members().iter();
    let kept = members.filter(|member| !vocabulary::is_prose(&member.key));
    kept.map(|member| (member.key.clone(), part(&member.key, &member.value)))
        .collect()
}

/// What a keyword holds: a schema, schemas in a list or by name, or a plain value.
fn part(key: &str, value: &Node) -> Value {
    match vocabulary::holds(key) {
        Some(Holds::Named) if value.as_object().is_some() => {
            let schemas = value.members().iter();
            schemas
                .map(|member| (member.key.clone(), without_prose(&member.value)))
                .collect()
        }
        Some(Holds::List) if value.as_array().is_some() => {
            value.items().iter().map(without_prose).collect()
        }
        Some(Holds::One) => without_prose(value),
        _ => value.to_json(),
    }
}
