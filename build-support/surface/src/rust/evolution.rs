//! How the generated crates grow with a contract. What breaks no client or server on the wire is a minor step for
//! the users of types and client; the traits of a server are strict, so that an operation is not
//! forgotten.

use super::tests::{report, shown};
use codegen::policy::Policy;
use drift::Severity;
use drift::report::{DriftReport, Semver};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const BASE: &str = "\
openapi: 3.1.0
info: {title: Growing, version: '1'}
paths:
  /cards:
    post:
      tags: [Cards]
      operationId: createCard
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/CardOrder'}}}
      responses:
        '201':
          description: The card.
          content: {application/json: {schema: {$ref: '#/components/schemas/Card'}}}
        '400': {description: Wrong.}
  /events:
    get:
      tags: [Events]
      operationId: getEvents
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        '200':
          description: The events.
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Event'}}
components:
  schemas:
    CardOrder:
      type: object
      required: [name]
      properties:
        name: {type: string}
        note: {type: string}
    Card:
      type: object
      required: [id, status, place]
      properties:
        id: {type: string, format: uuid}
        status: {$ref: '#/components/schemas/Status'}
        place: {$ref: '#/components/schemas/Place'}
        limit: {$ref: '#/components/schemas/Limit'}
    Place:
      type: object
      properties:
        x: {type: integer}
    Status: {type: string, enum: [active, blocked]}
    Limit:
      oneOf:
        - {type: integer}
        - {type: string}
    Event:
      oneOf:
        - {$ref: '#/components/schemas/CardEvent'}
        - {$ref: '#/components/schemas/NoteEvent'}
      discriminator:
        propertyName: type
        mapping:
          card: '#/components/schemas/CardEvent'
          note: '#/components/schemas/NoteEvent'
    CardEvent:
      type: object
      required: [type, card]
      properties:
        type: {type: string}
        card: {$ref: '#/components/schemas/Card'}
    NoteEvent:
      type: object
      required: [type]
      properties:
        type: {type: string}
";

/// What is added, behind or in the place of which text, and what the server says to it.
const GROWTH: [(&str, &str, &str, Semver); 17] = [
    (
        "an optional property of an object with required ones",
        "        status: {$ref: '#/components/schemas/Status'}\n",
        "        status: {$ref: '#/components/schemas/Status'}\n        colour: {type: string}\n",
        Semver::Patch,
    ),
    (
        "a text, which is no `Copy`, in an object of integers",
        "        x: {type: integer}\n",
        "        x: {type: integer}\n        name: {type: string}\n",
        Semver::Patch,
    ),
    (
        "a required property of what only a server makes",
        "      required: [id, status, place]\n      properties:\n",
        "      required: [id, status, place, colour]\n      properties:\n        colour: {type: \
         string}\n",
        Semver::Major,
    ),
    (
        "a first required property of what only a server makes",
        "    Place:\n      type: object\n      properties:\n",
        "    Place:\n      type: object\n      required: [y]\n      properties:\n        y: {type: \
         integer}\n",
        Semver::Major,
    ),
    (
        "an optional property of what is sent",
        "        note: {type: string}\n",
        "        note: {type: string}\n        colour: {type: [string, 'null']}\n",
        Semver::Patch,
    ),
    (
        "an object in an object",
        "        note: {type: string}\n",
        "        note: {type: string}\n        where: {type: object, required: [street], \
         properties: {street: {type: string}}}\n",
        Semver::Patch,
    ),
    (
        "an object that holds itself",
        "        x: {type: integer}\n",
        "        x: {type: integer}\n        next: {$ref: '#/components/schemas/Place'}\n",
        Semver::Patch,
    ),
    (
        "a value of an enum",
        "[active, blocked]",
        "[active, frozen, blocked]",
        Semver::Patch,
    ),
    (
        "a member of a union with a discriminator",
        "        - {$ref: '#/components/schemas/NoteEvent'}\n      discriminator:",
        "        - {$ref: '#/components/schemas/NoteEvent'}\n        - {$ref: \
         '#/components/schemas/Place'}\n      discriminator:",
        Semver::Patch,
    ),
    (
        "a member of a union without a discriminator",
        "        - {type: string}\n",
        "        - {type: string}\n        - {type: boolean}\n",
        Semver::Patch,
    ),
    (
        "a member of a type that another one has",
        "        - {type: string}\n",
        "        - {type: string}\n        - {type: string, minLength: 3, title: Long}\n",
        Semver::Patch,
    ),
    (
        "an operation",
        "components:\n",
        "  /cards/{id}:\n    delete:\n      tags: [Cards]\n      operationId: deleteCard\n      \
         parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      \
         responses: {'204': {description: Gone.}}\ncomponents:\n",
        Semver::Major,
    ),
    (
        "an operation of a new tag",
        "components:\n",
        "  /ping:\n    get: {tags: [Ping], operationId: ping, responses: {'204': {description: \
         Well.}}}\ncomponents:\n",
        Semver::Major,
    ),
    (
        "an operation that sends what was only received",
        "components:\n",
        "  /place:\n    put:\n      tags: [Cards]\n      operationId: putCard\n      requestBody: \
         {required: true, content: {application/json: {schema: {$ref: \
         '#/components/schemas/Card'}}}}\n      responses: {'204': {description: \
         Done.}}\ncomponents:\n",
        Semver::Major,
    ),
    (
        "a schema",
        "components:\n  schemas:\n",
        "components:\n  schemas:\n    Colour: {type: string, enum: [red]}\n",
        Semver::Patch,
    ),
    (
        "an optional parameter, which a server has to read",
        "        - {name: limit, in: query, schema: {type: integer}}\n",
        "        - {name: limit, in: query, schema: {type: integer}}\n        - {name: after, in: \
         query, schema: {type: string}}\n",
        Semver::Major,
    ),
    (
        "a documented rejection",
        "        '400': {description: Wrong.}\n",
        "        '400': {description: Wrong.}\n        '409': {description: There is one.}\n",
        Semver::Major,
    ),
];

/// What breaks nothing on the wire and still is a major step, and why it has to be.
const EXPLAINED: [(&str, &str, &str); 7] = [
    (
        "a first number in an object: it and what holds it are no `Eq` any more",
        "        x: {type: integer}\n",
        "        x: {type: integer}\n        y: {type: number}\n",
    ),
    (
        "a first number in a union: it and what holds it are no `Eq` any more",
        "        - {type: string}\n",
        "        - {type: string}\n        - {type: number}\n",
    ),
    (
        "a first secret in an object: it and what holds it are no `Hash` any more",
        "        x: {type: integer}\n",
        "        x: {type: integer}\n        code: {type: string, format: password}\n",
    ),
    (
        "a response that always has what it could lack: the field is no `Option` any more",
        "required: [id, status, place]",
        "required: [id, status, place, limit]",
    ),
    (
        "a response that never has a value any more: the variant goes with it",
        "[active, blocked]",
        "[active]",
    ),
    (
        "a request that may lack what it had to have: the field is an `Option`",
        "required: [name]",
        "required: []",
    ),
    (
        "an enum that becomes any text",
        "    Status: {type: string, enum: [active, blocked]}\n",
        "    Status: {type: string}\n",
    ),
];

/// The steps of types, client and server.
fn steps(report: &DriftReport) -> [Semver; 3] {
    let step = |end: &str| {
        let verdict = report.crates.iter().find(|it| it.name.ends_with(end));
        verdict.map_or(Semver::None, |verdict| verdict.semver)
    };
    ["-types", "-client", "-server"].map(step)
}

fn changed(old: &str, new: &str, policy: &Policy) -> DriftReport {
    assert_eq!(BASE.matches(old).count(), 1, "{old:?} must stand once");
    report(BASE, &BASE.replacen(old, new, 1), policy)
}

#[test]
fn what_a_contract_adds_is_a_minor_step() {
    let closed = Policy::parse("codegen.toml", "[enums]\nopen = false\n").unwrap();
    for policy in [Policy::default(), closed] {
        for (what, old, new, on_the_server) in GROWTH {
            let report = changed(old, new, &policy);
            let [types, client, server] = steps(&report);
            let said = shown(&report);
            assert!(types <= Semver::Minor, "{what} is {types:?}:\n{said}");
            assert!(client <= Semver::Minor, "{what} is {client:?}:\n{said}");
            assert_eq!(server, on_the_server, "{what}:\n{said}");
        }
    }
}

/// Every published step that is there: how bad it is on the wire, and what it is in Rust. Of those that
/// break nothing on the wire, none is a major step of types or client.
#[test]
#[ignore = "needs the published contract"]
fn published_steps_that_break_nothing_are_minor_steps() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policy = std::fs::read_to_string(root.join("openapi/codegen.toml")).unwrap();
    let policy = Policy::parse("codegen.toml", &policy).unwrap();
    let versions = published(&root.join("../shared/offblocks/upstream"));
    let mut table = String::new();
    for pair in versions.windows(2) {
        let [(old, base), (new, revision)] = pair else {
            continue;
        };
        let report = report(base, revision, &policy);
        let changes = report.changes.iter();
        let worst = changes.map(|change| change.severity).max();
        let worst = worst.unwrap_or(Severity::Compatible);
        let [types, client, server] = steps(&report).map(Semver::as_str);
        let _ = writeln!(
            table,
            "{old} → {new}: {} on the wire; types {types}, client {client}, server {server}",
            worst.as_str()
        );
        if worst <= Severity::Note {
            let [types, client, _] = steps(&report);
            assert!(types.max(client) <= Semver::Minor, "{}", shown(&report));
        }
    }
    insta::assert_snapshot!(table);
}

/// The published versions by their numbers, the oldest first.
fn published(upstream: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(upstream.join("history")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.push(upstream.join("api.yaml"));
    let named = paths.iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let number = name.split_once('-').map(|(number, _)| number.to_owned());
        let text = std::fs::read_to_string(path).unwrap();
        (number.unwrap_or_else(|| "newest".to_owned()), text)
    });
    named.collect()
}

#[test]
fn what_has_to_be_a_major_step_is_known() {
    for (why, old, new) in EXPLAINED {
        let report = changed(old, new, &Policy::default());
        let [types, ..] = steps(&report);
        assert_eq!(types, Semver::Major, "{why}:\n{}", shown(&report));
    }
}
