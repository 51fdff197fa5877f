//! The tables of a small contract that has every kind of type.

use crate::emit::{Extent, Sink, client, printed};
use crate::policy::Policy;
use crate::{lower, model};

const CONTRACT: &str = r##"
openapi: 3.1.0
info: { title: Trial, version: '1' }
paths:
  /things:
    get:
      operationId: getThings
      tags: [Things]
      responses:
        '200':
          description: All.
          content:
            application/json:
              schema: { type: array, items: { $ref: '#/components/schemas/Thing' } }
        '4XX': { description: Rejected. }
        default:
          description: Anything else.
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Fault' }
    post:
      operationId: addThing
      tags: [Things]
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/OnlySent' }
      responses:
        '204': { description: Done. }
webhooks:
  event:
    post:
      requestBody:
        content:
          application/json:
            schema: { $ref: '#/components/schemas/Event' }
      responses:
        '204': { description: Done. }
components:
  schemas:
    OnlySent: { type: object, properties: { name: { type: string } } }
    ThingId: { type: string, format: uuid }
    Colour: { type: string, enum: [red, dark-blue] }
    Thing:
      type: object
      properties:
        id: { $ref: '#/components/schemas/ThingId' }
        colour: { $ref: '#/components/schemas/Colour' }
        parent: { $ref: '#/components/schemas/Thing' }
        labels: { type: object, additionalProperties: { $ref: '#/components/schemas/Colour' } }
        free: { type: object }
        either:
          oneOf:
            - { type: string }
            - { $ref: '#/components/schemas/Fault' }
    Fault:
      type: object
      properties: { code: { type: integer } }
      additionalProperties: { type: string }
    Made:
      type: object
      required: [kind]
      properties: { kind: { type: string }, thing: { $ref: '#/components/schemas/Thing' } }
    Moved:
      type: object
      required: [kind]
      properties: { kind: { type: string }, colours: { $ref: '#/components/schemas/Colours' } }
    Colours: { type: array, items: { $ref: '#/components/schemas/Colour' } }
    Event:
      oneOf: [{ $ref: '#/components/schemas/Made' }, { $ref: '#/components/schemas/Moved' }]
      discriminator:
        propertyName: kind
        mapping:
          made: '#/components/schemas/Made'
          moved: '#/components/schemas/Moved'
          removed: '#/components/schemas/Moved'
"##;

const DRIFT: &str = "[client]\ndrift = \"crate::drift\"\n";

fn file(policy: &str) -> Option<String> {
    let document = contract::read_str("trial.yaml", CONTRACT).expect("the trial reads");
    emitted(&document, policy)
}

fn emitted(document: &contract::Document, policy: &str) -> Option<String> {
    let policy = Policy::parse("codegen.toml", policy).expect("the policy is sound");
    let lowered = lower::lower(document, &policy).expect("the trial lowers");
    let api = model::build(document, &lowered, &policy).expect("the trial has a model");
    let emit = |sink: &mut Sink<'_>| client::emit(&api, &policy, Extent::Whole, sink);
    let files = printed(&api.source, emit).expect("the trial emits");
    files.get("shapes.rs").map(str::to_owned)
}

#[test]
fn every_kind_of_type_has_its_table() {
    let text = file(DRIFT).expect("the file is there");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("tests");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("shapes", text));
}

#[test]
fn nothing_is_written_for_a_client_that_does_not_look() {
    assert_eq!(file(""), None);
}

#[test]
fn the_tables_of_other_contracts_are_rust_too() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/tests/contracts");
    let files = std::fs::read_dir(folder).expect("the contracts are there");
    let mut count = 0;
    for entry in files {
        let path = entry.expect("the folder can be read").path();
        if path.is_file() {
            let document = contract::read_file(&path).expect("the contract reads");
            // What is printed was parsed before.
            assert!(emitted(&document, DRIFT).is_some(), "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 5, "only {count} contracts were found");
}
