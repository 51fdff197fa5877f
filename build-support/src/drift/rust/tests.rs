//! What changes of a contract mean for the crates generated from it.

use super::judge;
use crate::drift::report::{Report, Semver};
use crate::drift::{Contract, Options, compare};
use crate::policy::Policy;

const SMALL: &str = "\
openapi: 3.1.0
info: {title: Small, version: '1'}
paths:
  /cards/{id}:
    get:
      tags: [Cards]
      operationId: getCard
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: The card.
          content: {application/json: {schema: {$ref: '#/components/schemas/Card'}}}
        '404': {description: No such card.}
components:
  schemas:
    Card:
      type: object
      required: [id]
      properties:
        id: {type: string}
        status: {$ref: '#/components/schemas/CardStatus'}
    CardStatus: {type: string, enum: [active, blocked]}
";

fn report(base: &str, revision: &str, policy: &Policy) -> Report {
    let base = Contract::read("base.yaml", base).unwrap();
    let revision = Contract::read("revision.yaml", revision).unwrap();
    let mut report = compare(&base, &revision, &Options::of_policy(policy));
    judge(&mut report, &base, &revision, policy);
    report
}

/// Every changed item with its step, by crate, below the crate's own.
fn told(report: &Report) -> String {
    let crates = report.crates.iter().map(|verdict| {
        let items = verdict.items.iter();
        let items =
            items.map(|it| format!("  {} {} ({})\n", it.item, it.change, it.semver.as_str()));
        let note = verdict
            .note
            .as_ref()
            .map(|note| format!("  note: {note}\n"));
        let note = note.unwrap_or_default();
        let step = verdict.semver.as_str();
        format!(
            "{} {step}\n{note}{}",
            verdict.name,
            items.collect::<String>()
        )
    });
    crates.collect()
}

#[test]
fn changes_of_the_contract_become_steps() {
    let table = [
        ("nothing", "", "", Semver::None),
        (
            "description",
            "No such card.",
            "There is none.",
            Semver::Patch,
        ),
        (
            "optional_property",
            "        id: {type: string}\n",
            "        id: {type: string}\n        colour: {type: string}\n",
            Semver::Major,
        ),
        (
            "enum_value",
            "[active, blocked]",
            "[active, blocked, frozen]",
            Semver::Major,
        ),
        (
            "required",
            "required: [id]",
            "required: [id, status]",
            Semver::Major,
        ),
        ("status", "'404'", "'410'", Semver::Major),
        (
            "operation",
            "components:",
            "  /cards:\n    delete:\n      tags: [Cards]\n      operationId: deleteCards\n      \
             responses: {'204': {description: Gone.}}\ncomponents:",
            Semver::Major,
        ),
        (
            "component",
            "    CardStatus:",
            "    Colour: {type: string, enum: [red]}\n    CardStatus:",
            Semver::Minor,
        ),
    ];
    for (name, old, new, step) in table {
        let revision = SMALL.replacen(old, new, 1);
        let report = report(SMALL, &revision, &Policy::default());
        insta::assert_snapshot!(name, told(&report));
        assert_eq!(report.semver(), step, "for {name}: {}", told(&report));
    }
}

#[test]
fn policy_entries_that_do_not_fit_are_left_out_and_named() {
    let policy =
        "[modules]\nCard = \"cards\"\nNothing = \"cards\"\n[names.types]\nCardStatus = \"State\"\n";
    let policy = Policy::parse("codegen.toml", policy).unwrap();
    let revision = SMALL.replace("CardStatus", "Status");
    let told = told(&report(SMALL, &revision, &policy));
    assert!(told.contains("`Nothing`"), "{told}");
    assert!(
        told.contains("offblocks_types::State removed (major)"),
        "{told}"
    );
    assert!(
        told.contains("offblocks_types::Status added (minor)"),
        "{told}"
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_read_as_anything() {
    let broken = SMALL.replace(
        "    CardStatus: {type: string, enum: [active, blocked]}\n",
        "",
    );
    let report = report(SMALL, &broken, &Policy::default());
    let told = told(&report);
    assert!(told.contains("1 references that lead nowhere"), "{told}");
    assert!(
        told.contains("offblocks_types::CardStatus removed (major)"),
        "{told}"
    );
}

#[test]
fn what_cannot_be_generated_is_the_largest_step_and_says_why() {
    let broken = SMALL.replace(
        "'404': {description: No such card.}",
        "'4x4': {description: ''}",
    );
    let report = report(SMALL, &broken, &Policy::default());
    assert_eq!(report.semver(), Semver::Major);
    assert!(
        report.crates.iter().all(|it| it.note.is_some()),
        "{}",
        told(&report)
    );
}
