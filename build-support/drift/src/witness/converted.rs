//! Converted schemas, which refer to one another by number.

use contract::schema::Beyond;
use serde_json::{Map, Value, json};

/// Converted schemas by their numbers.
#[derive(Debug, Default)]
pub(super) struct Converted {
    schemas: Vec<Result<Value, Beyond>>,
}

impl Converted {
    /// A number for a schema that is converted later.
    pub fn reserve(&mut self) -> usize {
        self.schemas.push(Err(Beyond));
        self.schemas.len() - 1
    }

    /// Keeps a schema under its number.
    pub fn set(&mut self, number: usize, schema: Result<Value, Beyond>) {
        self.schemas[number] = schema;
    }

    /// A reference to a schema that is written anew.
    pub fn hold(&mut self, schema: Value) -> Value {
        let is_reference = schema.get("$ref").is_some();
        if is_reference && schema.as_object().is_some_and(|members| members.len() == 1) {
            return schema;
        }
        self.schemas.push(Ok(schema));
        json!({ "$ref": reference_to(self.schemas.len() - 1) })
    }

    /// A schema; an error where no validator can express it.
    pub fn schema(&self, number: usize) -> Result<&Value, Beyond> {
        self.schemas[number].as_ref().map_err(|beyond| *beyond)
    }

    /// What a `$ref` of a converted schema leads to.
    pub fn target(&self, reference: &str) -> Option<&Value> {
        let number: usize = reference.strip_prefix(PREFIX)?.parse().ok()?;
        self.schemas.get(number)?.as_ref().ok()
    }

    /// A document of its own that holds the schema and all it leads to.
    pub fn document(&self, number: usize) -> Result<Value, Beyond> {
        let mut held = Map::new();
        let mut waiting = vec![number];
        while let Some(number) = waiting.pop() {
            let key = number.to_string();
            if held.contains_key(&key) {
                continue;
            }
            let schema = self.schema(number)?;
            references(schema, &mut |number| waiting.push(number));
            held.insert(key, schema.clone());
        }
        Ok(json!({ "$ref": reference_to(number), "$defs": held }))
    }
}

const PREFIX: &str = "#/$defs/";

/// A `$ref` that leads to the schema of a number.
pub(super) fn reference_to(number: usize) -> String {
    format!("{PREFIX}{number}")
}

fn references(schema: &Value, found: &mut impl FnMut(usize)) {
    match schema {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            let number = own.and_then(|own| own.strip_prefix(PREFIX)?.parse().ok());
            if let Some(number) = number {
                found(number);
            }
            for member in members.values() {
                references(member, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                references(item, found);
            }
        }
        _ => {}
    }
}
