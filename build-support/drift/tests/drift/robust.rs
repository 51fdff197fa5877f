//! Whatever two documents say, a comparison ends, panics never, and says the same twice.

use crate::support::contracts::{all, published, read};
use crate::support::{contract, report};
use drift::{Contract, DriftReport, Severity, witness};
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
#[ignore = "needs the published contract"]
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
                let found = found.find(|change| change.rule.id != "reference-dangling");
                assert!(found.is_none(), "{one} is {one}, not {found:?}");
            }
        }
    }
}

#[test]
fn a_key_that_stands_twice_is_for_people_to_judge() {
    let text = |limits: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\ncomponents:\n  schemas:\n    \
             A: {{type: string, {limits}}}\n"
        )
    };
    let read = |limits: &str| Contract::read("a.yaml", &text(limits)).unwrap();
    let (once, twice) = (read("maxLength: 5"), read("maxLength: 5, maxLength: 4"));
    let rules = |report: DriftReport| -> Vec<_> {
        let changes = report.changes.into_iter();
        changes
            .map(|change| {
                (
                    change.rule.id,
                    change.severity,
                    change.revision.unwrap().line,
                )
            })
            .collect()
    };
    let found = rules(report(&once, &twice));
    assert_eq!(found, [("key-repeated", Severity::Undecided, 5)]);
    assert_eq!(rules(report(&twice, &twice)), []);
}

#[test]
fn callbacks_may_lead_back_to_their_operation() {
    let document = |limit: u8| {
        json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "paths": { "/a": { "post": {
                "operationId": "a",
                "requestBody": { "content": { "application/json": { "schema": {
                    "type": "string", "maxLength": limit
                } } } },
                "responses": { "200": { "description": "d" } },
                "callbacks": { "back": { "$ref": "#/components/callbacks/Back" } }
            } } },
            "components": { "callbacks": { "Back": { "{$request.body}": { "post": {
                "responses": { "200": { "description": "d" } },
                "callbacks": { "again": { "$ref": "#/components/callbacks/Back" } }
            } } } } }
        })
    };
    let read = |limit| contract("a.json", &document(limit));
    let found = report(&read(9), &read(5)).changes;
    let rules: Vec<_> = found.iter().map(|change| change.rule.id).collect();
    assert_eq!(rules, ["request-max-length-narrowed"]);
}

/// A language of filters, each of which holds others: every way through it is one of many.
#[test]
fn unions_that_lead_into_one_another_end() {
    let document = |leaf: &str| {
        let filter = json!({ "$ref": "#/components/schemas/Filter" });
        let operators = ["and", "or", "not", "nor", "any", "all"].iter();
        let operator = |name: &&str| json!({ "type": "object", "required": [name], "properties": { *name: filter.clone() } });
        let mut members: Vec<Value> = operators.map(operator).collect();
        members.push(json!({ "type": leaf }));
        json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "1" },
            "paths": { "/a": { "post": {
                "operationId": "a",
                "requestBody": { "content": { "application/json": { "schema": filter } } },
                "responses": { "200": { "description": "d" } }
            } } },
            "components": { "schemas": { "Filter": { "oneOf": members } } }
        })
    };
    let (base, revision) = (
        contract("b.json", &document("string")),
        contract("r.json", &document("integer")),
    );
    let mut found = report(&base, &revision);
    witness::attach(&mut found, &base, &revision);
    let removed = found
        .changes
        .iter()
        .find(|change| change.severity == Severity::Breaking);
    let shown = removed.and_then(|change| change.witness.as_ref());
    let shown = shown.map(|witness| witness.value.is_string());
    assert_eq!(shown, Some(true), "{:#?}", found.changes);
}
