//! The same schemas with some of their parts in components.

use crate::support::random::Random;
use serde_json::{Map, Value, json};

/// A schema in which some parts are references, and the components that they lead to.
pub fn outlined(random: &mut Random, schema: &Value) -> (Value, Value) {
    let mut components = Map::new();
    let schema = outline(random, schema, &mut components);
    (schema, Value::Object(components))
}

const ONE: [&str; 9] = [
    "items",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "additionalProperties",
    "unevaluatedItems",
    "propertyNames",
];
const LISTS: [&str; 4] = ["oneOf", "anyOf", "allOf", "prefixItems"];
const NAMED: [&str; 3] = ["properties", "patternProperties", "dependentSchemas"];

fn outline(random: &mut Random, schema: &Value, components: &mut Map<String, Value>) -> Value {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    let mut found = Map::new();
    for (key, value) in members {
        let value = match value {
            _ if ONE.contains(&key.as_str()) => outline(random, value, components),
            Value::Array(items) if LISTS.contains(&key.as_str()) => {
                let items = items.iter();
                items
                    .map(|item| outline(random, item, components))
                    .collect()
            }
            Value::Object(parts) if NAMED.contains(&key.as_str()) => {
                let parts = parts.iter();
                let parts = parts.map(|(name, part)| {
                    let part = outline(random, part, components);
                    (name.clone(), part)
                });
                Value::Object(parts.collect())
            }
            other => other.clone(),
        };
        found.insert(key.clone(), value);
    }
    let found = Value::Object(found);
    match random.below(8) {
        0 => reference(components, found),
        1 => json!({ "allOf": [reference(components, found)] }),
        2 => {
            let inner = reference(components, found);
            reference(components, inner)
        }
        _ => found,
    }
}

fn reference(components: &mut Map<String, Value>, schema: Value) -> Value {
    let name = format!("S{}", components.len());
    components.insert(name.clone(), schema);
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
