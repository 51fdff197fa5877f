//! The page “what this contract says that the types do not enforce” says what there is to know, and
//! who checks it.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

use codegen::generate::generate;
use codegen::policy::Policy;

const CONTRACT: &str = "\
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /cards/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, pattern: '^c'}}
      - $ref: '#/components/parameters/Limit'
      - {name: box, in: query, schema: {type: array, prefixItems: [{type: string}, {type: integer}], items: false}}
    put:
      operationId: putCard
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses:
        '200':
          description: The card.
          content: {application/json: {schema: {$ref: '#/components/schemas/Card'}}}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer, maximum: 100}}
  schemas:
    Order:
      type: object
      properties:
        name: {type: string, maxLength: 30}
        mail: {type: string, format: email}
        phone: {type: string, format: phone}
        id: {type: string, format: uuid}
        wrong: {type: string, pattern: '('}
        lines: {type: array, items: {type: string, minLength: 1}}
        more: {type: object, additionalProperties: {type: integer, minimum: 2}}
        count: {type: integer, format: int32}
        closed: {type: object, patternProperties: {'^x-': {type: string}}, additionalProperties: false}
        mixed: {type: object, patternProperties: {'^x-': {type: string}, '^n-': {type: integer}}, additionalProperties: false}
        open: {type: object, patternProperties: {'^x-': {type: string}}}
        pair: {type: array, prefixItems: [{type: string}, {}]}
        either: {type: object, properties: {a: {type: string}, gone: false}, anyOf: [{required: [a]}, {required: [b]}]}
        whole: {type: object, allOf: [{properties: {a: {type: string}}}], unevaluatedProperties: false}
      dependentRequired: {name: [mail]}
    Card:
      type: object
      properties:
        last: {type: string, maxLength: 4, not: {pattern: x}}
";

fn page(room: &str) -> String {
    let document = contract::read_str("t.yaml", CONTRACT).unwrap();
    let made = generate(&document, &Policy::default()).unwrap();
    let files = match room {
        "types" => &made.types,
        "client" => &made.client,
        _ => &made.server,
    };
    files.get("not_enforced.rs").unwrap().to_owned()
}

/// What is said, and who checks it.
const SAID: [(&str, Option<&str>); 22] = [
    ("`path id`: `pattern: ^c`", Some("checked by the server")),
    (
        "`query limit`: `maximum: 100`",
        Some("checked by the server"),
    ),
    ("`name`: `maxLength: 30`", Some("checked by the server")),
    ("`mail`: `format: email`", Some("checked by the server")),
    ("`phone`: `format: phone`", Some("not checked")),
    ("`id`: `format: uuid`", Some("checked by the server")),
    ("`wrong`: `pattern: (`", Some("not checked")),
    ("`lines[]`: `minLength: 1`", Some("checked by the server")),
    ("`more.*`: `minimum: 2`", Some("checked by the server")),
    (
        "the value: `dependentRequired: {\"name\":[\"mail\"]}`",
        Some("checked by the server"),
    ),
    (
        "`pair`: `prefixItems: [{\"type\":\"string\"},{}]`",
        Some("checked by the server"),
    ),
    // A text does not say of which type it is.
    (
        "`query box`: `prefixItems: [{\"type\":\"string\"},{\"type\":\"integer\"}]`",
        Some("not checked"),
    ),
    (
        "`either`: `anyOf: [{\"required\":[\"a\"]},{\"required\":[\"b\"]}]`",
        Some("checked by the server"),
    ),
    (
        "`whole`: `unevaluatedProperties: false`",
        Some("checked by the server"),
    ),
    ("`either.gone`: `false`", Some("checked by the server")),
    ("`last`: `not: {\"pattern\":\"x\"}`", Some("not checked")),
    ("`last`: `maxLength: 4`", Some("not checked")),
    (
        "`closed`: `additionalProperties: false`",
        Some("checked by the server"),
    ),
    (
        "`mixed`: `additionalProperties: false`",
        Some("checked by the server"),
    ),
    (
        "`open`: `patternProperties: {\"^x-\":{\"type\":\"string\"}}`",
        Some("checked by the server"),
    ),
    // What the type holds.
    ("format: int32", None),
    ("type: string", None),
];

#[test]
fn what_is_not_enforced_is_said_by_type_and_property() {
    for room in ["types", "client"] {
        let page = page(room);
        for (said, checked) in SAID {
            match checked {
                Some(checked) => {
                    let line = format!("- {said}, {checked}\n");
                    assert!(page.contains(&line), "{line} is not in\n{page}");
                }
                None => assert!(!page.contains(said), "{said} is in\n{page}"),
            }
        }
    }
}

#[test]
fn the_page_of_a_server_has_what_is_not_checked() {
    let page = page("server");
    for (said, checked) in SAID {
        let line = format!("- {said}\n");
        assert_eq!(
            page.contains(&line),
            checked == Some("not checked"),
            "{line}{page}"
        );
    }
}

#[test]
fn a_contract_without_such_words_says_so() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
    let document = contract::read_str("t.yaml", text).unwrap();
    let made = generate(&document, &Policy::default()).unwrap();
    for files in [&made.types, &made.client, &made.server] {
        let page = files.get("not_enforced.rs").unwrap();
        assert!(
            page.contains("The contract says nothing of that kind."),
            "{page}"
        );
    }
}
