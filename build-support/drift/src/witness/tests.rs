//! Which values are found for which changes.

use super::*;
use serde_json::{Value, json};

fn contract(version: &str, schema: &Value) -> Contract {
    let text = json!({
        "openapi": version,
        "info": { "title": "t", "version": "1" },
        "paths": {},
        "components": { "schemas": {
            "Subject": schema,
            "Tree": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": { "type": "string" },
                    "children": {
                        "type": "array",
                        "items": { "$ref": "#/components/schemas/Tree" }
                    }
                }
            }
        } }
    });
    Contract::read("c.json", &text.to_string()).unwrap()
}

const SUBJECT: &str = "/components/schemas/Subject";

fn narrowing(version: &str, base: &Value, revision: &Value) -> Option<Value> {
    let (base, revision) = (contract(version, base), contract(version, revision));
    let mut finder = Finder::new(&base, &revision);
    let witness = finder.search(SUBJECT, SUBJECT, Direction::Request, Sought::Narrowed)?;
    assert!(witness.base_accepts && !witness.revision_accepts);
    Some(witness.value)
}

/// Base, revision: what the base accepts and the revision rejects is found.
fn narrowed() -> Vec<(Value, Value)> {
    let text = |more: Value| merged(json!({ "type": "string" }), more);
    let number = |more: Value| merged(json!({ "type": "number" }), more);
    let list = |more: Value| merged(json!({ "type": "array", "items": {} }), more);
    let object = |more: Value| merged(json!({ "type": "object" }), more);
    let any = json!({});
    let mut table = vec![
        (text(json!({})), text(json!({ "minLength": 3 }))),
        (
            text(json!({ "minLength": 3 })),
            text(json!({ "minLength": 4 })),
        ),
        (
            text(json!({ "maxLength": 64 })),
            text(json!({ "maxLength": 63 })),
        ),
        (text(json!({})), text(json!({ "maxLength": 255 }))),
        (text(json!({})), text(json!({ "pattern": "^[a-z]+$" }))),
        (
            text(json!({ "pattern": "^[a-z0-9]+$" })),
            text(json!({ "pattern": "^[a-z]+$" })),
        ),
        (
            text(json!({ "pattern": "^[a-z]{2,9}$" })),
            text(json!({ "pattern": "^[a-z]{2,8}$", "maxLength": 8 })),
        ),
        (text(json!({})), text(json!({ "format": "uuid" }))),
        (text(json!({})), text(json!({ "format": "byte" }))),
        (
            text(json!({ "format": "uri-reference" })),
            text(json!({ "format": "uri" })),
        ),
        (text(json!({})), text(json!({ "enum": ["a", "b"] }))),
        (
            text(json!({ "enum": ["a", "b", "c"] })),
            text(json!({ "enum": ["a", "b"] })),
        ),
        (
            json!({ "enum": ["a", 1, null] }),
            json!({ "enum": ["a", 1] }),
        ),
        (json!({ "enum": ["a", "b"] }), json!({ "const": "a" })),
        (number(json!({})), json!({ "type": "integer" })),
        (number(json!({})), number(json!({ "minimum": 1000 }))),
        (
            number(json!({ "minimum": 5 })),
            number(json!({ "exclusiveMinimum": 5 })),
        ),
        (
            number(json!({ "maximum": 5.5 })),
            number(json!({ "maximum": 5.25 })),
        ),
        (number(json!({})), number(json!({ "multipleOf": 0.25 }))),
        (
            number(json!({ "multipleOf": 2 })),
            number(json!({ "multipleOf": 4 })),
        ),
        (
            json!({ "type": "integer" }),
            json!({ "type": "integer", "format": "int32" }),
        ),
        (
            json!({ "type": "integer", "format": "int64" }),
            json!({ "type": "integer", "format": "int32" }),
        ),
        (json!({ "type": ["string", "null"] }), text(json!({}))),
        (json!({ "type": ["string", "integer"] }), text(json!({}))),
        (any.clone(), text(json!({}))),
        (any.clone(), json!(false)),
        (any.clone(), json!({ "not": { "type": "boolean" } })),
        (list(json!({})), list(json!({ "minItems": 2 }))),
        (list(json!({})), list(json!({ "maxItems": 20 }))),
        (list(json!({})), list(json!({ "uniqueItems": true }))),
        (
            list(json!({})),
            json!({ "type": "array", "items": { "type": "string" } }),
        ),
        (
            list(json!({})),
            list(json!({ "contains": { "type": "boolean" } })),
        ),
        (
            json!({ "type": "array", "uniqueItems": true, "minItems": 3, "items": { "type": "string" } }),
            json!({ "type": "array", "uniqueItems": true, "minItems": 4, "items": { "type": "string" } }),
        ),
        (
            json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "string" }] }),
            json!({ "type": "array", "prefixItems": [{ "type": "string" }, { "type": "integer" }] }),
        ),
        (
            json!({ "type": "array", "prefixItems": [{ "type": "string" }] }),
            json!({ "type": "array", "prefixItems": [{ "type": "string" }], "items": false }),
        ),
        (object(json!({})), object(json!({ "required": ["a"] }))),
        (
            object(json!({})),
            object(json!({ "additionalProperties": false })),
        ),
        (object(json!({})), object(json!({ "maxProperties": 3 }))),
        (object(json!({})), object(json!({ "minProperties": 1 }))),
        (
            object(json!({})),
            object(json!({ "propertyNames": { "pattern": "^[a-z]+$" } })),
        ),
        (
            object(json!({})),
            object(json!({ "patternProperties": { "^x-": { "type": "string" } } })),
        ),
        (
            object(json!({})),
            object(json!({ "dependentRequired": { "a": ["b"] } })),
        ),
        (
            object(json!({})),
            object(json!({ "dependentSchemas": { "a": { "required": ["b"] } } })),
        ),
        (
            object(json!({ "properties": { "a": { "type": "string" } } })),
            object(json!({ "properties": { "a": { "type": "integer" } } })),
        ),
        (
            object(json!({ "properties": { "a": {}, "b": {} }, "additionalProperties": false })),
            object(json!({ "properties": { "a": {} }, "additionalProperties": false })),
        ),
        (
            object(json!({ "properties": { "a": {} }, "unevaluatedProperties": true })),
            object(json!({ "properties": { "a": {} }, "unevaluatedProperties": false })),
        ),
        (
            json!({ "oneOf": [text(json!({})), json!({ "type": "integer" })] }),
            json!({ "oneOf": [text(json!({}))] }),
        ),
        (
            json!({ "anyOf": [text(json!({})), json!({ "type": "boolean" })] }),
            json!({ "anyOf": [text(json!({})), text(json!({}))] }),
        ),
        (
            json!({ "allOf": [text(json!({}))] }),
            json!({ "allOf": [text(json!({})), text(json!({ "maxLength": 3 }))] }),
        ),
        (
            object(json!({ "if": { "required": ["a"] }, "then": { "required": ["b"] } })),
            object(json!({ "if": { "required": ["a"] }, "then": { "required": ["b", "c"] } })),
        ),
        (
            json!({ "$ref": "#/components/schemas/Tree" }),
            json!({
                "$ref": "#/components/schemas/Tree",
                "properties": { "children": { "maxItems": 2 } }
            }),
        ),
    ];
    // The same three members deep and inside a list.
    let deep = |schema: &Value| {
        json!({
            "type": "object",
            "required": ["id", "outer"],
            "properties": {
                "id": { "type": "string", "format": "uuid" },
                "outer": { "type": "array", "minItems": 1, "items": {
                    "type": "object", "properties": { "inner": schema }
                } }
            }
        })
    };
    let deeper: Vec<_> = table
        .iter()
        .map(|(base, revision)| (deep(base), deep(revision)))
        .collect();
    table.extend(deeper);
    table
}

fn merged(mut one: Value, other: Value) -> Value {
    let members = one.as_object_mut().unwrap();
    members.extend(other.as_object().unwrap().clone());
    one
}

#[test]
fn what_is_narrowed_has_a_witness() {
    let missed: Vec<_> = narrowed()
        .into_iter()
        .filter(|(base, revision)| narrowing("3.1.0", base, revision).is_none())
        .map(|(base, revision)| format!("{base} → {revision}"))
        .collect();
    assert!(
        missed.is_empty(),
        "no witness found for\n{}",
        missed.join("\n")
    );
}

#[test]
fn what_is_equal_has_none() {
    for (base, revision) in narrowed() {
        for schema in [base, revision] {
            assert_eq!(narrowing("3.1.0", &schema, &schema), None, "for {schema}");
        }
    }
}

#[test]
fn the_older_version_is_read_its_own_way() {
    let found = [
        (
            json!({ "type": "string", "nullable": true }),
            json!({ "type": "string" }),
            json!(null),
        ),
        (
            json!({ "type": "integer", "minimum": 5 }),
            json!({ "type": "integer", "minimum": 5, "exclusiveMinimum": true }),
            json!(5),
        ),
        (
            json!({ "allOf": [{ "$ref": "#/components/schemas/Tree" }], "nullable": true }),
            json!({ "allOf": [{ "$ref": "#/components/schemas/Tree" }] }),
            json!(null),
        ),
    ];
    for (base, revision, value) in found {
        let witness = narrowing("3.0.3", &base, &revision);
        assert_eq!(witness, Some(value), "for {base} → {revision}");
    }
    let silenced = json!({ "$ref": "#/components/schemas/Tree", "maxProperties": 0 });
    let plain = json!({ "$ref": "#/components/schemas/Tree" });
    assert_eq!(narrowing("3.0.3", &plain, &silenced), None);
}

#[test]
fn what_a_direction_never_carries_is_no_witness() {
    let base = json!({ "type": "object", "properties": { "id": { "type": "string" } } });
    let revision = json!({
        "type": "object",
        "required": ["id"],
        "properties": { "id": { "type": "string", "readOnly": true } }
    });
    assert_eq!(narrowing("3.1.0", &base, &revision), None);
}

#[test]
fn a_closed_world_rejects_what_is_not_listed() {
    let base = contract(
        "3.1.0",
        &json!({ "type": "object", "properties": { "a": {}, "b": {} } }),
    );
    let revision = contract(
        "3.1.0",
        &json!({ "type": "object", "properties": { "a": {} } }),
    );
    let mut open = Finder::new(&base, &revision);
    assert_eq!(narrowed_in(&mut open), None);
    let mut closed = Finder::in_world(&base, &revision, World::Closed);
    let witness = narrowed_in(&mut closed).unwrap();
    assert!(witness.value.get("b").is_some(), "got {}", witness.value);
}

fn narrowed_in(finder: &mut Finder) -> Option<Witness> {
    finder.search(SUBJECT, SUBJECT, Direction::Request, Sought::Narrowed)
}

#[test]
fn circles_end() {
    let circle = json!({ "allOf": [{ "$ref": "#/components/schemas/Subject" }] });
    let endless = json!({
        "type": "object",
        "required": ["next"],
        "properties": { "next": { "$ref": "#/components/schemas/Subject" } }
    });
    for (base, revision) in [(&circle, &endless), (&endless, &circle), (&circle, &circle)] {
        let _ = narrowing("3.1.0", base, revision);
    }
}
