//! A `oneOf` for which it counts less that a value fits several of its members.

use super::converted::Converted;
use contract::Node;
use contract::vocabulary::{self, Holds};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What a `oneOf` does with a value that fits several of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Several {
    /// It rejects the value, as JSON Schema has it.
    Rejected,
    /// It rejects the value where at least two of those members speak of it. Any object fits an open
    /// one, and that is not what people mean. Where a discriminator names the members, it accepts it.
    RejectedIfMeant,
    /// It accepts the value.
    Accepted,
}

/// Writes every `oneOf` of a schema anew. `node`: where the schema comes from.
pub(super) fn relax(
    converted: &mut Converted,
    several: Several,
    schema: Value,
    node: Option<&Node>,
) -> Value {
    let Value::Object(members) = schema else {
        return schema;
    };
    let mut found = Map::new();
    for (key, value) in members {
        let inner = node.and_then(|node| node.get(&key));
        let value = match (vocabulary::holds(&key), value) {
            (Some(Holds::One), value) => relax(converted, several, value, inner),
            (Some(Holds::List), Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                let relaxed = items.map(|(at, item)| {
                    let node = inner.and_then(|node| node.items().get(at));
                    relax(converted, several, item, node)
                });
                relaxed.collect()
            }
            (Some(Holds::Named), Value::Object(named)) => {
                let relaxed = named.into_iter().map(|(name, item)| {
                    let node = inner.and_then(|node| node.get(&name));
                    (name, relax(converted, several, item, node))
                });
                Value::Object(relaxed.collect())
            }
            (_, value) => value,
        };
        found.insert(key, value);
    }
    let is_named = node.is_none_or(|node| node.contains_key("discriminator"));
    if let Some(Value::Array(members)) = found.remove("oneOf") {
        let parts = match several == Several::Accepted || is_named {
            true => vec![json!({ "anyOf": members })],
            false => at_most_one_speaks(converted, members),
        };
        let all = found.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.extend(parts);
        }
    }
    Value::Object(found)
}

/// Any of some members, and no two that speak of the value.
fn at_most_one_speaks(converted: &mut Converted, members: Vec<Value>) -> Vec<Value> {
    let members: Vec<Value> = members.into_iter().map(|one| converted.hold(one)).collect();
    let speaking = members.iter().map(|member| {
        let mut names = BTreeSet::new();
        listed(converted, member, &mut names, &mut BTreeSet::new());
        if names.is_empty() {
            return member.clone();
        }
        let named = names.iter().map(|name| json!({ "required": [name] }));
        let others = json!({ "not": { "type": "object" } });
        let about = json!({ "anyOf": named.chain([others]).collect::<Vec<_>>() });
        converted.hold(json!({ "allOf": [member, about] }))
    });
    let speaking: Vec<Value> = speaking.collect();
    let none = json!({ "not": { "anyOf": speaking } });
    let one: Vec<Value> = speaking.into_iter().chain([none]).collect();
    vec![json!({ "anyOf": members }), json!({ "oneOf": one })]
}

/// The properties that a schema lists, with what it is composed of.
fn listed(
    converted: &Converted,
    schema: &Value,
    names: &mut BTreeSet<String>,
    seen: &mut BTreeSet<String>,
) {
    let properties = schema.get("properties").and_then(Value::as_object);
    names.extend(properties.into_iter().flat_map(Map::keys).cloned());
    for key in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(key).and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            listed(converted, part, names, seen);
        }
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
        && seen.insert(reference.to_owned())
        && let Some(target) = converted.target(reference)
    {
        listed(converted, target, names, seen);
    }
}
