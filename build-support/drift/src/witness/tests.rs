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

/// Base, revision: what the base accepts and the revision rejects is found. Each pair stands alone,
/// and three members deep and inside a list.
fn narrowed() -> Vec<(Value, Value)> {
    let lines = include_str!("narrowed.txt").lines();
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
    let schema = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    let pairs = lines
        .chunks(2)
        .map(|pair| (schema(pair[0]), schema(pair[1])));
    let mut table: Vec<_> = pairs.collect();
    assert!(table.len() > 30, "the table was not read");
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
