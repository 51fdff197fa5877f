//! Pairs of small contracts and what is to be said of them, from tables in `tests/drift_tables/`.
//!
//! A case of schemas holds two schemas; each pair is put into a request and into a response, and
//! `request` and `response` list what is to be found there (`same: true`: nothing at all). A case
//! of documents holds two contracts, to which only the version is added, and `changes`.

use drift::{Contract, DriftReport, Options, compare, rules};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[test]
fn every_pair_is_judged_as_the_tables_say() {
    let mut wrong = String::new();
    let mut count = 0;
    for path in tables() {
        for case in cases(&path) {
            count += 1;
            if let Err(why) = judge(&case) {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                writeln!(wrong, "{file}: {}\n{why}", text(&case, "name")).unwrap();
            }
        }
    }
    assert!(count > 100, "the tables are gone: only {count} cases");
    assert!(
        wrong.is_empty(),
        "fix the engine, or the table where it is wrong:\n{wrong}"
    );
}

#[test]
fn a_contract_is_equal_to_itself() {
    for path in tables() {
        for case in cases(&path) {
            for side in ["base", "revision"] {
                for (_, document, _) in documents(&case, side, side) {
                    let report = compare(&document.0, &document.1, &Options::default());
                    let serious = report
                        .changes
                        .iter()
                        .filter(|change| change.rule.id != "reference-dangling");
                    let found: Vec<_> = serious
                        .map(|change| (change.rule.id, &change.message))
                        .collect();
                    assert!(found.is_empty(), "{}: {found:?}", text(&case, "name"));
                }
            }
        }
    }
}

/// Rules without a case, and why.
const WITHOUT_CASE: [(&str, &str); 3] = [
    (
        "key-repeated",
        "a table cannot hold it; `drift/robust.rs` does",
    ),
    (
        "version-changed",
        "cases differ in version without meaning it",
    ),
    ("union-changed", "it takes hundreds of alternatives"),
];

#[test]
fn every_rule_has_a_case() {
    let mut shown: Vec<String> = Vec::new();
    for case in tables().iter().flat_map(|path| cases(path)) {
        for what in ["request", "response", "changes"] {
            let rules = expected(&case, what);
            shown.extend(
                rules
                    .iter()
                    .filter_map(|one| one.split(' ').nth(1))
                    .map(bare),
            );
        }
    }
    let waived = |rule: &str| WITHOUT_CASE.iter().any(|(name, _)| *name == rule);
    let bare = rules::ALL.iter().map(|rule| match rule.area {
        "request" | "response" | "schema" => bare(rule.id),
        _ => rule.id.to_owned(),
    });
    let missing: Vec<String> = bare
        .filter(|rule| !waived(rule) && !shown.contains(rule))
        .collect();
    assert!(missing.is_empty(), "add a case to a table for {missing:?}");
}

/// A rule without its direction.
fn bare(rule: &str) -> String {
    let directions = ["request-", "response-", "schema-"];
    let own = rules::find(rule)
        .is_some_and(|rule| !directions.contains(&format!("{}-", rule.area).as_str()));
    let cut = directions
        .iter()
        .find_map(|direction| rule.strip_prefix(direction));
    let cut = cut.filter(|_| !own && rules::find(rule).is_some());
    cut.unwrap_or(rule).to_owned()
}

fn tables() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drift_tables");
    let entries = std::fs::read_dir(folder).expect("the tables stand beside this test");
    let paths = entries.map(|entry| entry.expect("the folder can be listed").path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|ext| ext == "yaml"))
        .collect();
    paths.sort();
    paths
}

/// A table is read with the project's own reader, under a field of its own.
fn cases(path: &Path) -> Vec<Value> {
    let table = Contract::read_file(path).unwrap_or_else(|error| panic!("{error}"));
    let json = table
        .root()
        .get("x-cases")
        .expect("a table has `x-cases`")
        .to_json();
    json.as_array().expect("a list of cases").clone()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

type Pair = (Contract, Contract);

/// What is compared, as what it is called, the pair, and the prefix its rules have.
fn documents(case: &Value, base: &str, revision: &str) -> Vec<(&'static str, Pair, &'static str)> {
    let version = |side: &str| {
        let own = case
            .get("versions")
            .and_then(|versions| versions.get(side))
            .and_then(Value::as_str);
        own.or(case.get("version").and_then(Value::as_str))
            .unwrap_or("3.1.0")
            .to_owned()
    };
    let schemas = || case.get("components").cloned().unwrap_or(json!({}));
    let schemas_of = |side: &str| {
        let own = case.get(format!("{side}-components"));
        own.cloned().unwrap_or_else(schemas)
    };
    let read = |document: Value| {
        Contract::read("case.json", &document.to_string())
            .unwrap_or_else(|error| panic!("{}: {error}", text(case, "name")))
    };
    if text(case, "kind") == "document" {
        let build = |side: &str| {
            let mut document = case.get(side).cloned().unwrap_or(json!({}));
            let fields = document.as_object_mut().expect("a document is an object");
            fields.entry("openapi").or_insert(json!(version(side)));
            read(document)
        };
        return vec![("changes", (build(base), build(revision)), "")];
    }
    let request = |side: &str| {
        let schema = case.get(side).cloned().unwrap_or(json!({}));
        read(json!({
            "openapi": version(side),
            "paths": {"/a": {"post": {
                "requestBody": {"content": {"application/json": {"schema": schema}}},
                "responses": {"204": {"description": ""}},
            }}},
            "components": {"schemas": schemas_of(side)},
        }))
    };
    let response = |side: &str| {
        let schema = case.get(side).cloned().unwrap_or(json!({}));
        read(json!({
            "openapi": version(side),
            "paths": {"/a": {"get": {"responses": {"200": {
                "description": "",
                "content": {"application/json": {"schema": schema}},
            }}}}},
            "components": {"schemas": schemas_of(side)},
        }))
    };
    vec![
        ("request", (request(base), request(revision)), "request-"),
        (
            "response",
            (response(base), response(revision)),
            "response-",
        ),
    ]
}

fn judge(case: &Value) -> Result<(), String> {
    let mut wrong = String::new();
    for (what, pair, prefix) in documents(case, "base", "revision") {
        let report = compare(&pair.0, &pair.1, &Options::default());
        check(&report);
        let found = said(&report, prefix);
        let expected = expected(case, what);
        if found != expected {
            let _ = writeln!(
                wrong,
                "  {what}\n    expected {expected:?}\n    found    {found:?}"
            );
            for change in &report.changes {
                let _ = writeln!(wrong, "    {}: {}", change.rule.id, change.message);
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn said(report: &DriftReport, prefix: &str) -> Vec<String> {
    let changes = report
        .changes
        .iter()
        .filter(|change| change.rule.id != "version-changed");
    let mut said: Vec<String> = changes
        .map(|change| {
            let rule = change
                .rule
                .id
                .strip_prefix(prefix)
                .unwrap_or(change.rule.id);
            format!("{:?} {rule}", change.severity).to_lowercase()
        })
        .collect();
    said.sort();
    said
}

fn expected(case: &Value, what: &str) -> Vec<String> {
    let list = case.get(what).and_then(Value::as_array);
    let mut expected: Vec<String> = list
        .into_iter()
        .flatten()
        .map(|one| one.as_str().expect("severity and rule").to_owned())
        .collect();
    expected.sort();
    expected
}

/// What holds for every report.
fn check(report: &DriftReport) {
    let mut seen = std::collections::BTreeSet::new();
    for change in &report.changes {
        assert!(
            rules::find(change.rule.id).is_some(),
            "{} is not a rule",
            change.rule.id
        );
        assert!(
            !change.message.is_empty(),
            "{} says nothing",
            change.rule.id
        );
        assert!(change.base.is_some() || change.revision.is_some());
        assert!(
            seen.insert(&change.fingerprint),
            "{} is said twice",
            change.message
        );
        for place in change.base.iter().chain(&change.revision) {
            assert!(
                place.line > 0 && place.column > 0,
                "{place:?} is not a place"
            );
        }
    }
}
