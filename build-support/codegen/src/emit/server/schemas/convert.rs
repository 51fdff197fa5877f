//! Lowered schemas (OpenAPI 3.0) as JSON Schema 2020-12.

use serde_json::{Map, Value, json};

/// Keywords that are kept as they stand.
const KEPT: [&str; 16] = [
    "const",
    "enum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "required",
    "type",
    "uniqueItems",
];

/// Keywords that hold one schema, a list of them, or a map of them.
const NESTED: [&str; 8] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "items",
    "not",
    "oneOf",
    "patternProperties",
    "properties",
];

/// The schema that accepts what `schema` accepts. Prose, examples, defaults and extensions are
/// left out: a validator has no use for them.
pub(super) fn convert(schema: &Value) -> Value {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = lone_reference(members) {
        return reference;
    }
    let mut converted = match discriminated(members) {
        Some(by_tag) => by_tag,
        None => plain(members),
    };
    bound(members, &mut converted, "minimum", "exclusiveMinimum");
    bound(members, &mut converted, "maximum", "exclusiveMaximum");
    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
        converted.insert("$ref".to_owned(), json!(local(reference)));
    }
    if members.get("nullable") == Some(&Value::Bool(true)) {
        return nullable(converted);
    }
    Value::Object(converted)
}

/// `allOf` with one reference and prose beside it is that reference.
fn lone_reference(members: &Map<String, Value>) -> Option<Value> {
    let [only] = &members.get("allOf")?.as_array()?[..] else {
        return None;
    };
    let restricts = |key: &String| {
        key != "allOf" && (KEPT.contains(&key.as_str()) || NESTED.contains(&key.as_str()))
    };
    let nullable = members.get("nullable") == Some(&Value::Bool(true));
    let reference = only.get("$ref")?.as_str()?;
    (!nullable && !members.keys().any(restricts)).then(|| json!({ "$ref": local(reference) }))
}

fn plain(members: &Map<String, Value>) -> Map<String, Value> {
    let mut converted = Map::new();
    for (key, value) in members {
        if KEPT.contains(&key.as_str()) {
            converted.insert(key.clone(), value.clone());
        } else if NESTED.contains(&key.as_str()) {
            converted.insert(key.clone(), nested(key, value));
        }
    }
    converted
}

fn nested(key: &str, value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(convert).collect(),
        Value::Object(named) if matches!(key, "properties" | "patternProperties") => named
            .iter()
            .map(|(name, schema)| (name.clone(), convert(schema)))
            .collect(),
        schema => convert(schema),
    }
}

/// Alternatives chosen by a property: the tag is checked first and then the one schema it names,
/// so that a violation tells of the member that was meant and not of all of them.
fn discriminated(members: &Map<String, Value>) -> Option<Map<String, Value>> {
    let discriminator = members.get("discriminator")?;
    let tag = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping")?.as_object()?;
    members.get("oneOf")?;
    let cases = mapping.iter().map(|(value, target)| {
        json!({
            "if": { "properties": { tag: { "const": value } }, "required": [tag] },
            "then": { "$ref": local(target.as_str().unwrap_or_default()) },
        })
    });
    let values: Vec<_> = mapping.keys().collect();
    let schema = json!({
        "type": "object",
        "required": [tag],
        "properties": { tag: { "enum": values } },
        "allOf": cases.collect::<Vec<_>>(),
    });
    schema.as_object().cloned()
}

/// A bound and its flag become one keyword; a bound that is a number already stays.
fn bound(
    members: &Map<String, Value>,
    converted: &mut Map<String, Value>,
    inclusive: &str,
    exclusive: &str,
) {
    match members.get(exclusive) {
        Some(Value::Bool(true)) => {
            if let Some(limit) = converted.remove(inclusive) {
                converted.insert(exclusive.to_owned(), limit);
            }
        }
        Some(Value::Number(limit)) => {
            converted.insert(exclusive.to_owned(), Value::Number(limit.clone()));
        }
        _ => {}
    }
}

/// A schema with a type gets `null` among its types; any other becomes an alternative.
fn nullable(mut schema: Map<String, Value>) -> Value {
    if let Some(Value::String(kind)) = schema.get("type").cloned() {
        schema.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = schema.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        return Value::Object(schema);
    }
    if schema.is_empty() {
        return Value::Object(schema);
    }
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn local(reference: &str) -> String {
    reference.replacen("#/components/schemas/", "#/$defs/", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_3_0_says_in_its_own_way_is_said_in_that_of_2020_12() {
        let cases = [
            (
                json!({ "type": "string", "nullable": true, "enum": ["a"], "example": "a" }),
                json!({ "type": ["string", "null"], "enum": ["a", null] }),
            ),
            (
                json!({ "nullable": true, "allOf": [{ "$ref": "#/components/schemas/A" }] }),
                json!({ "anyOf": [{ "allOf": [{ "$ref": "#/$defs/A" }] }, { "type": "null" }] }),
            ),
            (json!({ "nullable": true }), json!({})),
            (
                json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true }),
                json!({ "type": "number", "exclusiveMinimum": 0 }),
            ),
            (
                json!({ "maximum": 9, "exclusiveMaximum": false, "exclusiveMinimum": 1 }),
                json!({ "maximum": 9, "exclusiveMinimum": 1 }),
            ),
            (
                json!({ "description": "A.", "allOf": [{ "$ref": "#/components/schemas/A" }] }),
                json!({ "$ref": "#/$defs/A" }),
            ),
            (
                // Properties are not keywords, whatever they are called.
                json!({ "properties": { "nullable": { "type": "boolean", "x-a": 1 } },
                    "additionalProperties": false, "readOnly": true, "default": {} }),
                json!({ "properties": { "nullable": { "type": "boolean" } },
                    "additionalProperties": false }),
            ),
            (
                json!({ "additionalProperties": { "title": "T", "type": "string" } }),
                json!({ "additionalProperties": { "type": "string" } }),
            ),
        ];
        for (lowered, expected) in cases {
            assert_eq!(convert(&lowered), expected, "{lowered}");
        }
    }

    #[test]
    fn a_discriminator_leads_to_one_alternative() {
        let schema = convert(&json!({
            "oneOf": [{ "$ref": "#/components/schemas/A" }],
            "discriminator": { "propertyName": "kind",
                "mapping": { "a": "#/components/schemas/A" } },
        }));
        let expected = json!({
            "type": "object",
            "required": ["kind"],
            "properties": { "kind": { "enum": ["a"] } },
            "allOf": [{
                "if": { "properties": { "kind": { "const": "a" } }, "required": ["kind"] },
                "then": { "$ref": "#/$defs/A" },
            }],
        });
        assert_eq!(schema, expected);
    }
}
