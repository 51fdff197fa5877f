//! The size of schemas and values, as the cost of looking at them.

use serde_json::{Map, Value};
use std::collections::HashMap;

/// How often a property is held against a pattern while a validator is built.
pub(super) fn crossings(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(crossings).sum(),
        Value::Object(members) => {
            let count = |key: &str| {
                members
                    .get(key)
                    .and_then(Value::as_object)
                    .map_or(0, Map::len)
            };
            let own = count("properties").saturating_mul(count("patternProperties"));
            let inside = members.values().map(crossings);
            inside.fold(own, usize::saturating_add)
        }
        _ => 0,
    }
}

/// How many patterns a document has for the names of properties.
pub(super) fn patterns(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(patterns).sum(),
        Value::Object(members) => {
            let own = members.get("patternProperties").and_then(Value::as_object);
            own.map_or(0, Map::len) + members.values().map(patterns).sum::<usize>()
        }
        _ => 0,
    }
}

/// How many parts a value has.
pub(super) fn parts(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(parts).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(parts).sum::<usize>(),
        _ => 1,
    }
}

/// The most schemas that are looked at for one and the same value, where each that leads to others is looked
/// at again wherever it is referred to: unions that lead into one another can be entered in more ways than
/// anyone waits for.
pub(super) fn unrolled(document: &Value) -> usize {
    let Some(schemas) = document.get("$defs").and_then(Value::as_object) else {
        return 0;
    };
    let mut unrolled = Unrolled {
        schemas,
        known: HashMap::new(),
        depth: 0,
    };
    let each = schemas.keys().map(|name| unrolled.named(name));
    each.max().unwrap_or(0)
}

struct Unrolled<'s> {
    schemas: &'s Map<String, Value>,
    /// By name; nothing for what is under way, so that circles end.
    known: HashMap<&'s str, usize>,
    depth: usize,
}

/// How many schemas are followed that lead to one another. Each takes room on the stack.
const DEEPEST: usize = 500;

impl<'s> Unrolled<'s> {
    fn named(&mut self, name: &'s str) -> usize {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        if self.depth == DEEPEST {
            return 0;
        }
        self.known.insert(name, 0);
        self.depth += 1;
        let count = self.schemas.get(name).map_or(0, |schema| self.of(schema));
        self.depth -= 1;
        self.known.insert(name, count);
        count
    }

    /// What is looked at for the value that a schema is about, that schema included.
    fn of(&mut self, schema: &'s Value) -> usize {
        let Some(members) = schema.as_object() else {
            return 1;
        };
        let mut count: usize = 1;
        for (key, value) in members {
            let inside = match (key.as_str(), value) {
                ("$ref", Value::String(target)) => {
                    let name = target.rsplit('/').next().unwrap_or_default();
                    self.named(name)
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(items)) => {
                    let each = items.iter().map(|item| self.of(item));
                    each.fold(0, usize::saturating_add)
                }
                ("not" | "if" | "then" | "else", schema) => self.of(schema),
                ("dependentSchemas", Value::Object(schemas)) => {
                    let each = schemas.values().map(|schema| self.of(schema));
                    each.fold(0, usize::saturating_add)
                }
                _ => 0,
            };
            count = count.saturating_add(inside);
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_referred_to_counts_wherever_it_is() {
        let leads = |to: &[&str]| -> Value {
            let each = to
                .iter()
                .map(|name| json!({"$ref": format!("#/$defs/{name}")}));
            json!({ "oneOf": each.collect::<Vec<_>>() })
        };
        let table = [
            (json!({"a": {"type": "string"}}), 1),
            (json!({"a": leads(&["b", "b"]), "b": {"not": {}}}), 7),
            (json!({"a": leads(&["a"])}), 2),
            (
                json!({"a": {"properties": {"x": leads(&["b", "b"])}}, "b": {}}),
                1,
            ),
        ];
        for (schemas, count) in table {
            assert_eq!(unrolled(&json!({ "$defs": schemas })), count, "{schemas}");
        }
        let doubled = (0..200).map(|at| {
            let next = (at + 1).to_string();
            (at.to_string(), leads(&[&next, &next]))
        });
        let schemas: Map<String, Value> = doubled.collect();
        assert_eq!(unrolled(&json!({ "$defs": schemas })), usize::MAX);
    }
}
