//! Generated code that lost or gained something is distinguished from code that did not.

use super::verdict::is_stale;
use super::{add_stale, inventory};
use codegen::generate::{OWNED, generate};
use codegen::policy::Policy;
use contract::Document;
use drift::report::DriftReport;
use files::{FileSet, Mode, Outcome, apply};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../..").canonicalize().unwrap()
}

/// The vendored contract, its policy, and what is generated from them.
fn vendored() -> (Document, Policy, FileSet) {
    let document = contract::read_file(&root().join("openapi/offblocks.yaml")).unwrap();
    let policy = std::fs::read_to_string(root().join("openapi/codegen.toml")).unwrap();
    let policy = Policy::parse("codegen.toml", &policy).unwrap();
    let files = generate(&document, &policy)
        .unwrap()
        .in_workspace()
        .unwrap();
    (document, policy, files)
}

fn shown(report: &DriftReport) -> String {
    let lines = report
        .changes
        .iter()
        .map(|it| format!("{}: {}\n", it.rule.id, it.message));
    lines.collect()
}

/// The files with one text replaced once in one of them.
fn changed(files: &FileSet, path: &str, old: &str, new: &str) -> FileSet {
    let mut changed = FileSet::new();
    let mut hits = 0;
    for (name, text) in files.iter() {
        let mut text = text.to_owned();
        if name.ends_with(path) && text.contains(old) {
            text = text.replacen(old, new, 1);
            hits += 1;
        }
        changed.insert(name, text).unwrap();
    }
    assert_eq!(hits, 1, "`{old}` has to be in {path}: choose another text");
    changed
}

#[test]
fn what_is_generated_from_the_contract_is_complete() {
    let (document, policy, files) = vendored();
    let report = inventory(&document, &policy, &files, &files);
    assert!(report.changes.is_empty(), "{}", shown(&report));
}

/// A file, a text in it, what stands there instead, the rule that finds it, and what that says.
type Dropped = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const DROPPED: &[Dropped] = &[
    (
        "types/src/generated/cards.rs",
        "pub masked_pan: Option<String>,",
        "",
        "code-field-missing",
        "Card.maskedPan",
    ),
    (
        "types/src/generated/cards.rs",
        "rename_all = \"camelCase\"",
        "rename_all = \"snake_case\"",
        "code-field-missing",
        "accountId",
    ),
    (
        "types/src/generated/cards.rs",
        "    /// `visa`.\n    Visa,\n",
        "",
        "code-enum-value-missing",
        "visa",
    ),
    (
        "types/src/generated/cards.rs",
        "[Self::Visa, ",
        "[",
        "code-enum-value-missing",
        "a way to read",
    ),
    (
        "types/src/generated/cards.rs",
        "Self::Visa => \"visa\"",
        "Self::Visa => \"vista\"",
        "code-enum-value-missing",
        "a way to write",
    ),
    (
        "types/src/generated/cards.rs",
        "pub struct CardId",
        "pub struct CardName",
        "code-schema-missing",
        "CardId",
    ),
    (
        "types/src/generated/webhooks.rs",
        "    CardUpdate(CardUpdate),\n",
        "",
        "code-schema-missing",
        "WebhookEvent: CardUpdate",
    ),
    (
        "client/src/generated/engine.rs",
        "\"chain\", &self.chain",
        "\"chains\", &self.chain",
        "code-parameter-missing",
        "query chain",
    ),
    (
        "client/src/generated/cards.rs",
        "pub fn get_card(",
        "fn get_card(",
        "code-operation-missing",
        "getCard",
    ),
    (
        "client/src/generated/cards.rs",
        "\"/cards/\"",
        "\"/card/\"",
        "code-operation-missing",
        "a request",
    ),
    (
        "client/src/generated/cards.rs",
        ".patch(url)",
        ".post(url)",
        "code-operation-missing",
        "PATCH",
    ),
    (
        "client/src/generated/operations.rs",
        "idempotent: true",
        "idempotent: false",
        "code-parameter-missing",
        "Idempotency-Key",
    ),
    (
        "client/src/generated/authorisations.rs",
        "200..=299 => response.json()",
        "202..=299 => response.json()",
        "code-status-missing",
        "getAuthorisationDetails: 200",
    ),
    (
        "client/src/generated/operations.rs",
        "path: \"/assets\"",
        "path: \"/asset\"",
        "code-operation-missing",
        "GET /assets",
    ),
    (
        "client/src/generated/operations.rs",
        "[200, 400, 401, 404, 500]",
        "[200, 400, 401, 500]",
        "code-status-missing",
        "404",
    ),
    (
        "client/src/generated/operations.rs",
        "signed: true",
        "signed: false",
        "code-parameter-missing",
        "Signature",
    ),
    (
        "server/src/generated/cards.rs",
        "        .operation(&operations::GET_CARD, api.clone(), get_card)\n",
        "",
        "code-operation-missing",
        "a route",
    ),
    (
        "server/src/generated/cards.rs",
        "problem.into_response_with_status(404)",
        "problem.into_response_with_status(400)",
        "code-status-missing",
        "404",
    ),
    (
        "server/src/generated/cards.rs",
        "respond::json(201",
        "respond::json(200",
        "code-status-missing",
        "201",
    ),
    (
        "server/src/generated/engine.rs",
        "Location::Query, \"chain\"",
        "Location::Header, \"chain\"",
        "code-parameter-missing",
        "query chain",
    ),
    (
        "server/src/generated/operations.rs",
        "\"chain\"",
        "\"chains\"",
        "code-parameter-missing",
        "query chain",
    ),
    (
        "server/src/generated/operations.rs",
        "\"/assets\"",
        "\"/asset\"",
        "code-operation-missing",
        "getAssets",
    ),
    (
        "server/src/generated/operations.rs",
        "    .digest()\n",
        "",
        "code-parameter-missing",
        "Content-Digest",
    ),
    (
        "server/src/generated/operations.rs",
        "\"401\", \"404\"",
        "\"404\"",
        "code-status-missing",
        "401",
    ),
    (
        "server/src/generated/receivers.rs",
        "&[\"200\"]",
        "&[\"201\"]",
        "code-status-missing",
        "WebhookEvent: 200",
    ),
];

#[test]
fn whatever_is_dropped_is_found() {
    let (document, policy, files) = vendored();
    for &(path, old, new, rule, words) in DROPPED {
        let report = inventory(&document, &policy, &changed(&files, path, old, new), &files);
        let found = report
            .changes
            .iter()
            .any(|it| it.rule.id == rule && it.message.contains(words));
        assert!(
            found,
            "`{old}` → `{new}` in {path} is not {rule}: {}",
            shown(&report)
        );
        let placed = report
            .changes
            .iter()
            .all(|it| it.base.is_some() || it.revision.is_some());
        assert!(placed, "a finding has no place");
    }
}

#[test]
fn whatever_is_made_up_is_found() {
    let (document, policy, files) = vendored();
    let table = [
        (
            "types/src/generated/cards.rs",
            "pub masked_pan:",
            "pub cvv: String,\n    pub masked_pan:",
            "code-field-extra",
        ),
        (
            "types/src/generated/cards.rs",
            "    Visa,\n",
            "    Visa,\n    Amex,\n",
            "code-enum-value-extra",
        ),
        (
            "types/src/generated/cards.rs",
            "pub struct CardId",
            "pub struct CardPin;\npub struct CardId",
            "code-schema-extra",
        ),
        (
            "client/src/generated/cards.rs",
            "pub fn get_card(",
            "pub fn get_pin(&self) {}\n    pub fn get_card(",
            "code-operation-extra",
        ),
        (
            "server/src/generated/operations.rs",
            "\"401\", \"404\"",
            "\"401\", \"402\", \"404\"",
            "code-status-extra",
        ),
        (
            "server/src/generated/operations.rs",
            "\"chain\"",
            "\"chains\"",
            "code-parameter-extra",
        ),
    ];
    for (path, old, new, rule) in table {
        let report = inventory(&document, &policy, &changed(&files, path, old, new), &files);
        let found = report
            .changes
            .iter()
            .any(|it| it.rule.id == rule && it.revision.is_some());
        assert!(
            found,
            "`{old}` → `{new}` in {path} is not {rule}: {}",
            shown(&report)
        );
    }
}

#[test]
fn every_operation_field_and_value_of_the_contract_is_counted() {
    let (document, policy, _) = vendored();
    let facts = super::documented::facts(&document, &policy);
    let count = |aspect| facts.keys().filter(|fact| fact.aspect == aspect).count();
    assert_eq!(count(super::fact::Aspect::Request), 46, "operations");
    assert!(count(super::fact::Aspect::Field) > 150, "fields");
    assert!(count(super::fact::Aspect::Value) > 40, "enum values");
    assert!(count(super::fact::Aspect::Status) > 2 * 200, "statuses");
}

#[test]
fn a_file_that_is_no_rust_is_said_to_be_none() {
    let (document, policy, files) = vendored();
    let broken = changed(
        &files,
        "types/src/generated/cards.rs",
        "pub struct CardId",
        "<<<<<<< ours",
    );
    let mut report = inventory(&document, &policy, &broken, &files);
    add_stale(&mut report, &outcome(&broken, &files));
    let [change] = &report.changes[..] else {
        panic!("one cause is one entry:\n{}", shown(&report));
    };
    assert_eq!(change.rule.id, "code-unreadable");
    let place = change.revision.as_ref().unwrap();
    let text = broken.get(&place.file).unwrap();
    let line = text.lines().nth(place.line - 1).unwrap();
    assert!(line.starts_with("<<<<<<< ours"), "{line}");
    let fresh = inventory(&document, &policy, &files, &files);
    assert!(is_stale(change, &fresh));
}

/// What a check of freshness says.
fn outcome(files: &FileSet, fresh: &FileSet) -> Outcome {
    let root = tempfile::tempdir().unwrap();
    apply(root.path(), &OWNED, files, Mode::Write).unwrap();
    apply(root.path(), &OWNED, fresh, Mode::Check).unwrap()
}

#[test]
fn a_missing_file_is_one_entry() {
    let (document, policy, files) = vendored();
    let gone = "crates/offblocks-types/src/generated/engine.rs";
    let mut left = FileSet::new();
    for (path, text) in files.iter().filter(|(path, _)| *path != gone) {
        left.insert(path, text).unwrap();
    }
    let mut report = inventory(&document, &policy, &left, &files);
    add_stale(&mut report, &outcome(&left, &files));
    let said = shown(&report);
    assert_eq!(report.changes.len(), 1, "{said}");
    assert!(said.contains("engine.rs` is missing"), "{said}");
}

#[test]
fn another_hash_of_the_contract_is_one_entry() {
    let (document, policy, files) = vendored();
    let mut stale = FileSet::new();
    for (path, text) in files.iter() {
        let old = text.replacen(&document.sha256, &"0".repeat(64), 1);
        stale.insert(path, old).unwrap();
    }
    let edited = changed(
        &stale,
        "types/src/generated/cards.rs",
        "/// `visa`.",
        "/// V.",
    );
    for (stale, entries) in [(stale, 1), (edited, 2)] {
        let mut report = inventory(&document, &policy, &stale, &files);
        add_stale(&mut report, &outcome(&stale, &files));
        let said = shown(&report);
        assert_eq!(report.changes.len(), entries, "{said}");
        assert!(
            said.contains(" generated files differ in nothing but"),
            "{said}"
        );
    }
}

#[test]
fn what_is_missing_as_a_whole_is_one_entry() {
    let (document, policy, files) = vendored();
    let path = "types/src/generated/cards.rs";
    let renamed = changed(&files, path, "pub struct Card {", "pub struct Dark {");
    let report = inventory(&document, &policy, &renamed, &files);
    let said = shown(&report);
    assert!(
        said.contains("lacks a type for the schema `Card`"),
        "{said}"
    );
    assert!(!said.contains("`Card."), "{said}");
}

#[test]
fn what_fresh_files_would_not_have_is_stale_and_what_they_would_is_not() {
    let (document, policy, files) = vendored();
    let path = "types/src/generated/cards.rs";
    let dropped = changed(&files, path, "pub masked_pan: Option<String>,", "");
    let by_hand = inventory(&document, &policy, &dropped, &files);
    for (fresh, stale) in [(&files, true), (&dropped, false)] {
        let fresh = inventory(&document, &policy, fresh, fresh);
        let all = by_hand.changes.iter().all(|it| is_stale(it, &fresh));
        assert_eq!(all, stale, "{}", shown(&by_hand));
    }
    let mut report = by_hand;
    super::add_schema_differences(&mut report, "Card: differs");
    let fresh = inventory(&document, &policy, &files, &files);
    assert!(!report.changes.iter().all(|it| is_stale(it, &fresh)));
}

#[test]
fn every_rule_is_described() {
    let (document, policy, _) = vendored();
    let report = inventory(&document, &policy, &FileSet::new(), &FileSet::new());
    for change in &report.changes {
        let known = super::RULES.iter().any(|rule| rule.id == change.rule.id);
        assert!(known, "{} is not in RULES", change.rule.id);
    }
}
