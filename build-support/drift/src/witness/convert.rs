//! A schema of a contract becomes one of JSON Schema 2020-12 that says the same.
//!
//! What OpenAPI 3.0 spells its own way is spelled anew: `nullable`, bounds whose exclusiveness is
//! a flag, `$ref` that silences its neighbours. The number formats become bounds. Keywords that
//! accept or refuse nothing are left out, a discriminator among them: what it chooses, the
//! alternatives themselves refuse or accept.

use super::{Direction, World};
use contract::{Node, SpecVersion, Value as NodeValue};
use serde_json::{Map, Value, json};

/// How schemas of one document are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub version: SpecVersion,
    pub direction: Direction,
    pub world: World,
    pub role: Role,
}

/// Which end of the wire a document is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Sender,
    Receiver,
}

/// Something a validator cannot be told: a dynamic reference, or one that leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Beyond;

/// Converts one schema. Each `$ref` is handed to `refer` by its text; it answers what to write
/// instead.
pub(super) fn convert(
    schema: &Node,
    root: &Node,
    reading: Reading,
    refer: &mut dyn FnMut(&str) -> Result<String, Beyond>,
) -> Result<Value, Beyond> {
    Converter {
        root,
        reading,
        refer,
    }
    .schema(schema, true)
}

struct Converter<'a> {
    root: &'a Node,
    reading: Reading,
    refer: &'a mut dyn FnMut(&str) -> Result<String, Beyond>,
}

/// Keywords that hold one schema.
pub(super) const SINGLE: [&str; 10] = [
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Keywords that hold schemas by name.
pub(super) const NAMED: [&str; 3] = ["dependentSchemas", "patternProperties", "properties"];

/// Keywords that hold a list of schemas.
pub(super) const LISTED: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Keywords whose value is taken over as it stands.
const PLAIN: [&str; 14] = [
    "const",
    "dependentRequired",
    "enum",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

impl Converter<'_> {
    /// Converts a schema; `whole` unless it is a part of one by `allOf`.
    fn schema(&mut self, schema: &Node, whole: bool) -> Result<Value, Beyond> {
        let NodeValue::Object(members) = &schema.value else {
            return Ok(Value::Bool(schema.as_bool().unwrap_or(true)));
        };
        let old = self.reading.version == SpecVersion::V3_0;
        if let Some(reference) = schema.get("$ref").filter(|_| old) {
            return Ok(json!({ "$ref": self.reference(reference)? }));
        }
        let mut out = Map::new();
        for member in members {
            let key = member.key.as_str();
            if let Some(value) = self.keyword(key, &member.value)? {
                out.insert(key.to_owned(), value);
            }
        }
        types(schema, &mut out);
        older(&mut out);
        if whole && let Some(implied) = self.implied(schema) {
            out.insert("type".to_owned(), implied);
        }
        bounds(schema, &mut out);
        formats(schema, &mut out);
        self.polarity(schema, &mut out);
        self.close(&mut out);
        Ok(nullable(schema, out))
    }

    fn keyword(&mut self, key: &str, value: &Node) -> Result<Option<Value>, Beyond> {
        Ok(match key {
            "$ref" => Some(Value::String(self.reference(value)?)),
            "$dynamicRef" | "$recursiveRef" => return Err(Beyond),
            "items" if value.as_array().is_some() => self.listed(value, true)?,
            "dependencies" => Some(self.named(value)?),
            "additionalItems" => Some(self.schema(value, true)?),
            key if SINGLE.contains(&key) => Some(self.schema(value, true)?),
            key if NAMED.contains(&key) => Some(self.named(value)?),
            key if LISTED.contains(&key) => self.listed(value, key != "allOf")?,
            key if PLAIN.contains(&key) => Some(value.to_json()),
            "required" => value.as_array().map(|_| value.to_json()),
            _ => None,
        })
    }

    fn reference(&mut self, value: &Node) -> Result<String, Beyond> {
        (self.refer)(value.as_str().ok_or(Beyond)?)
    }

    fn listed(&mut self, schemas: &Node, whole: bool) -> Result<Option<Value>, Beyond> {
        let listed = schemas.items().iter().map(|one| self.schema(one, whole));
        let listed = listed.collect::<Result<Vec<_>, _>>()?;
        Ok((!listed.is_empty()).then_some(Value::Array(listed)))
    }

    fn named(&mut self, schemas: &Node) -> Result<Value, Beyond> {
        let named = schemas.members().iter().map(|one| {
            let value = match one.value.as_array() {
                Some(_) => one.value.to_json(),
                None => self.schema(&one.value, true)?,
            };
            Ok((one.key.clone(), value))
        });
        Ok(Value::Object(named.collect::<Result<_, _>>()?))
    }

    /// Without a type anywhere, what is said of properties or items means objects or lists, as
    /// the comparison reads it too.
    fn implied(&self, schema: &Node) -> Option<Value> {
        let mut said = Said::default();
        self.gather(schema, 8, &mut said);
        let types = match (said.objects, said.arrays) {
            _ if said.typed => return None,
            (true, true) => json!(["object", "array"]),
            (true, false) => json!("object"),
            (false, true) => json!("array"),
            (false, false) => return None,
        };
        let null = schema.get("nullable").and_then(Node::as_bool) == Some(true);
        Some(match (null, types) {
            (true, Value::String(one)) => json!([one, "null"]),
            (_, types) => types,
        })
    }

    fn gather(&self, schema: &Node, depth: usize, said: &mut Said) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(key));
        said.typed |= has(&["type", "enum", "const"]);
        said.objects |= has(&[
            "properties",
            "patternProperties",
            "additionalProperties",
            "required",
        ]);
        said.arrays |= has(&["items", "prefixItems"]);
        let parts = schema.items_of("allOf");
        for part in parts.iter().chain(self.target(schema)) {
            self.gather(part, depth, said);
        }
    }

    fn target(&self, schema: &Node) -> Option<&Node> {
        let text = schema.get("$ref").and_then(Node::as_str)?;
        self.root.pointer(text.strip_prefix('#')?)
    }

    /// What the direction never carries is never sent, is never missed, and would be ignored.
    fn polarity(&self, schema: &Node, out: &mut Map<String, Value>) {
        let properties = schema.members_of("properties");
        let properties = properties.iter();
        let absent: Vec<&str> = properties
            .filter(|property| self.is_absent(&property.value, 8))
            .map(|property| property.key.as_str())
            .collect();
        if absent.is_empty() {
            return;
        }
        let ignored = Value::Bool(self.reading.role == Role::Receiver);
        if let Some(Value::Object(properties)) = out.get_mut("properties") {
            for name in &absent {
                properties.insert((*name).to_owned(), ignored.clone());
            }
        }
        if let Some(Value::Array(required)) = out.get_mut("required") {
            required.retain(|name| !name.as_str().is_some_and(|name| absent.contains(&name)));
        }
    }

    fn is_absent(&self, schema: &Node, depth: usize) -> bool {
        let flag = match self.reading.direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        if schema.get(flag).and_then(Node::as_bool) == Some(true) {
            return true;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        let parts = schema.items_of("allOf");
        let mut behind = parts.iter().chain(self.target(schema));
        behind.any(|part| self.is_absent(part, depth))
    }

    /// In a closed world an object holds what it lists and nothing else.
    fn close(&self, out: &mut Map<String, Value>) {
        let lists = out.contains_key("properties");
        let says = out.contains_key("additionalProperties");
        let composed = LISTED.iter().any(|key| out.contains_key(*key));
        if self.reading.world == World::Closed && lists && !says && !composed {
            out.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
}

/// What the schemas that make up one say together.
#[derive(Debug, Default)]
struct Said {
    typed: bool,
    objects: bool,
    arrays: bool,
}

/// `type`, with null where the older version says it beside.
fn types(schema: &Node, out: &mut Map<String, Value>) {
    let written = schema.get("type").map(Node::to_json);
    let written = written.map(|written| match written {
        Value::String(one) if says_nullable(schema) => json!([one, "null"]),
        other => other,
    });
    out.extend(written.map(|written| ("type".to_owned(), written)));
    if let Some(Value::Array(values)) = out.get_mut("enum")
        && says_nullable(schema)
    {
        values.push(Value::Null);
    }
}

fn says_nullable(schema: &Node) -> bool {
    schema.get("nullable").and_then(Node::as_bool) == Some(true)
}

/// Beside no type, `nullable` lets null past the schemas that a schema is composed of.
fn nullable(schema: &Node, out: Map<String, Value>) -> Value {
    let composed = ["allOf", "anyOf", "oneOf"];
    let refuses = composed.iter().any(|key| schema.contains_key(key));
    match says_nullable(schema) && refuses && !schema.contains_key("type") {
        true => json!({ "anyOf": [{ "type": "null" }, out] }),
        false => Value::Object(out),
    }
}

/// Keywords of drafts before 2020-12 under their new names.
fn older(out: &mut Map<String, Value>) {
    if let Some(Value::Array(_)) = out.get("items") {
        let first = out.remove("items").unwrap_or_default();
        out.insert("prefixItems".to_owned(), first);
        let rest = out.remove("additionalItems");
        out.extend(rest.map(|rest| ("items".to_owned(), rest)));
    }
    out.remove("additionalItems");
    let Some(Value::Object(dependencies)) = out.remove("dependencies") else {
        return;
    };
    for (name, needs) in dependencies {
        let key = match needs {
            Value::Array(_) => "dependentRequired",
            _ => "dependentSchemas",
        };
        let held = out.entry(key).or_insert_with(|| json!({}));
        held[name] = needs;
    }
}

/// Bounds; those whose exclusiveness is a flag are rewritten.
fn bounds(schema: &Node, out: &mut Map<String, Value>) {
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        let limit = schema.get(bound).and_then(Node::as_number);
        let limit = limit.map(|number| Value::Number(number.clone()));
        match schema.get(exclusive).map(|node| &node.value) {
            Some(NodeValue::Bool(true)) => {
                out.extend(limit.map(|limit| (exclusive.to_owned(), limit)));
                continue;
            }
            Some(NodeValue::Number(number)) => {
                out.insert(exclusive.to_owned(), Value::Number(number.clone()));
            }
            _ => {}
        }
        out.extend(limit.map(|limit| (bound.to_owned(), limit)));
    }
}

/// The formats of numbers are bounds, those of strings are for the validator to know.
fn formats(schema: &Node, out: &mut Map<String, Value>) {
    let Some(format) = schema.get("format").and_then(Node::as_str) else {
        return;
    };
    let whole =
        |least: Value, most: Value| json!({ "type": "integer", "minimum": least, "maximum": most });
    let range = match format {
        "int32" => whole(json!(i32::MIN), json!(i32::MAX)),
        "int64" => whole(json!(i64::MIN), json!(i64::MAX)),
        _ => {
            out.insert("format".to_owned(), Value::String(format.to_owned()));
            return;
        }
    };
    let ranged = json!({ "anyOf": [{ "not": { "type": "number" } }, range] });
    match out.get_mut("allOf") {
        Some(Value::Array(parts)) => parts.push(ranged),
        _ => {
            out.insert("allOf".to_owned(), json!([ranged]));
        }
    }
}
