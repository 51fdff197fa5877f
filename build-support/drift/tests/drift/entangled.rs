//! Schemas that lead into one another about one and the same value, and more combinations than can be
//! counted: a comparison ends all the same.

use crate::support::{contract, report, report_of};
use drift::{Severity, witness};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// How many schemas lead into one another.
const COUNT: usize = 4;

fn reference(at: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{at}") })
}

fn document(schemas: &[Value]) -> Value {
    let content = json!({ "application/json": { "schema": reference(0) } });
    let named = schemas.iter().enumerate();
    let named: Map<String, Value> = named
        .map(|(at, schema)| (format!("S{at}"), schema.clone()))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/a": { "post": {
            "parameters": [{ "name": "q", "in": "query", "schema": reference(1) }],
            "requestBody": { "required": true, "content": content },
            "responses": { "200": { "description": "", "content": content } },
        } } },
        "components": { "schemas": named },
    })
}

fn entangled() -> impl Strategy<Value = Value> {
    let leaf = || {
        prop_oneof![
            3 => (0..COUNT).prop_map(reference),
            1 => prop::sample::select(vec!["string", "integer", "object", "array"])
                .prop_map(|kind| json!({ "type": kind })),
        ]
    };
    leaf().prop_recursive(2, 8, 3, |inner| {
        let several = || prop::collection::vec(inner.clone(), 1..4);
        let three = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            several().prop_map(|all| json!({ "allOf": all })),
            several().prop_map(|all| json!({ "anyOf": all })),
            several().prop_map(|all| json!({ "oneOf": all })),
            inner.clone().prop_map(|one| json!({ "not": one })),
            three
                .prop_map(|(test, then, other)| json!({ "if": test, "then": then, "else": other })),
            (inner.clone(), inner.clone()).prop_map(|(own, other)| json!({
                "type": "object",
                "properties": { "p": own },
                "additionalProperties": other,
                "dependentSchemas": { "p": reference(2) },
            })),
            (inner.clone(), inner).prop_map(|(item, other)| json!({
                "items": item,
                "contains": other,
                "propertyNames": reference(3),
                "enum": [1, "a", [1], { "p": 1 }],
            })),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        max_shrink_iters: 50,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn schemas_that_lead_into_one_another(
        schemas in prop::collection::vec(entangled(), COUNT),
        other in entangled(),
        at in 0..COUNT,
    ) {
        let mut changed = schemas.clone();
        changed[at] = other;
        let (base, revision) = (document(&schemas), document(&changed));
        let (base, revision) = (contract("b.json", &base), contract("r.json", &revision));
        let mut report = report(&base, &revision);
        witness::attach(&mut report, &base, &revision);
    }
}

#[test]
fn a_condition_on_unions_that_lead_into_one_another() {
    let schemas = |name: &str| {
        document(&[
            json!({ "type": "object", "if": reference(1), "then": { "required": [name] } }),
            json!({ "anyOf": [reference(2), { "type": "object", "required": ["x"] }] }),
            json!({ "anyOf": [reference(1), { "type": "object", "required": ["y"] }] }),
        ])
    };
    let report = report_of(&schemas("a"), &schemas("b"));
    assert!(
        report
            .changes
            .iter()
            .any(|change| change.severity != Severity::Compatible),
        "another property is required"
    );
}

#[test]
fn more_combinations_than_can_be_counted() {
    let ways = 0..70;
    let unions = ways.clone().map(|at| {
        json!({ "oneOf": [{ "required": [format!("a{at}")] }, { "required": [format!("b{at}")] }] })
    });
    let unions: Vec<Value> = unions.collect();
    let secured = |longest: usize| {
        let mut all = unions.clone();
        all.push(json!({ "properties": { "z": { "maxLength": longest } } }));
        let mut document = document(&[json!({ "type": "object", "allOf": all }), json!({})]);
        let scheme = |at: usize| {
            json!({ "type": "oauth2", "flows": {
                "implicit": { "authorizationUrl": format!("https://a/{at}/{longest}"), "scopes": {} },
                "clientCredentials": { "tokenUrl": format!("https://b/{at}"), "scopes": {} },
            } })
        };
        let schemes: Map<String, Value> = ways
            .clone()
            .map(|at| (format!("k{at}"), scheme(at)))
            .collect();
        let asked: Map<String, Value> = schemes
            .keys()
            .map(|name| (name.clone(), json!([])))
            .collect();
        document["components"]["securitySchemes"] = Value::Object(schemes);
        document["paths"]["/a"]["post"]["security"] = json!([asked]);
        document
    };
    let report = report_of(&secured(5), &secured(4));
    let breaking = report.changes.iter();
    let mut breaking = breaking.filter(|change| change.severity >= Severity::Warning);
    assert!(breaking.next().is_some(), "a text became shorter");
}
