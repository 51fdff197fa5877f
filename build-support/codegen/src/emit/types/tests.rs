//! Goldens of small models. That what is printed also compiles is proved by the crates generated
//! from contracts; these show what a person gets to read.

mod fixture;

use super::*;
use crate::emit::printed;
use crate::model::{Additional, Field, Struct, TypeRef, Union, Variant};
use files::FileSet;
use fixture::{api, def, field, listed, named, object, one_of, optional};

fn emitted(api: &Api) -> Result<FileSet, EmitError> {
    printed(&api.source, |sink| {
        emit(api, &Policy::default(), Extent::Whole, sink)
    })
}

/// The text of one generated file.
fn file(api: &Api, path: &str) -> String {
    let files = emitted(api).unwrap();
    files
        .get(path)
        .unwrap_or_else(|| panic!("no file `{path}`"))
        .to_owned()
}

fn only(kind: TypeKind) -> String {
    file(&api(vec![def("Thing", kind)]), "common.rs")
}

/// A golden whose folder and name do not depend on where the test stands.
fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("tests/golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn structs() {
    let card = fixture::card();
    golden("structs", &file(&card, "cards.rs"));
    golden("root", &file(&card, "mod.rs"));
}

#[test]
fn enums_open_and_closed() {
    let values = ["active", "issue_failed"];
    let all = [only(listed(&values, true)), only(listed(&values, false))];
    golden("enums", &all.join("\n"));
}

#[test]
fn unions_with_and_without_a_tag() {
    golden("tagged", &file(&fixture::events(true), "webhooks.rs"));
    golden(
        "tagged-closed",
        &file(&fixture::events(false), "webhooks.rs"),
    );
    golden("untagged", &file(&fixture::shapes(), "common.rs"));
}

#[test]
fn an_unknown_value_never_takes_a_listed_name() {
    let text = only(listed(&["unknown"], true));
    assert!(text.contains("Unrecognised(String)"), "{text}");
}

#[test]
fn traits_are_what_every_part_allows() {
    let cases = [
        (
            vec![field("a", TypeRef::Uuid)],
            "Clone, Debug, PartialEq, Eq, Hash)]",
        ),
        (
            vec![field("a", TypeRef::String)],
            "Clone, Debug, PartialEq, Eq, Hash)]",
        ),
        (vec![field("a", TypeRef::F64)], "Clone, Debug, PartialEq)]"),
        (
            vec![field("a", TypeRef::Secret)],
            "Clone, Debug, PartialEq, Eq)]",
        ),
        (
            vec![field("a", TypeRef::Array(Box::new(TypeRef::F64)))],
            "Clone, Debug, PartialEq)]",
        ),
        (
            vec![field("a", TypeRef::Boxed("Thing".to_owned()))],
            "Clone, Debug, PartialEq, Eq, Hash)]",
        ),
    ];
    for (fields, expected) in cases {
        let text = only(object(fields));
        assert!(
            text.contains(&format!("#[derive({expected}")),
            "wanted {expected} in\n{text}"
        );
        assert!(
            text.contains("#[non_exhaustive]\npub struct Thing"),
            "{text}"
        );
    }
}

#[test]
fn a_part_without_a_trait_takes_it_from_every_whole() {
    let types = vec![
        def("Outer", object(vec![field("middle", named("Middle"))])),
        def("Middle", object(vec![field("inner", named("Inner"))])),
        def("Inner", object(vec![field("price", TypeRef::F64)])),
    ];
    let text = file(&api(types), "common.rs");
    assert!(!text.contains("Eq, Hash)]"), "{text}");
}

#[test]
fn only_what_callers_may_leave_empty_has_a_default() {
    let fields = || vec![optional("a", TypeRef::Bool)];
    let sent = only(fixture::sent(fields()));
    assert!(sent.contains("Debug, Default, PartialEq"), "{sent}");
    // A server makes this one, and may have to say more tomorrow.
    let given = only(object(fields()));
    assert!(!given.contains("Default"), "{given}");
    let (_, constructor) = given
        .split_once("#[cfg(feature = \"unstable-responses\")]")
        .unwrap();
    assert!(constructor.contains("pub fn new() -> Self {"), "{given}");
}

#[test]
fn what_a_caller_makes_has_setters_for_what_it_may_leave_out() {
    let text = fixture::sent(vec![
        field("id", TypeRef::Uuid),
        optional("type", TypeRef::String),
        Field {
            rust_name: "self_".to_owned(),
            ..optional("self", TypeRef::Bool)
        },
        Field {
            nullable: true,
            ..optional("note", TypeRef::String)
        },
        optional("inner", TypeRef::Boxed("Thing".to_owned())),
    ]);
    let text = only(text);
    for setter in [
        "pub fn with_type(mut self, r#type: impl Into<String>) -> Self {\n        self.r#type = Some(r#type.into());",
        "pub fn with_self(mut self, self_: bool) -> Self {\n        self.self_ = Some(self_);",
        "pub fn with_note(mut self, note: Option<String>) -> Self {\n        self.note = Some(note);",
        "pub fn with_inner(mut self, inner: impl Into<Box<Thing>>) -> Self {",
    ] {
        assert!(text.contains(setter), "{setter} is not in\n{text}");
    }
    assert!(!text.contains("with_id"), "{text}");
}

#[test]
fn what_is_not_listed_is_ignored_rejected_or_kept() {
    let shape = |additional| {
        TypeKind::Struct(Struct {
            fields: vec![field("additional", TypeRef::Bool)],
            additional,
            parents: Vec::new(),
            sent: false,
        })
    };
    assert!(only(shape(Additional::Denied)).contains("deny_unknown_fields"));
    assert!(!only(shape(Additional::Ignored)).contains("deny_unknown_fields"));
    let text = only(shape(Additional::Typed(TypeRef::I64)));
    assert!(
        text.contains("#[serde(flatten, deserialize_with = \"support::whole::read\")]"),
        "{text}"
    );
    assert!(
        text.contains("pub additional_: std::collections::BTreeMap<String, i64>"),
        "{text}"
    );
}

#[test]
fn a_secret_that_is_no_text_is_hidden_by_the_struct() {
    let secret = Field {
        secret: true,
        ..field("apiKey", TypeRef::Uuid)
    };
    let text = only(object(vec![secret, field("name", TypeRef::String)]));
    assert!(text.contains("impl std::fmt::Debug for Thing"), "{text}");
    assert!(text.contains("format_args!(\"redacted\")"), "{text}");
}

#[test]
fn a_schema_named_like_a_type_of_the_prelude_does_not_capture_it() {
    let types = vec![
        def("Option", object(vec![field("a", TypeRef::Bool)])),
        def("Holder", object(vec![optional("a", named("Option"))])),
    ];
    let text = file(&api(types), "common.rs");
    assert!(
        text.contains("pub a: ::std::option::Option<Option>"),
        "{text}"
    );
}

#[test]
fn a_reference_to_nothing_is_an_error() {
    let error = emitted(&api(vec![def("A", TypeKind::Alias(named("B")))]));
    assert!(matches!(error, Err(EmitError::UnknownType { name }) if name == "B"));
}

#[test]
fn the_more_exact_member_of_an_untagged_union_is_tried_first() {
    let types = vec![
        def("Thing", one_of(None, &["Small", "Large"])),
        def("Small", object(vec![field("id", TypeRef::I64)])),
        def(
            "Large",
            object(vec![field("id", TypeRef::I64), field("size", TypeRef::I64)]),
        ),
    ];
    let text = file(&api(types), "common.rs");
    let place = |what| text.find(what).unwrap();
    assert!(
        place("name: \"Large\"") < place("name: \"Small\""),
        "{text}"
    );
}

#[test]
fn a_member_that_does_not_list_the_tag_is_written_with_it() {
    let shape = Union {
        tag: Some("kind".to_owned()),
        variants: vec![Variant {
            listed: Vec::new(),
            rust_name: "Cat".to_owned(),
            tag_values: vec!["cat".to_owned()],
            ty: named("Cat"),
        }],
        open: false,
    };
    let types = vec![
        def("Pet", TypeKind::Union(shape)),
        def("Cat", object(vec![field("lives", TypeRef::I32)])),
    ];
    let text = file(&api(types), "common.rs");
    assert!(
        text.contains("write_adding(serializer, value, \"kind\", &[\"cat\"])"),
        "{text}"
    );
    assert!(text.contains("object.without(\"kind\")"), "{text}");
}
