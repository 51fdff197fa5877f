//! What changes of a contract mean for the crates generated from it.

use super::chosen::chosen;
use super::difference::{Difference, Sides, difference};
use super::judge;
use super::ready::{Ready, ready};
use crate::generated_crate::GeneratedCrate;
use codegen::emit::Chosen;
use codegen::policy::Policy;
use drift::report::{DriftReport, Semver};
use drift::{Contract, compare};

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

pub(super) fn report(base: &str, revision: &str, policy: &Policy) -> DriftReport {
    let base = Contract::read("base.yaml", base).unwrap();
    let revision = Contract::read("revision.yaml", revision).unwrap();
    let mut report = compare(&base, &revision, &crate::options(policy));
    judge(&mut report, &base, &revision, policy);
    report
}

/// Every changed item with its step, by crate, below the crate's own.
pub(super) fn shown(report: &DriftReport) -> String {
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
            Semver::Minor,
        ),
        (
            "enum_value",
            "[active, blocked]",
            "[active, blocked, frozen]",
            Semver::Minor,
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
        insta::assert_snapshot!(name, shown(&report));
        assert_eq!(report.semver(), step, "for {name}: {}", shown(&report));
    }
}

#[test]
fn policy_entries_that_do_not_fit_are_left_out_and_named() {
    let policy =
        "[modules]\nCard = \"cards\"\nNothing = \"cards\"\n[names.types]\nCardStatus = \"State\"\n";
    let policy = Policy::parse("codegen.toml", policy).unwrap();
    let revision = SMALL.replace("CardStatus", "Status");
    let shown = shown(&report(SMALL, &revision, &policy));
    assert!(shown.contains("`Nothing`"), "{shown}");
    assert!(
        shown.contains("offblocks_types::State removed (major)"),
        "{shown}"
    );
    assert!(
        shown.contains("offblocks_types::Status added (minor)"),
        "{shown}"
    );
}

#[test]
fn a_reference_that_leads_nowhere_is_read_as_anything() {
    let broken = SMALL.replace(
        "    CardStatus: {type: string, enum: [active, blocked]}\n",
        "",
    );
    let report = report(SMALL, &broken, &Policy::default());
    let shown = shown(&report);
    assert!(shown.contains("1 references that lead nowhere"), "{shown}");
    assert!(
        shown.contains("offblocks_types::CardStatus removed (major)"),
        "{shown}"
    );
}

#[test]
fn what_cannot_be_generated_is_the_largest_step_and_says_why() {
    let broken = SMALL.replace(
        "CardStatus: {type: string, enum: [active, blocked]}",
        "CardStatus: {allOf: [{$ref: '#/components/schemas/CardStatus'}, {properties: {a: {type: string}}}]}",
    );
    let report = report(SMALL, &broken, &Policy::default());
    assert_eq!(report.semver(), Semver::Major);
    assert!(
        report.crates.iter().all(|it| it.note.is_some()),
        "{}",
        shown(&report)
    );
}

/// Which items each change of the report is given.
fn ties(report: &DriftReport) -> String {
    let changes = report.changes.iter().map(|change| {
        let items = change
            .rust
            .iter()
            .map(|it| format!("  {} {}\n", it.item, it.change));
        format!("{}\n{}", change.rule.id, items.collect::<String>())
    });
    changes.collect()
}

#[test]
fn items_are_tied_to_the_changes_they_come_from() {
    let table = [
        (
            "tie_property",
            "        id: {type: string}\n",
            "        id: {type: string}\n        colour: {type: string}\n",
        ),
        ("tie_enum_value", "[active, blocked]", "[active, frozen]"),
        ("tie_status", "'404'", "'410'"),
        (
            "tie_parameter",
            "{name: id, in: path, required: true, schema: {type: string}}",
            "{name: id, in: path, required: true, schema: {type: integer}}",
        ),
        (
            "tie_documentation",
            "    Card:\n      type: object\n      required: [id]\n",
            "    Card:\n      description: A card.\n      type: object\n      required: [id, status]\n",
        ),
        (
            "tie_constructor",
            "      required: [id]\n      properties:\n",
            "      required: [id, status]\n      properties:\n        colour: {type: string}\n",
        ),
        (
            "tie_operation",
            "components:\n  schemas:\n",
            "  /cards:\n    get:\n      tags: [Lists]\n      operationId: getCards\n      responses:\n        \
             '200':\n          description: Pages.\n          content: {application/json: {schema: {$ref: '#/components/schemas/Page'}}}\n\
             components:\n  schemas:\n    Page: {type: object, properties: {next: {type: string}}}\n",
        ),
    ];
    for (name, old, new) in table {
        let report = report(SMALL, &SMALL.replacen(old, new, 1), &Policy::default());
        insta::assert_snapshot!(name, ties(&report));
    }
}

#[test]
fn values_of_an_inline_enum_are_tied_one_by_one() {
    let (head, _) = SMALL.split_once("    CardStatus:").unwrap();
    let inline = |values: &str| {
        let schema = format!("status: {{type: string, enum: {values}}}");
        head.replacen(
            "status: {$ref: '#/components/schemas/CardStatus'}",
            &schema,
            1,
        )
    };
    let (base, revision) = (
        inline("[active, blocked]"),
        inline("[active, frozen, lost]"),
    );
    insta::assert_snapshot!(ties(&report(&base, &revision, &Policy::default())));
}

#[test]
fn what_breaks_the_types_breaks_the_crates_that_expose_them() {
    let revision = SMALL.replacen("required: [id]", "required: [id, status]", 1);
    let report = report(SMALL, &revision, &Policy::default());
    let [types, client, server] = &report.crates[..] else {
        panic!("{}", shown(&report));
    };
    assert_eq!((types.semver, types.note.as_deref()), (Semver::Major, None));
    assert_eq!(client.semver, Semver::Major);
    assert_eq!(
        client.note.as_deref(),
        Some("it exposes offblocks-types, whose step is major")
    );
    assert!(client.items.is_empty(), "{}", shown(&report));
    // It has to say more of the card that it makes.
    assert_eq!(server.semver, Semver::Major);
    let items: Vec<_> = server.items.iter().map(|it| it.item.as_str()).collect();
    assert_eq!(items, ["offblocks_types::Card::new"], "{}", shown(&report));
}

#[test]
fn an_inline_body_holds_what_it_is_made_of() {
    let base = SMALL.replacen(
        "schema: {$ref: '#/components/schemas/Card'}",
        "schema: {allOf: [{$ref: '#/components/schemas/Card'}, {type: object, properties: {at: {type: string}}}]}",
        1,
    );
    let revision = base.replacen(
        "        id: {type: string}\n",
        "        id: {type: integer}\n",
        1,
    );
    let shown = ties(&report(&base, &revision, &Policy::default()));
    assert!(
        shown.contains("offblocks_types::GetCardResponse::id changed: String → i64"),
        "{shown}"
    );
}

#[test]
fn a_property_of_a_part_is_tied_to_the_types_made_of_it() {
    let base = SMALL.replacen(
        "    CardStatus:",
        "    Event:\n      allOf:\n        - $ref: '#/components/schemas/Card'\n        - {type: object, properties: {at: {type: string}}}\n    CardStatus:",
        1,
    );
    let base = base.replacen("schemas/Card'", "schemas/Event'", 1);
    let revision = base.replacen(
        "        id: {type: string}\n",
        "        id: {type: integer}\n",
        1,
    );
    let shown = ties(&report(&base, &revision, &Policy::default()));
    assert!(
        shown.contains("offblocks_types::Card::id changed: String → i64"),
        "{shown}"
    );
    assert!(
        shown.contains("offblocks_types::Event::id changed: String → i64"),
        "{shown}"
    );
}

#[test]
fn what_a_type_can_do_changes_through_one_that_is_merely_reworded() {
    let (head, _) = SMALL.split_once("    Card:").unwrap();
    let schemas =
        "    Card: {type: object, properties: {part: {$ref: '#/components/schemas/Part'}}}
    Part: {type: object, description: Old., properties: {size: {$ref: '#/components/schemas/Size'}}}
    Size: {type: object, properties: {width: {type: integer}}}
";
    let base = format!("{head}{schemas}");
    let revision = base
        .replacen("Old.", "New.", 1)
        .replacen("integer", "number", 1);
    let shown = shown(&report(&base, &revision, &Policy::default()));
    assert!(
        shown.contains("offblocks_types::Card: Eq removed (major)"),
        "{shown}"
    );
}

/// The public items that differ, when some types and operations are written.
fn items(krate: GeneratedCrate, sides: Sides<'_>, chosen: &Chosen) -> Vec<String> {
    match difference(krate, sides, chosen).unwrap().unwrap() {
        Difference::Public(items) => {
            let items = items.covered.iter().chain(&items.for_servers);
            items.map(|it| format!("{it:?}")).collect()
        }
        Difference::Inside | Difference::Unseen => Vec::new(),
    }
}

fn everything(sides: Sides<'_>) -> Chosen {
    let types = sides.iter().flat_map(|it| &it.api.types);
    let operations = sides.iter().flat_map(|it| &it.api.operations);
    let receivers = sides.iter().flat_map(|it| &it.api.receivers);
    let tags = sides.iter().flat_map(|it| &it.api.tags);
    Chosen {
        types: types.map(|it| it.rust_name.clone()).collect(),
        tags: tags.map(|it| it.name.clone()).collect(),
        operations: operations
            .chain(receivers)
            .map(|it| it.id.clone())
            .collect(),
    }
}

#[test]
fn what_is_not_chosen_does_not_differ() {
    const WHOLE: &str = include_str!("../../../../openapi/offblocks.yaml");
    let table = [
        ("/Card'", "/CardStatus'"),
        ("type: string", "type: integer"),
        ("enum:", "x-enum:"),
        ("allOf:", "oneOf:"),
        ("required: true", "required: false"),
        ("'404':", "'410':"),
        ("    delete:", "    x-delete:"),
        ("tags:", "x-tags:"),
    ];
    let side = |text: &str| -> Option<Ready> {
        let contract = Contract::read("api.yaml", text).ok()?;
        ready(&contract, &Policy::default()).ok()
    };
    let base = side(WHOLE).unwrap();
    let mut compared = 0;
    for (old, new) in table {
        for (at, _) in WHOLE.match_indices(old).step_by(40) {
            let (head, tail) = WHOLE.split_at(at);
            let Some(mut revision) = side(&format!("{head}{}", tail.replacen(old, new, 1))) else {
                continue;
            };
            revision.api.source = base.api.source.clone();
            let sides = [&base, &revision];
            let (few, all) = (chosen(&base.api, &revision.api), everything(sides));
            for krate in GeneratedCrate::ALL {
                let found = items(krate, sides, &few);
                assert_eq!(found, items(krate, sides, &all), "{old} at {at}: {krate:?}");
                compared += found.len();
            }
        }
    }
    assert!(compared > 20, "{compared}");
}
