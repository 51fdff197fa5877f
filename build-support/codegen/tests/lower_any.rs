//! Whatever the schemas of a contract look like, lowering ends: with a contract that openapiv3 reads
//! and a model, or with errors that have places. It never panics.

use codegen::lower::lower;
use codegen::model::build;
use codegen::policy::Policy;
use contract::read_str;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Schemas made of every keyword, sensible or not, that refer to each other.
fn schema() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["A", "B", "C"]);
    let leaf = prop_oneof![
        name.prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")})),
        prop::sample::select(vec![
            json!({"type": "string"}),
            json!({"type": ["string", "null"], "enum": ["a", "b", null]}),
            json!({"type": ["integer", "string"], "exclusiveMinimum": 3, "maxLength": 2}),
            json!({"const": "x"}),
            json!({"const": null}),
            json!({"const": {"a": 1}}),
            json!({"type": "null"}),
            json!({"type": "object"}),
            json!({"enum": [1, "a", true]}),
            json!({"type": "string", "contentEncoding": "base64", "examples": ["YQ=="]}),
            json!({"type": "string", "format": "uuid", "$comment": "id"}),
            json!({"description": "anything", "if": {}, "then": {"type": "string"}}),
            json!({}),
        ]),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            list.clone().prop_map(|all| json!({"allOf": all})),
            list.clone().prop_map(|all| json!({"oneOf": all, "description": "one of them"})),
            list.clone().prop_map(|all| json!({"anyOf": all, "properties": {"p": {"type": "string"}}})),
            list.clone().prop_map(|all| json!({"oneOf": all, "discriminator": {"propertyName": "p"}})),
            list.clone().prop_map(|all| json!({"type": "array", "prefixItems": all, "items": false})),
            list.prop_map(|all| json!({
                "type": "object", "required": ["p0", "p9"], "unevaluatedProperties": false,
                "properties": all.iter().enumerate().map(|(at, one)| (format!("p{at}"), one.clone())).collect::<serde_json::Map<_, _>>(),
            })),
            inner.clone().prop_map(|one| json!({"type": ["array", "null"], "items": one})),
            inner.clone().prop_map(|one| json!({"additionalProperties": one, "patternProperties": {"^x": {"type": "string"}}})),
            inner.clone().prop_map(|one| json!({"$defs": {"d": one}, "not": {"type": "string"}})),
            inner.prop_map(|one| {
                let mut one = one;
                one["default"] = json!(1);
                one["nullable"] = json!(true);
                one["minLength"] = json!(1);
                one
            }),
        ]
    })
}

fn contract(schemas: [Value; 3], body: &Value, response: &Value) -> Value {
    let [a, b, c] = schemas;
    let json = |schema: &Value| json!({"application/json": {"schema": schema}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Any", "version": "1"},
        "paths": {"/x": {"post": {
            "requestBody": {"content": json(body)},
            "responses": {"200": {"description": "ok", "content": json(response)}},
        }}},
        "webhooks": {"hook": {"post": {
            "requestBody": {"content": json(response)},
            "responses": {"200": {"description": "ok"}},
        }}},
        "components": {"schemas": {"A": a, "B": b, "C": c}},
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn lowering_always_ends(a in schema(), b in schema(), c in schema(), body in schema(), response in schema()) {
        let text = contract([a, b, c], &body, &response).to_string();
        // Circles of references are rejected before.
        if let Ok(document) = read_str("any.json", &text) {
            let policy = Policy::default();
            let outcome = lower(&document, &policy)
                .and_then(|lowered| build(&document, &lowered, &policy));
            if let Err(errors) = outcome {
                prop_assert!(errors.has_errors());
                let placed = errors.items.iter().all(|item| item.span.is_some());
                prop_assert!(placed, "an error without a place: {errors}");
                let ours = errors.items.iter().all(|item| item.code != "lower::not-3.0");
                prop_assert!(ours, "no pass took care of this: {errors}\n{text}");
            }
        }
    }
}
