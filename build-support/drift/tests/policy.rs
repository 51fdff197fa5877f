//! The page that states the policy names rules that exist, and its switches work.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use drift::{Contract, Options, Reweighed, Severity, compare};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../POLICY.md");

#[test]
fn every_switch_of_the_page_can_be_given() {
    let words = PAGE.split('`').filter_map(|word| {
        let switch = word.strip_prefix("--severity ").unwrap_or(word);
        let is_switch =
            switch.contains('=') && !switch.starts_with('=') && !switch.contains("RULE");
        is_switch.then_some(switch)
    });
    let words: Vec<&str> = words.collect();
    assert!(words.len() > 15, "the page lost its switches: {words:?}");
    for word in words {
        let read: Result<Reweighed, _> = word.parse();
        assert!(read.is_ok(), "{word}: {}", read.unwrap_err());
    }
}

#[test]
fn what_is_not_a_switch_is_rejected_with_its_reason() {
    for (word, reason) in [
        ("request-property-removed", "RULE=SEVERITY"),
        ("request-property-removd=breaking", "is not a rule"),
        ("request-property-removed=bad", "is not a severity"),
        ("request-property-removed:bad=breaking", "is not a severity"),
    ] {
        let why = word.parse::<Reweighed>().unwrap_err();
        assert!(why.contains(reason), "{word}: {why}");
    }
}

fn document(request: &Value, response: &Value, scheme: &str) -> Contract {
    let content = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/a": { "post": {
            "security": [{ scheme: [] }],
            "requestBody": { "content": content(request) },
            "responses": { "200": { "description": "", "content": content(response) } },
        } } },
        "components": { "securitySchemes": {
            "one": { "type": "http", "scheme": "bearer" },
            "two": { "type": "http", "scheme": "bearer" },
        } },
    });
    Contract::read("a.json", &document.to_string()).unwrap()
}

/// What the page says of a case, and what a switch makes of it.
#[test]
fn cases_weigh_as_the_page_says() {
    let object = |names: &[&str], closed: bool| {
        let all: serde_json::Map<String, Value> = names
            .iter()
            .map(|name| ((*name).to_owned(), json!({ "type": "string" })))
            .collect();
        json!({ "type": "object", "properties": all, "additionalProperties": !closed })
    };
    let (small, large) = (object(&["a"], false), object(&["a", "b"], false));
    let (closed, wider) = (object(&["a"], true), object(&["a", "b"], true));
    let base = document(&large, &small, "one");
    for (revision, switch, before, after) in [
        (
            document(&small, &small, "one"),
            "request-property-removed=breaking",
            Some(Severity::Warning),
            Some(Severity::Breaking),
        ),
        (
            document(&large, &large, "one"),
            "response-property-added:compatible=warning",
            Some(Severity::Compatible),
            Some(Severity::Warning),
        ),
        (
            document(&large, &small, "two"),
            "security-scheme-changed:compatible=warning",
            Some(Severity::Compatible),
            Some(Severity::Warning),
        ),
    ] {
        assert_eq!(worst(&base, &revision, &[]), before, "{switch}");
        assert_eq!(worst(&base, &revision, &[switch]), after, "{switch}");
    }
    let (base, revision) = (
        document(&large, &closed, "one"),
        document(&large, &wider, "one"),
    );
    assert_eq!(worst(&base, &revision, &[]), Some(Severity::Warning));
    let switch = "response-property-added=breaking";
    assert_eq!(worst(&base, &revision, &[switch]), Some(Severity::Breaking));
}

fn worst(base: &Contract, revision: &Contract, switches: &[&str]) -> Option<Severity> {
    let mut options = Options::default();
    options.reweighed = switches
        .iter()
        .map(|switch| switch.parse().unwrap())
        .collect();
    compare(base, revision, &options).worst()
}
