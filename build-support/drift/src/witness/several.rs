//! A `oneOf` for which it counts less that a value fits several of its members.

use super::table::Table;
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
pub(super) fn relax(table: &mut Table<'_>, schema: Value, node: Option<&Node>) -> Value {
    let Value::Object(members) = schema else {
        return schema;
    };
    let mut found = Map::new();
    for (key, value) in members {
        let inner = node.and_then(|node| node.get(&key));
        let value = match (vocabulary::holds(&key), value) {
            (Some(Holds::One), value) => relax(table, value, inner),
            (Some(Holds::List), Value::Array(items)) => {
                let items = items.into_iter().enumerate();
                let relaxed = items.map(|(at, item)| {
                    let node = inner.and_then(|node| node.items().get(at));
                    relax(table, item, node)
                });
                relaxed.collect()
            }
            (Some(Holds::Named), Value::Object(named)) => {
                let relaxed = named.into_iter().map(|(name, item)| {
                    let node = inner.and_then(|node| node.get(&name));
                    (name, relax(table, item, node))
                });
                Value::Object(relaxed.collect())
            }
            (_, value) => value,
        };
        found.insert(key, value);
    }
    let is_named = node.is_none_or(|node| node.contains_key("discriminator"));
    if let Some(Value::Array(members)) = found.remove("oneOf") {
        let parts = match table.several() == Several::Accepted || is_named {
            true => vec![json!({ "anyOf": members })],
            false => at_most_one_speaks(table, members),
        };
        let all = found.entry("allOf").or_insert_with(|| json!([]));
        if let Value::Array(all) = all {
            all.extend(parts);
        }
    }
    Value::Object(found)
}

/// Any of some members, and no two that speak of the value.
fn at_most_one_speaks(table: &mut Table<'_>, members: Vec<Value>) -> Vec<Value> {
    let members: Vec<Value> = members.into_iter().map(|one| table.hold(one)).collect();
    let speaking = members.iter().map(|member| {
        let mut names = BTreeSet::new();
        listed(table, member, &mut names, &mut BTreeSet::new());
        if names.is_empty() {
            return member.clone();
        }
        let named = names.iter().map(|name| json!({ "required": [name] }));
        let others = json!({ "not": { "type": "object" } });
        let about = json!({ "anyOf": named.chain([others]).collect::<Vec<_>>() });
        table.hold(json!({ "allOf": [member, about] }))
    });
    let speaking: Vec<Value> = speaking.collect();
    let none = json!({ "not": { "anyOf": speaking } });
    let one: Vec<Value> = speaking.into_iter().chain([none]).collect();
    vec![json!({ "anyOf": members }), json!({ "oneOf": one })]
}

/// The properties that a schema lists, with what it is composed of.
fn listed(
    table: &Table<'_>,
    schema: &Value,
    names: &mut BTreeSet<String>,
    seen: &mut BTreeSet<String>,
) {
    let properties = schema.get("properties").and_then(Value::as_object);
    names.extend(properties.into_iter().flat_map(Map::keys).cloned());
    for key in ["allOf", "anyOf", "oneOf"] {
        let parts = schema.get(key).and_then(Value::as_array);
        for part in parts.into_iter().flatten() {
            listed(table, part, names, seen);
        }
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str)
        && seen.insert(reference.to_owned())
        && let Some(target) = table.target(reference)
    {
        listed(table, target, names, seen);
    }
}
