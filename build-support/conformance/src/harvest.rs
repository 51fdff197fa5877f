//! Identifiers in responses, to read the entities that they name.

use super::index::{Contract, Operation};
use contract::{Node, pointer};
use serde_json::Value;
use std::collections::BTreeSet;

/// A value of a component (`CardId`) that stood in a body.
pub(super) type Harvest = BTreeSet<(String, String)>;

impl Contract {
    /// The identifiers in the body of a response: the component that names their schema, and the
    /// text. Only strings and integers count.
    #[must_use]
    pub fn identifiers(&self, operation: &Operation, status: u16, body: &[u8]) -> Harvest {
        let mut found = Harvest::new();
        let media = operation.response(status).map(|response| &response.content);
        let schema = media.and_then(|media| media.iter().find_map(|it| it.schema.as_deref()));
        if let Some(schema) = schema
            && let Ok(body) = serde_json::from_slice::<Value>(body)
        {
            self.walk(schema, &body, 0, &mut found);
        }
        found
    }

    fn walk(&self, pointer: &str, value: &Value, depth: usize, found: &mut Harvest) {
        let Some(schema) = self.document().root.pointer(pointer) else {
            return;
        };
        if depth > 48 {
            return;
        }
        if let Some(target) = schema.get("$ref").and_then(Node::as_str) {
            let name = super::index::component(schema);
            if let Some((name, text)) = name.zip(text(value)) {
                found.insert((name.to_owned(), text));
            }
            let target = pointer::of_reference(target).unwrap_or_default();
            self.walk(&target, value, depth + 1, found);
        }
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let count = schema.get(keyword).map_or(0, |parts| parts.items().len());
            for index in 0..count {
                self.walk(
                    &format!("{pointer}/{keyword}/{index}"),
                    value,
                    depth + 1,
                    found,
                );
            }
        }
        match value {
            Value::Array(items) => {
                for item in items {
                    self.walk(&format!("{pointer}/items"), item, depth + 1, found);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    let at = format!("{pointer}/properties/{}", pointer::escape(name));
                    self.walk(&at, member, depth + 1, found);
                }
            }
            _ => (),
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}
