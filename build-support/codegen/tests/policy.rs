//! The policy file: what it means, and that it speaks of nothing the contract does not have.

use codegen::lower::lower;
use codegen::model::{TypeKind, TypeRef, build};
use codegen::policy::Policy;
use contract::{Document, read_file, read_str};
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn vendored() -> Document {
    read_file(&workspace().join("openapi/offblocks.yaml"))
        .unwrap_or_else(|errors| panic!("{errors}"))
}

fn rejected(text: &str) -> String {
    let parsed = Policy::parse("codegen.toml", text);
    let errors = parsed.and_then(|policy| lower(&vendored(), &policy).map(|_| ()));
    errors.expect_err("the policy is wrong").to_string()
}

#[test]
fn every_wrong_entry_is_shown_with_its_line() {
    let cases = [
        (
            "[transports]\n",
            "unknown field `transports`",
            "codegen.toml:1:2",
        ),
        (
            "[client]\nhook = 'expected'\n",
            "unknown field `hook`",
            "codegen.toml:2:1",
        ),
        (
            "[client]\nhooks = 'never'\n",
            "unknown variant `never`",
            "codegen.toml:2:9",
        ),
        (
            "[transport]\nSignature = 'sign'\n",
            "unknown variant `sign`",
            "codegen.toml:2:13",
        ),
        (
            "[transport]\nSignatur = 'signature'\n",
            "no header `Signatur`",
            "codegen.toml:2:1",
        ),
        (
            "[types]\nBlokchain = 'crate::B'\n",
            "no schema `Blokchain`",
            "codegen.toml:2:1",
        ),
        (
            "[types]\nCard = 'not a path'\n",
            "not a Rust path",
            "codegen.toml:2:1",
        ),
        (
            "[names.types]\nCard = 'type'\n",
            "not a Rust name",
            "codegen.toml:2:1",
        ),
        (
            "[names.operations]\ngetCardz = 'x'\n",
            "no operation `getCardz`",
            "codegen.toml:2:1",
        ),
        (
            "[names.fields]\n'Card.pin' = 'x'\n",
            "no property `Card.pin`",
            "codegen.toml:2:1",
        ),
        (
            "[modules]\nNothing = 'cards'\n",
            "no schema `Nothing`",
            "codegen.toml:2:1",
        ),
        (
            "[enums]\nexcept = ['CardSort']\n",
            "no schema `CardSort`",
            "codegen.toml:2:11",
        ),
        (
            "[secrets]\nfields = ['Card.pin']\n",
            "no property `Card.pin`",
            "codegen.toml:2:11",
        ),
        (
            "[secrets]\nfields = ['Card.id']\n",
            "is not a plain string",
            "codegen.toml:2:11",
        ),
        ("[types\n", "", "codegen.toml:1:"),
    ];
    for (text, message, place) in cases {
        let shown = rejected(text);
        assert!(
            shown.contains(message),
            "{text} should say {message:?}:\n{shown}"
        );
        assert!(
            shown.contains(place),
            "{text} should mark {place}:\n{shown}"
        );
    }
}

#[test]
fn all_wrong_entries_are_shown_at_once() {
    let shown = rejected("[types]\nOne = 'crate::One'\n[modules]\nTwo = 'two'\n");
    assert!(
        shown.contains("`One`") && shown.contains("`Two`"),
        "{shown}"
    );
}

#[test]
fn a_near_name_is_suggested() {
    let shown = rejected("[types]\nBlockchainAcountId = 'crate::B'\n");
    assert!(
        shown.contains("did you mean `BlockchainAccountId`?"),
        "{shown}"
    );
}

#[test]
fn the_vendored_policy_fits_the_vendored_contract() {
    let text = std::fs::read_to_string(workspace().join("openapi/codegen.toml")).unwrap();
    let policy =
        Policy::parse("openapi/codegen.toml", &text).unwrap_or_else(|errors| panic!("{errors}"));
    lower(&vendored(), &policy).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(
        policy.client.session.is_some(),
        "openapi/codegen.toml names the session that signs and sends: set `client.session` there"
    );
}

const SMALL: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: getAll
      tags: [Things]
      parameters: [{name: Trace, in: header, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
components:
  schemas:
    Thing: {type: object, required: [kind], properties: {kind: {$ref: '#/components/schemas/Kind'}, pin: {type: string}}}
    Kind: {type: string, enum: [a, unknown]}
";

#[test]
fn every_table_has_its_effect() {
    let text = "
[transport]
TRACE = 'signature'
[secrets]
fields = ['Thing.pin']
[enums]
open = false
except = ['Kind']
[names.types]
Thing = 'Object'
[names.operations]
getAll = 'everything'
[names.fields]
'Thing.kind' = 'sort'
[modules]
Kind = 'kinds'
";
    let document = read_str("small.yaml", SMALL).unwrap_or_else(|errors| panic!("{errors}"));
    let policy = Policy::parse("codegen.toml", text).unwrap_or_else(|errors| panic!("{errors}"));
    let lowered = lower(&document, &policy).unwrap_or_else(|errors| panic!("{errors}"));
    let api = build(&document, &lowered, &policy).unwrap_or_else(|errors| panic!("{errors}"));
    let [operation] = api.operations.as_slice() else {
        panic!("one operation")
    };
    assert!(operation.parameters.is_empty() && operation.transport.len() == 1);
    assert_eq!(
        (operation.id.as_str(), operation.rust_name.as_str()),
        ("getAll", "everything")
    );
    assert_eq!(operation.type_name, "Everything");
    let [thing, kind] = api.types.as_slice() else {
        panic!("two types")
    };
    assert_eq!(
        (thing.rust_name.as_str(), thing.module.as_str()),
        ("Object", "things")
    );
    let TypeKind::Struct(object) = &thing.kind else {
        panic!("a struct")
    };
    assert_eq!(object.fields[0].rust_name, "sort");
    assert!(object.fields[1].secret && object.fields[1].ty == TypeRef::Secret);
    assert_eq!(kind.module, "kinds");
    let TypeKind::Enum(list) = &kind.kind else {
        panic!("an enum")
    };
    assert!(list.open, "an exception to closed enums is open");
    assert_eq!(list.values[1].rust_name, "UnknownValue");
}

#[test]
fn a_type_of_ones_own_takes_the_place_of_the_generated_one() {
    let document = read_str("small.yaml", SMALL).unwrap_or_else(|errors| panic!("{errors}"));
    let policy = Policy::parse("codegen.toml", "[types]\nKind = 'crate::Kind'\n").unwrap();
    let lowered = lower(&document, &policy).unwrap_or_else(|errors| panic!("{errors}"));
    let api = build(&document, &lowered, &policy).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(
        api.types[1].kind,
        TypeKind::External("crate::Kind".to_owned())
    );
}
