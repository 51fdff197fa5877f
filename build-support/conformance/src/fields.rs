//! Fields that a body has and no schema declares.

use super::schema::{Schemas, name_of};
use serde_json::Value;

/// A field that no schema declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Undeclared {
    /// The schema of the object that has it.
    pub(super) schema: String,
    /// The object, as a JSON pointer into the body.
    pub(super) instance: String,
    /// Its name.
    pub(super) name: String,
}

impl Undeclared {
    /// The name as messages show it.
    pub(super) fn shown(&self) -> String {
        name_of(&self.name)
    }
}

/// Every undeclared field of a body. An object whose schema says what further fields are
/// (`additionalProperties`, `patternProperties`), or declares no field at all, is left alone.
pub(super) fn undeclared(schemas: &Schemas, pointer: &str, body: &Value) -> Vec<Undeclared> {
    let mut walk = Walk {
        schemas,
        found: Vec::new(),
    };
    walk.value(&[pointer.to_owned()], body, "");
    walk.found
}

struct Walk<'s> {
    schemas: &'s Schemas,
    found: Vec<Undeclared>,
}

/// How deep references and compositions are followed, which also ends circles.
const MAX_DEPTH: usize = 32;

impl Walk<'_> {
    /// Looks at a value that several schemas hold at once.
    fn value(&mut self, schemas: &[String], value: &Value, at: &str) {
        let mut flat = Vec::new();
        for pointer in schemas {
            self.flatten(pointer, value, 0, &mut flat);
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    self.member(&flat, name, member, at);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let inner = self.below(&flat, "items");
                    self.value(&inner, item, &format!("{at}/{index}"));
                }
            }
            _ => (),
        }
    }

    fn member(&mut self, flat: &[String], name: &str, member: &Value, at: &str) {
        let key = contract::pointer::escape(name);
        let declared = self.below(flat, &format!("properties/{key}"));
        let here = format!("{at}/{key}");
        if !declared.is_empty() {
            self.value(&declared, member, &here);
        } else if self.is_open(flat) {
            let inner = self.below(flat, "additionalProperties");
            self.value(&inner, member, &here);
        } else if let Some(owner) = self.owner(flat) {
            self.found.push(Undeclared {
                schema: owner,
                instance: at.to_owned(),
                name: name.to_owned(),
            });
        }
    }

    /// Every schema that applies to a value: references followed, compositions taken apart, of
    /// alternatives those that accept it, or all where none does.
    fn flatten(&self, pointer: &str, value: &Value, depth: usize, flat: &mut Vec<String>) {
        let Some((pointer, schema)) = self.schemas.resolved(pointer) else {
            return;
        };
        if depth > MAX_DEPTH || flat.contains(&pointer) {
            return;
        }
        flat.push(pointer.clone());
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = contract::pointer::of_reference(target).unwrap_or_default();
            self.flatten(&target, value, depth + 1, flat);
        }
        for part in self.parts(&pointer, schema, value) {
            self.flatten(&part, value, depth + 1, flat);
        }
    }

    fn parts(&self, pointer: &str, schema: &Value, value: &Value) -> Vec<String> {
        let list = |keyword: &str| {
            let count = schema
                .get(keyword)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            let at = (0..count).map(|index| format!("{pointer}/{keyword}/{index}"));
            at.collect::<Vec<_>>()
        };
        let mut parts = list("allOf");
        for keyword in ["oneOf", "anyOf"] {
            let all = list(keyword);
            let fitting = all.iter().filter(|part| self.schemas.accepts(part, value));
            let fitting: Vec<String> = fitting.cloned().collect();
            parts.extend(if fitting.is_empty() { all } else { fitting });
        }
        let conditional = ["if", "then", "else"].into_iter();
        let conditional = conditional.filter(|keyword| schema.get(keyword).is_some());
        parts.extend(conditional.map(|keyword| format!("{pointer}/{keyword}")));
        parts
    }

    fn below(&self, flat: &[String], path: &str) -> Vec<String> {
        let inner = flat.iter().map(|pointer| format!("{pointer}/{path}"));
        inner
            .filter(|pointer| self.schemas.written(pointer).is_some_and(Value::is_object))
            .collect()
    }

    fn is_open(&self, flat: &[String]) -> bool {
        let says = |pointer: &String| {
            let schema = self.schemas.written(pointer);
            let keywords = [
                "additionalProperties",
                "patternProperties",
                "unevaluatedProperties",
            ];
            schema.is_some_and(|it| keywords.iter().any(|keyword| it.get(keyword).is_some()))
        };
        flat.iter().any(says)
    }

    /// The schema to name: the first component that applies, else the first that declares fields.
    /// An object for which no schema declares any is free.
    fn owner(&self, flat: &[String]) -> Option<String> {
        let declares = |pointer: &&String| {
            let schema = self.schemas.written(pointer);
            schema.is_some_and(|it| it.get("properties").is_some())
        };
        let is_component = |pointer: &&String| {
            let name = pointer.strip_prefix("/components/schemas/");
            name.is_some_and(|name| !name.contains('/'))
        };
        let declaring = flat.iter().find(declares)?;
        Some(flat.iter().find(is_component).unwrap_or(declaring).clone())
    }
}
