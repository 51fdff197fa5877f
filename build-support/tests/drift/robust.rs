//! Whatever two documents say, a comparison ends, panics never, and says the same twice.

use crate::support::contracts::{all, published, read};
use crate::support::{contract, report};
use build_support::drift::witness;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

fn pointers(value: &Value, prefix: &str, found: &mut Vec<String>) {
    found.push(prefix.to_owned());
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{prefix}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointers(item, &format!("{prefix}/{at}"), found);
            }
        }
        _ => {}
    }
}

/// Parts of a document replaced by other parts of it, or by what does not belong there.
fn disturbed(document: &Value, changes: &[(Index, Index, u8)]) -> Value {
    let mut disturbed = document.clone();
    for (from, to, kind) in changes {
        let mut places = Vec::new();
        pointers(&disturbed, "", &mut places);
        let (from, to) = (
            &places[from.index(places.len())],
            &places[to.index(places.len())],
        );
        let source = disturbed.pointer(from).unwrap().clone();
        if to.is_empty() || to == "/openapi" {
            continue;
        }
        *disturbed.pointer_mut(to).unwrap() = match kind % 8 {
            0 => Value::Null,
            1 => json!([]),
            2 => json!({ "$ref": format!("#{from}") }),
            3 => json!({ "$ref": "#/nowhere" }),
            4 => json!(-1e300),
            _ => source,
        };
    }
    disturbed
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 120,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn disturbed_documents(
        which in any::<Index>(),
        other in any::<Index>(),
        changes in prop::collection::vec((any::<Index>(), any::<Index>(), any::<u8>()), 1..5),
    ) {
        let documents = all();
        let base = contract("base.json", &which.get(&documents).1);
        let revision = disturbed(&other.get(&documents).1, &changes);
        let revision = contract("revision.json", &revision);
        for (one, two) in [(&base, &revision), (&revision, &base), (&revision, &revision)] {
            let mut first = report(one, two);
            witness::attach(&mut first, one, two);
            let mut second = report(one, two);
            witness::attach(&mut second, one, two);
            prop_assert_eq!(&first, &second);
        }
    }
}

#[test]
fn twice_is_the_same() {
    let published = published();
    for pair in published.windows(2) {
        let (base, revision) = (read(&pair[0].1), read(&pair[1].1));
        let again = (read(&pair[0].1), read(&pair[1].1));
        let first = format!("{:?}", report(&base, &revision).changes);
        let second = format!("{:?}", report(&again.0, &again.1).changes);
        assert!(
            first == second,
            "{} → {} differs from run to run",
            pair[0].0,
            pair[1].0
        );
    }
}

#[test]
fn circles() {
    let body = |schema: Value| {
        json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "paths": { "/a": { "post": {
                "operationId": "a",
                "requestBody": { "content": { "application/json": { "schema": {
                    "$ref": "#/components/schemas/A"
                } } } },
                "responses": { "200": { "description": "d" } }
            } } },
            "components": { "schemas": {
                "A": schema,
                "B": { "$ref": "#/components/schemas/C" },
                "C": { "$ref": "#/components/schemas/B" },
                "D": { "allOf": [{ "$ref": "#/components/schemas/D" }] }
            } }
        })
    };
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let schemas = [
        reference("A"),
        reference("B"),
        json!({ "allOf": [reference("A")] }),
        json!({ "oneOf": [reference("A"), { "type": "null" }] }),
        json!({ "anyOf": [reference("D"), reference("A")] }),
        json!({ "not": reference("A") }),
        json!({ "properties": { "next": reference("A") } }),
        json!({ "properties": { "next": { "allOf": [reference("A"), { "required": ["next"] }] } } }),
        json!({ "items": { "oneOf": [reference("A"), reference("D")] } }),
        json!({ "additionalProperties": reference("A"), "if": reference("A"), "then": reference("B") }),
    ];
    for one in &schemas {
        for other in &schemas {
            let (base, revision) = (body(one.clone()), body(other.clone()));
            let (base, revision) = (contract("b.json", &base), contract("r.json", &revision));
            let mut report = report(&base, &revision);
            witness::attach(&mut report, &base, &revision);
            if one == other {
                // That a reference leads in a circle is said all the same.
                let mut found = report.changes.iter();
                let found = found.find(|change| change.rule != "reference-dangling");
                assert!(found.is_none(), "{one} is {one}, not {found:?}");
            }
        }
    }
}
