//! The form in which both schemas are compared: everything that a rule allows is gone, and every
//! reference is replaced by what it refers to.

use serde_json::{Map, Value, json};

/// The contract's schema. `schemas` are all of them, by name.
pub(super) fn contract(schema: &Value, schemas: &Map<String, Value>) -> Value {
    Side {
        definitions: schemas,
        prefix: "#/components/schemas/",
        writing: false,
    }
    .normal(schema, 0)
}

/// A derived schema, of what is written or of what is read. `definitions` are its generator's.
pub(super) fn derived(schema: &Value, definitions: &Map<String, Value>, writing: bool) -> Value {
    Side {
        definitions,
        prefix: "#/$defs/",
        writing,
    }
    .normal(schema, 0)
}

/// One of the two.
struct Side<'a> {
    definitions: &'a Map<String, Value>,
    /// What a reference begins with.
    prefix: &'static str,
    /// Whether properties with a default count as required: they are always written.
    writing: bool,
}

/// How deep references are followed. Deeper ones stay, so that recursive types end.
const DEPTH: usize = 6;

impl Side<'_> {
    fn normal(&self, schema: &Value, depth: usize) -> Value {
        let Value::Object(object) = schema else {
            return schema.clone();
        };
        if let Some(target) = object.get("$ref").and_then(Value::as_str) {
            return self.referred(target, depth);
        }
        if let Some([only]) = object
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            return self.normal(only, depth);
        }
        let mut out = Map::new();
        for (key, value) in object {
            if let Some(value) = self.keyword(key, value, depth) {
                out.insert(key.clone(), value);
            }
        }
        self.settle_required(object, &mut out);
        settle_union(&mut out);
        Value::Object(out)
    }

    fn referred(&self, target: &str, depth: usize) -> Value {
        let name = target.strip_prefix(self.prefix);
        let name = name.unwrap_or_else(|| panic!("`{target}` refers to nothing known"));
        if depth == DEPTH {
            return json!({ "recursive": true });
        }
        let found = self.definitions.get(name);
        self.normal(
            found.unwrap_or_else(|| panic!("`{name}` is not defined")),
            depth + 1,
        )
    }

    /// A keyword in its normal form; `None` for one that is not compared.
    fn keyword(&self, key: &str, value: &Value, depth: usize) -> Option<Value> {
        Some(match key {
            "properties" => self.properties(value, depth),
            "items" | "additionalProperties" => match value {
                Value::Bool(true) => return None,
                value => Some(self.normal(value, depth)).filter(|inner| !is_any(inner))?,
            },
            "oneOf" | "anyOf" => return self.members(value, depth).map(|all| json!(all)),
            "format" => value.as_str().filter(|format| is_compared(format))?.into(),
            "enum" | "const" | "default" => value.clone(),
            "type" => match value.as_array() {
                Some(types) => types.iter().find(|ty| *ty != "null")?.clone(),
                None => value.clone(),
            },
            _ => return None,
        })
    }

    fn properties(&self, value: &Value, depth: usize) -> Value {
        let object = value.as_object().into_iter().flatten();
        object
            .map(|(name, schema)| (name.clone(), self.normal(schema, depth)))
            .collect()
    }

    /// The members of a union without null, in an order of their own.
    fn members(&self, value: &Value, depth: usize) -> Option<Vec<Value>> {
        let members = value
            .as_array()?
            .iter()
            .map(|member| self.normal(member, depth));
        let mut members: Vec<Value> = members.filter(|member| !is_null(member)).collect();
        members.sort_by_key(Value::to_string);
        Some(members)
    }

    /// What is required, by name; what has a default is either absent from that list or needs none.
    fn settle_required(&self, object: &Map<String, Value>, out: &mut Map<String, Value>) {
        let defaulted = |name: &str| {
            let property = object.get("properties").and_then(|all| all.get(name));
            property.is_some_and(|property| property.get("default").is_some())
        };
        let listed = object
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let mut names: Vec<&str> = listed.filter_map(Value::as_str).collect();
        names.retain(|name| !(self.writing && defaulted(name)));
        names.sort_unstable();
        if let Some(Value::Object(properties)) = out.get_mut("properties") {
            for name in &names {
                properties
                    .get_mut(*name)
                    .and_then(Value::as_object_mut)
                    .map(|of| of.remove("default"));
            }
        }
        if !names.is_empty() {
            out.insert("required".to_owned(), json!(names));
        }
    }
}

/// A union that is left with one member after null is gone is that member; `anyOf` and `oneOf`
/// are one word, since the members of the contract's unions exclude each other.
fn settle_union(out: &mut Map<String, Value>) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(members)) = out.get(key) else {
            continue;
        };
        if let [Value::Object(only)] = members.as_slice() {
            let only = only.clone();
            out.remove(key);
            out.extend(only);
            return;
        }
    }
    if let Some(members) = out.remove("anyOf") {
        out.insert("oneOf".to_owned(), members);
    }
}

/// Formats that a Rust type of their own stands for.
fn is_compared(format: &str) -> bool {
    ["uuid", "date-time", "date", "decimal", "byte", "uri"].contains(&format)
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|ty| ty == "null")
}

/// Whether the schema takes everything.
fn is_any(schema: &Value) -> bool {
    schema == &Value::Bool(true) || schema.as_object().is_some_and(Map::is_empty)
}
