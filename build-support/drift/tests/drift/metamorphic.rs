//! The same contract, written otherwise, is the same contract.

use crate::support::contracts::{all, published, read};
use crate::support::print::shuffled;
use crate::support::random::Random;
use crate::support::rewrite::{self, is_old};
use crate::support::synthetic;
use crate::support::versions::{to_3_0, to_3_1};
use crate::support::{contract, lines, report, report_of};
use drift::{Contract, DriftReport};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

/// What a report may say of equal documents: that a reference of theirs leads nowhere, that there are
/// other components, and that a keyword has no effect. None of it is about values.
const SAID: &[&str] = &[
    "component-added",
    "component-changed",
    "component-removed",
    "reference-dangling",
    "request-keyword-without-effect",
    "response-keyword-without-effect",
    "schema-keyword-without-effect",
];

/// What it may say besides when they follow different versions of the specification: that, and that
/// examples and the prose beside references, which only one version has, come or go.
const VERSIONS: &[&str] = &[
    "component-changed",
    "reference-dangling",
    "version-changed",
    "documentation-changed",
];

fn differences(report: &DriftReport, said: &[&str]) -> Vec<String> {
    let mut report = report.clone();
    report
        .changes
        .retain(|change| !said.contains(&change.rule.id));
    lines(&report)
}

fn assert_same(base: &Contract, revision: &Contract, what: &str) {
    assert_equal(base, revision, what, SAID);
}

fn assert_equal(base: &Contract, revision: &Contract, what: &str, said: &[&str]) {
    for (one, other, way) in [(base, revision, "to"), (revision, base, "from")] {
        let found = differences(&report(one, other), said);
        assert!(
            found.is_empty(),
            "{what} ({way} the rewritten document): these are equal, so nothing may be reported:\n{}",
            found.join("\n")
        );
    }
}

#[test]
fn itself() {
    for (name, document) in all() {
        let contract = contract("same.json", &document);
        assert_same(&contract, &contract, &name);
    }
}

#[test]
#[ignore = "needs the published contract"]
fn itself_of_published() {
    for (name, path) in published() {
        let contract = read(&path);
        assert_same(&contract, &contract, &name);
    }
}

#[test]
#[ignore = "needs the published contract"]
fn yaml_and_json_of_published() {
    for (name, path) in published() {
        let yaml = read(&path);
        let json = contract("same.json", &yaml.root().to_json());
        assert_same(&yaml, &json, &name);
    }
}

#[test]
fn each_rewrite() {
    assert_rewritten(all());
}

#[test]
#[ignore = "needs the published contract"]
fn each_rewrite_of_published() {
    assert_rewritten(few_published());
}

#[test]
fn each_rewrite_of_large_documents() {
    let documents = [(3, true), (5, false)];
    let documents = documents.map(|(seed, is_old)| {
        let document = synthetic::document(seed, 32, is_old);
        (format!("large document {seed}"), document)
    });
    assert_rewritten(documents.into());
}

#[test]
fn all_rewrites_together_of_large_documents() {
    for (seed, is_old) in [(7, true), (9, false), (11, false)] {
        let document = synthetic::document(seed, 48, is_old);
        let mut rewritten = document.clone();
        for (_, rewrite) in rewrite::ALL {
            rewrite(&mut rewritten, &mut Random::new(seed));
        }
        let text = shuffled(&rewritten, &mut Random::new(seed));
        let revision = Contract::read("revision.json", &text).unwrap();
        let base = contract("base.json", &document);
        assert_same(&base, &revision, &format!("large document {seed}"));
    }
}

#[test]
fn large_documents_of_the_older_version_as_the_newer() {
    for seed in [13, 15] {
        let document = synthetic::document(seed, 32, true);
        let mut rewritten = document.clone();
        to_3_1(&mut rewritten, &mut Random::new(seed));
        let (base, revision) = (
            contract("b.json", &document),
            contract("r.json", &rewritten),
        );
        let what = format!("large document {seed} as 3.1");
        assert_equal(&base, &revision, &what, VERSIONS);
    }
}

fn assert_rewritten(documents: Vec<(String, Value)>) {
    for (name, document) in documents {
        let base = contract("base.json", &document);
        for (way, rewrite) in rewrite::ALL {
            for seed in 0..2 {
                let mut rewritten = document.clone();
                rewrite(&mut rewritten, &mut Random::new(seed));
                let revision = contract("revision.json", &rewritten);
                assert_same(&base, &revision, &format!("{name}, {way}, seed {seed}"));
            }
        }
    }
}

#[test]
fn the_older_version_as_the_newer() {
    let old = all().into_iter().filter(|(_, document)| is_old(document));
    let mut met = 0;
    for (name, document) in old {
        for seed in 0..6 {
            let mut rewritten = document.clone();
            to_3_1(&mut rewritten, &mut Random::new(seed));
            let (base, revision) = (
                contract("b.json", &document),
                contract("r.json", &rewritten),
            );
            assert_equal(
                &base,
                &revision,
                &format!("{name} as 3.1, seed {seed}"),
                VERSIONS,
            );
        }
        met += 1;
    }
    assert!(
        met > 1,
        "there should be contracts of 3.0 among those of the tests"
    );
}

#[test]
fn the_newer_version_as_the_older() {
    let met = assert_same_as_older(all());
    assert!(
        met > 1,
        "there should be contracts of 3.1 that 3.0 can express"
    );
}

#[test]
#[ignore = "needs the published contract"]
fn the_newer_version_as_the_older_of_published() {
    assert_same_as_older(few_published());
}

/// How many documents could be expressed.
fn assert_same_as_older(documents: Vec<(String, Value)>) -> usize {
    let mut met = 0;
    for (name, document) in documents {
        let Some(rewritten) = to_3_0(&without_webhooks(&document)) else {
            continue;
        };
        let base = contract("b.json", &without_webhooks(&document));
        let revision = contract("r.json", &rewritten);
        assert_equal(&base, &revision, &format!("{name} as 3.0"), VERSIONS);
        met += 1;
    }
    met
}

/// Webhooks are all that keeps some documents from the older version.
fn without_webhooks(document: &Value) -> Value {
    let mut document = document.clone();
    document.as_object_mut().unwrap().remove("webhooks");
    document
}

/// The oldest published version, one from the middle, and the newest stand for all.
fn few_published() -> Vec<(String, Value)> {
    let few = published().into_iter().step_by(4);
    few.map(|(name, path)| (name, read(&path).root().to_json()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        max_shrink_iters: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn rewrites_on_top_of_each_other(
        which in any::<Index>(),
        ways in prop::collection::vec((0..rewrite::ALL.len(), 0_u64..1000), 2..6),
        seed in 0_u64..1000,
    ) {
        let documents = all();
        let (name, document) = which.get(&documents);
        let mut rewritten = document.clone();
        for (way, seed) in &ways {
            let (_, rewrite) = rewrite::ALL[*way];
            rewrite(&mut rewritten, &mut Random::new(*seed));
        }
        let text = shuffled(&rewritten, &mut Random::new(seed));
        let revision = Contract::read("revision.json", &text).unwrap();
        let found = differences(&report(&contract("base.json", document), &revision), SAID);
        let names: Vec<&str> = ways.iter().map(|(way, _)| rewrite::ALL[*way].0).collect();
        prop_assert!(found.is_empty(), "{name}, {names:?}:\n{}", found.join("\n"));
    }
}

/// What is written differently and means the same.
const SPELLINGS: &[(&str, &str)] = &[
    (r#"{"type": "string"}"#, r#"{"type": ["string"]}"#),
    (r#"{"const": "a"}"#, r#"{"enum": ["a"]}"#),
    (
        r#"{"type": ["string", "null"]}"#,
        r#"{"oneOf": [{"type": "string"}, {"type": "null"}]}"#,
    ),
    (
        r#"{"type": ["string", "null"]}"#,
        r#"{"anyOf": [{"type": "null"}, {"type": "string"}]}"#,
    ),
    (
        r#"{"type": ["string", "null"]}"#,
        r#"{"oneOf": [{"type": "string"}, {"enum": [null]}]}"#,
    ),
    (
        r#"{"type": ["integer", "number"]}"#,
        r#"{"type": "number"}"#,
    ),
    (
        r#"{"type": "object"}"#,
        r#"{"type": "object", "additionalProperties": true}"#,
    ),
    (
        r#"{"type": "object"}"#,
        r#"{"type": "object", "additionalProperties": {}}"#,
    ),
    (
        r#"{"type": "object"}"#,
        r#"{"type": "object", "properties": {}}"#,
    ),
    (
        r#"{"type": "object"}"#,
        r#"{"type": "object", "required": []}"#,
    ),
    (
        r#"{"type": "object"}"#,
        r#"{"type": "object", "minProperties": 0}"#,
    ),
    (r#"{"type": "array"}"#, r#"{"type": "array", "items": {}}"#),
    (
        r#"{"type": "array"}"#,
        r#"{"type": "array", "items": true, "minItems": 0}"#,
    ),
    (
        r#"{"type": "array"}"#,
        r#"{"type": "array", "uniqueItems": false}"#,
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"type": "string", "minLength": 0}"#,
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"allOf": [{"type": "string"}]}"#,
    ),
    (
        r#"{"type": "string", "maxLength": 3}"#,
        r#"{"allOf": [{"type": "string"}, {"maxLength": 3}]}"#,
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"oneOf": [{"type": "string"}]}"#,
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"anyOf": [{"type": "string"}]}"#,
    ),
    (
        r#"{"type": "string"}"#,
        r#"{"$ref": "\#/components/schemas/Text"}"#,
    ),
    (r#"{"minimum": 1.0}"#, r#"{"minimum": 1}"#),
    (r#"{"enum": [1, 2.0]}"#, r#"{"enum": [2, 1]}"#),
    (
        r#"{"type": "string", "enum": ["a", "b"]}"#,
        r#"{"enum": ["b", "a"]}"#,
    ),
    (
        r#"{"type": "integer"}"#,
        r#"{"type": "number", "multipleOf": 1}"#,
    ),
    (
        r#"{"type": "string", "maximum": 4}"#,
        r#"{"type": "string"}"#,
    ),
    (
        r#"{"type": "string", "readOnly": false}"#,
        r#"{"type": "string"}"#,
    ),
    (
        r#"{"type": "integer", "minimum": 3}"#,
        r#"{"type": "integer", "exclusiveMinimum": 2}"#,
    ),
];

#[test]
fn spellings() {
    let mut wrong = Vec::new();
    for &(one, other) in SPELLINGS {
        let other = other.replace("\\#", "#");
        let document = |schema: &str| {
            let schema: Value = serde_json::from_str(schema).unwrap();
            both_ways(&schema)
        };
        for (base, revision) in [(one, other.as_str()), (other.as_str(), one)] {
            let found = differences(&report_of(&document(base), &document(revision)), SAID);
            if !found.is_empty() {
                wrong.push(format!("{base} → {revision}:\n  {}", found.join("\n  ")));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "equal, yet reported:\n{}",
        wrong.join("\n")
    );
}

/// A document that sends a schema both ways, inside a list inside an object.
fn both_ways(schema: &Value) -> Value {
    let body = serde_json::json!({ "content": { "application/json": { "schema": {
        "type": "object",
        "properties": { "list": { "type": "array", "items": schema } }
    } } } });
    serde_json::json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/a": { "post": {
            "operationId": "a",
            "requestBody": body,
            "responses": { "200": { "description": "d", "content": body["content"] } }
        } } },
        "components": { "schemas": { "Text": { "type": "string" } } }
    })
}
