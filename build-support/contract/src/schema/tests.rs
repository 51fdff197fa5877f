//! What converted schemas accept, and that formats are checked.

use super::*;
use crate::{Node, Span, SpecVersion, read_str};
use serde_json::{Value, json};

fn converted(schema: &Value, options: Options) -> Value {
    let schema = Node::from_json(schema, Span::default());
    convert(&schema, &schema, options, &mut |text| Ok(text.to_owned())).expect("convertible")
}

fn old() -> Options {
    Options::new(SpecVersion::V3_0)
}

fn new() -> Options {
    Options::new(SpecVersion::V3_1)
}

fn holds(table: impl IntoIterator<Item = (Options, Value, Value)>) {
    for (options, schema, expected) in table {
        assert_eq!(
            converted(&schema, options),
            expected,
            "{schema} {options:?}"
        );
    }
}

const A: &str = "#/components/schemas/A";

#[test]
fn what_3_0_says_in_its_own_way_is_said_in_that_of_2020_12() {
    holds([
        (
            old(),
            json!({ "type": "string", "nullable": true, "enum": ["a"], "example": "a" }),
            json!({ "type": ["string", "null"], "enum": ["a"] }),
        ),
        (
            old(),
            json!({ "nullable": true, "enum": ["a"] }),
            json!({ "enum": ["a", null] }),
        ),
        (
            old(),
            json!({ "type": "string", "nullable": true, "enum": ["a", null] }),
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
        ),
        (
            old(),
            json!({ "nullable": true, "allOf": [{ "$ref": A }] }),
            json!({ "anyOf": [{ "allOf": [{ "$ref": A }] }, { "type": "null" }] }),
        ),
        (old(), json!({ "nullable": true }), json!({})),
        (
            old(),
            json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true }),
            json!({ "type": "number", "exclusiveMinimum": 0 }),
        ),
        (
            old(),
            json!({ "maximum": 9, "exclusiveMaximum": false }),
            json!({ "maximum": 9 }),
        ),
        (old(), json!({ "exclusiveMaximum": true }), json!({})),
        (
            old(),
            json!({ "$ref": A, "minLength": 3 }),
            json!({ "$ref": A }),
        ),
        (
            new(),
            json!({ "$ref": A, "minLength": 3 }),
            json!({ "$ref": A, "minLength": 3 }),
        ),
        // 3.1 has no `nullable`.
        (
            new(),
            json!({ "type": "string", "nullable": true }),
            json!({ "type": "string" }),
        ),
        (
            Options {
                as_meant: true,
                ..new()
            },
            json!({ "type": "string", "nullable": true }),
            json!({ "type": ["string", "null"] }),
        ),
    ]);
}

#[test]
fn what_accepts_and_rejects_nothing_is_left_out_or_kept() {
    let named = json!({
        "properties": { "nullable": { "type": "boolean", "x-a": 1 } },
        "additionalProperties": { "title": "T", "type": "string" },
        "default": {},
    });
    holds([
        (
            old(),
            json!({ "description": "A.", "allOf": [{ "$ref": A }] }),
            json!({ "$ref": A }),
        ),
        (
            old(),
            json!({ "minLength": 3, "allOf": [{ "$ref": A }] }),
            json!({ "minLength": 3, "allOf": [{ "$ref": A }] }),
        ),
        // Properties are not keywords, whatever they are called.
        (
            old(),
            named.clone(),
            json!({
                "properties": { "nullable": { "type": "boolean" } },
                "additionalProperties": { "type": "string" },
            }),
        ),
        (
            Options {
                rest: Rest::Kept,
                ..old()
            },
            named.clone(),
            named,
        ),
        (
            Options {
                rest: Rest::Kept,
                ..new()
            },
            json!({ "$dynamicRef": "#a", "contentEncoding": "base64" }),
            json!({ "$dynamicRef": "#a", "contentEncoding": "base64" }),
        ),
    ]);
    let dynamic = Node::from_json(&json!({ "$dynamicRef": "#a" }), Span::default());
    let found = convert(&dynamic, &dynamic, new(), &mut |text| Ok(text.to_owned()));
    assert_eq!(found, Err(Beyond));
}

#[test]
fn older_drafts_are_understood() {
    holds([
        (
            new(),
            json!({ "items": [{ "type": "string" }], "additionalItems": false }),
            json!({ "prefixItems": [{ "type": "string" }], "items": false }),
        ),
        (
            new(),
            json!({ "dependencies": { "a": ["b"], "c": { "required": ["d"] } } }),
            json!({ "dependentRequired": { "a": ["b"] },
                "dependentSchemas": { "c": { "required": ["d"] } } }),
        ),
    ]);
}

#[test]
fn formats_of_whole_numbers_are_bounds() {
    holds([
        (
            new(),
            json!({ "type": "integer", "format": "int32", "minimum": 1 }),
            json!({ "type": "integer", "minimum": 1, "maximum": i32::MAX }),
        ),
        (
            new(),
            json!({ "type": "number", "format": "int64" }),
            json!({ "type": "number", "minimum": i64::MIN, "maximum": i64::MAX, "multipleOf": 1 }),
        ),
        (
            new(),
            json!({ "format": "int32", "multipleOf": 0.5, "maximum": 1e12 }),
            json!({ "minimum": i32::MIN, "maximum": i32::MAX, "multipleOf": 0.5,
                "allOf": [{ "multipleOf": 1 }] }),
        ),
        (
            new(),
            json!({ "type": "string", "format": "uuid" }),
            json!({ "type": "string", "format": "uuid" }),
        ),
    ]);
}

#[test]
fn directions_carry_what_they_carry() {
    let schema = json!({
        "type": "object",
        "required": ["id", "secret"],
        "properties": {
            "id": { "type": "string", "readOnly": true },
            "secret": { "allOf": [{ "type": "string", "writeOnly": true }] },
        },
    });
    let text = json!({ "type": "string" });
    let secret = json!({ "allOf": [{ "type": "string" }] });
    let object = |required: &[&str], id: &Value, secret: &Value| {
        json!({ "type": "object", "required": required,
            "properties": { "id": id, "secret": secret } })
    };
    let request = Options {
        direction: Some(Direction::Request),
        ..new()
    };
    let response = Options {
        direction: Some(Direction::Response),
        absent: Absent::Ignored,
        ..new()
    };
    let sent = Options {
        absent: Absent::Rejected,
        ..request
    };
    holds([
        (
            new(),
            schema.clone(),
            object(&["id", "secret"], &text, &secret),
        ),
        (request, schema.clone(), object(&["secret"], &text, &secret)),
        (
            sent,
            schema.clone(),
            object(&["secret"], &json!(false), &secret),
        ),
        (response, schema, object(&["id"], &text, &json!(true))),
    ]);
}

#[test]
fn objects_are_closed_where_asked() {
    let closed = Options {
        world: World::Closed,
        ..new()
    };
    let lists = json!({ "properties": { "a": true } });
    let composed = json!({ "properties": { "a": true }, "allOf": [{ "type": "object" }] });
    holds([
        (new(), lists.clone(), lists.clone()),
        (
            closed,
            lists,
            json!({ "properties": { "a": true }, "additionalProperties": false }),
        ),
        (closed, composed.clone(), composed),
    ]);
}

#[test]
fn types_are_implied_where_people_mean_them() {
    let meant = Options {
        as_meant: true,
        ..new()
    };
    let object = json!({ "properties": { "a": true } });
    holds([
        (new(), object.clone(), object.clone()),
        (
            meant,
            object,
            json!({ "type": "object", "properties": { "a": true } }),
        ),
        (
            meant,
            json!({ "items": { "minimum": 1 } }),
            json!({ "type": "array", "items": { "minimum": 1 } }),
        ),
    ]);
}

#[test]
fn a_discriminator_leads_to_one_alternative() {
    let by_tag = Options {
        unions: Unions::ByTag,
        ..old()
    };
    let choice = json!({
        "oneOf": [{ "$ref": A }],
        "discriminator": { "propertyName": "kind", "mapping": { "a": A } },
    });
    let nullable = json!({
        "oneOf": [{ "$ref": A }], "nullable": true,
        "discriminator": { "propertyName": "kind", "mapping": { "a": A } },
    });
    let expected = json!({
        "type": "object",
        "required": ["kind"],
        "properties": { "kind": { "enum": ["a"] } },
        "allOf": [{
            "if": { "properties": { "kind": { "const": "a" } }, "required": ["kind"] },
            "then": { "$ref": A },
        }],
    });
    holds([
        (by_tag, choice.clone(), expected.clone()),
        (
            by_tag,
            nullable,
            json!({ "anyOf": [expected, { "type": "null" }] }),
        ),
        (old(), choice, json!({ "oneOf": [{ "$ref": A }] })),
    ]);
}

#[test]
fn a_whole_document_keeps_its_pointers() {
    let text = json!({
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1" },
        "paths": {},
        "components": {
            "schemas": { "A": {
                "type": "object",
                "properties": { "nullable": { "type": "string", "nullable": true },
                    "b": { "$ref": "#/x-parts/B" } },
                "example": { "nullable": true },
            } },
        },
        "x-parts": { "B": { "type": "integer", "nullable": true } },
    });
    let contract = read_str("t.json", &text.to_string()).expect("a sound contract");
    let json = document(&contract.root, old());
    let at = |pointer: &str| json.pointer(pointer).cloned();
    let nullable = |kind: &str| Some(json!([kind, "null"]));
    let a = "/components/schemas/A";
    assert_eq!(
        at(&format!("{a}/properties/nullable/type")),
        nullable("string")
    );
    assert_eq!(at("/x-parts/B/type"), nullable("integer"));
    assert_eq!(at(&format!("{a}/example/nullable")), Some(json!(true)));
    assert_eq!(
        at(&format!("{a}/properties/b/$ref")),
        Some(json!("#/x-parts/B"))
    );
}

#[test]
fn validators_know_the_formats_of_contracts() {
    let table = [
        ("byte", "aGk=", "aGk"),
        ("decimal", "-1.50", "1e3"),
        ("url", "https://example.com/a", "example.com"),
        ("uuid", "0b0a1c7e-6c2d-4b8f-9d3e-2f1a0b9c8d7e", "0b0a"),
    ];
    for (format, good, bad) in table {
        let schema = json!({ "type": "string", "format": format });
        let validator = validator(&schema).expect("a valid schema");
        assert!(validator.is_valid(&json!(good)), "{good} is in {format}");
        assert!(!validator.is_valid(&json!(bad)), "{bad} is not in {format}");
    }
    let error = validator(&json!({ "pattern": "(" })).expect_err("not a pattern");
    assert!(error.to_string().starts_with("not a valid schema"));
}

#[test]
fn prose_is_left_out_and_properties_that_are_named_like_it_stay() {
    let schema = json!({
        "description": "words",
        "title": "words",
        "x-note": "words",
        "minimum": 1,
        "properties": {"description": {"type": "string", "description": "words"}, "title": true},
        "allOf": [{"example": 1, "type": "object"}],
        "default": {"title": "kept"},
    });
    let schema = Node::from_json(&schema, Span::default());
    let expected = json!({
        "minimum": 1,
        "properties": {"description": {"type": "string"}, "title": true},
        "allOf": [{"type": "object"}],
        "default": {"title": "kept"},
    });
    assert_eq!(without_prose(&schema), expected);
}
