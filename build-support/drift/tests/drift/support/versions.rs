//! A document of one version of the specification, written in the other.

use super::random::Random;
use super::rewrite::{is_annotation, is_old};
use super::walk::{Kind, places, schemas};
use serde_json::{Map, Value, json};

/// OpenAPI 3.0 as 3.1.
pub fn to_3_1(document: &mut Value, random: &mut Random) {
    assert!(is_old(document), "only 3.0 becomes 3.1");
    document["openapi"] = json!("3.1.0");
    for place in schemas(document).into_iter().rev() {
        if let Some(Value::Object(schema)) = document.pointer_mut(&place.pointer) {
            *schema = modern(std::mem::take(schema), random);
        }
    }
}

fn modern(mut schema: Map<String, Value>, random: &mut Random) -> Map<String, Value> {
    if let Some(reference) = schema.get("$ref").cloned() {
        return Map::from_iter([("$ref".to_owned(), reference)]);
    }
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if schema.remove(exclusive) == Some(json!(true))
            && let Some(limit) = schema.remove(bound)
        {
            schema.insert(exclusive.to_owned(), limit);
        }
    }
    if let Some(example) = schema.remove("example") {
        schema.insert("examples".to_owned(), json!([example]));
    }
    if schema.remove("nullable") == Some(json!(true)) {
        return nullable(schema, random);
    }
    schema
}

fn nullable(mut schema: Map<String, Value>, random: &mut Random) -> Map<String, Value> {
    let composed = ["allOf", "oneOf", "anyOf", "enum"]
        .iter()
        .any(|key| schema.contains_key(*key));
    let types = schema.get("type").cloned();
    let listed = schema.get("enum").and_then(Value::as_array);
    if types.is_some() && listed.is_some_and(|values| !values.contains(&Value::Null)) {
        // The list rejects null, whatever `nullable` says.
        return schema;
    }
    match (types, composed, random.below(3)) {
        (Some(Value::String(one)), false, 0) => {
            schema.insert("type".to_owned(), json!([one, "null"]));
            schema
        }
        // Without a type and without a composition null was accepted all along.
        (None, false, _) => schema,
        (_, _, choice) => {
            let key = if choice == 1 { "oneOf" } else { "anyOf" };
            let (mut outside, inside): (Map<_, _>, Map<_, _>) =
                schema.into_iter().partition(|(key, _)| is_annotation(key));
            let choices = json!([{ "type": "null" }, inside]);
            outside.insert(key.to_owned(), choices);
            outside
        }
    }
}

/// OpenAPI 3.1 as 3.0, where that can say the same.
pub fn to_3_0(document: &Value) -> Option<Value> {
    let mut old = document.clone();
    let top = old.as_object_mut()?;
    let news = ["webhooks", "jsonSchemaDialect"];
    if is_old(document) || news.iter().any(|key| top.contains_key(*key)) {
        return None;
    }
    old["openapi"] = json!("3.0.3");
    for place in places(document).into_iter().rev() {
        let now = old.pointer_mut(&place.pointer)?;
        let is_reference = now.get("$ref").is_some();
        match place.kind {
            Kind::Schema => *now = ancient(now)?,
            Kind::Components if now.get("pathItems").is_some() => return None,
            _ if is_reference => now.as_object_mut()?.retain(|key, _| key == "$ref"),
            _ => {}
        }
    }
    Some(old)
}

fn ancient(schema: &Value) -> Option<Value> {
    const SAME: [&str; 31] = [
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "enum",
        "example",
        "externalDocs",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "title",
        "uniqueItems",
        "writeOnly",
    ];
    let schema = schema.as_object()?;
    if let Some(reference) = schema.get("$ref") {
        let prose = [
            "description",
            "summary",
            "title",
            "examples",
            "example",
            "$ref",
        ];
        let plain = schema.keys().all(|key| prose.contains(&key.as_str()));
        return plain.then(|| json!({ "$ref": reference }));
    }
    let mut old = Map::new();
    for (key, value) in schema {
        match (key.as_str(), value) {
            ("type", Value::String(_)) => {
                if value == "null" {
                    return None;
                }
                old.insert(key.clone(), value.clone());
            }
            ("type", Value::Array(types)) => {
                let rest: Vec<&Value> = types.iter().filter(|one| *one != "null").collect();
                let [one] = rest[..] else {
                    return None;
                };
                old.insert(key.clone(), one.clone());
                if types.len() == 2 {
                    old.insert("nullable".to_owned(), json!(true));
                }
            }
            ("const", value) => {
                old.insert("enum".to_owned(), json!([value]));
            }
            ("examples", _) | ("xml", _) => {}
            ("exclusiveMinimum", limit) if !schema.contains_key("minimum") => {
                old.insert("minimum".to_owned(), limit.clone());
                old.insert(key.clone(), json!(true));
            }
            ("exclusiveMaximum", limit) if !schema.contains_key("maximum") => {
                old.insert("maximum".to_owned(), limit.clone());
                old.insert(key.clone(), json!(true));
            }
            (known, _) if SAME.contains(&known) || known.starts_with("x-") => {
                old.insert(key.clone(), value.clone());
            }
            _ => return None,
        }
    }
    Some(Value::Object(old))
}
