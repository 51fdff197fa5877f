//! Tables of values beside what is to be found in them.

use proptest::prelude::*;
use serde_json::json;

use super::*;

static COLOUR: Shape = Shape::Enum(&["red", "blue"]);
static NODE: Shape = Shape::Object(&[
    ("name", &Shape::Leaf),
    ("colour", &COLOUR),
    ("children", &Shape::Array(&NODE)),
    ("labels", &Shape::Map(&[("main", &Shape::Leaf)], &COLOUR)),
    ("free", &Shape::Any),
]);
static EVENT: Shape = Shape::Tagged {
    tag: "kind",
    members: &[("made", &NODE), ("moved", &MOVED)],
};
static MOVED: Shape = Shape::Object(&[("kind", &Shape::Leaf), ("to", &COLOUR)]);
static EITHER: Shape = Shape::Untagged(&[&Shape::Leaf, &MOVED, &NODE]);
static HOLDER: Shape = Shape::Object(&[
    ("event", &EVENT),
    ("either", &EITHER),
    ("events", &Shape::Array(&EVENT)),
]);

const FIELD: DriftKind = DriftKind::UnknownField;
const VALUE: DriftKind = DriftKind::UnknownValue;

/// Kind, pointer and count of each finding.
type Seen<'a> = Vec<(DriftKind, &'a str, u64)>;

fn check(shape: &Shape, value: &Value, expected: &Seen<'_>) {
    let text = value.to_string();
    for found in [inspect(shape, value), inspect_slice(shape, text.as_bytes())] {
        let seen: Seen<'_> = found
            .iter()
            .map(|one| (one.kind, one.pointer.as_str(), one.count))
            .collect();
        assert_eq!(&seen, expected, "{text}");
    }
}

#[test]
fn fields_and_values_are_found_at_every_depth() {
    let table: Vec<(Value, Seen<'_>)> = vec![
        (json!({}), vec![]),
        (
            json!({"name": null, "colour": null, "children": null, "labels": null}),
            vec![],
        ),
        (json!({"size": 4}), vec![(FIELD, "/size", 1)]),
        (json!({"colour": "green"}), vec![(VALUE, "/colour", 1)]),
        (json!({"free": {"size": {"colour": "green"}}}), vec![]),
        (
            json!({"labels": {"main": "any", "x": "red", "4111111111111111": "green"}}),
            vec![(VALUE, "/labels/*", 1)],
        ),
        (
            json!({"children": [{"size": 1}, {"size": {"deep": 1}}, {"children": [{"colour": ""}]}]}),
            vec![
                (FIELD, "/children/*/size", 2),
                (VALUE, "/children/*/children/*/colour", 1),
            ],
        ),
        (
            json!({"4111111111111111": 1, "Ada Lovelace": 2}),
            vec![(FIELD, "/?", 2)],
        ),
    ];
    for (value, expected) in table {
        check(&NODE, &value, &expected);
    }
}

#[test]
fn another_json_type_is_left_to_decoding() {
    for value in [
        json!(1),
        json!([{"size": 1}]),
        json!("x"),
        json!({"children": {"size": 1}}),
    ] {
        check(&NODE, &value, &vec![]);
    }
    for value in [
        json!(1.5),
        json!(-1),
        json!(true),
        json!({"red": 1}),
        json!(["x"]),
    ] {
        check(&COLOUR, &value, &vec![]);
    }
}

#[test]
fn a_tag_chooses_wherever_it_stands() {
    let table: Vec<(Value, Seen<'_>)> = vec![
        // Objects are written in the order of their keys, so the tag comes last here.
        (
            json!({"event": {"colour": "green", "kind": "made"}}),
            vec![(VALUE, "/event/colour", 1)],
        ),
        (json!({"event": {"kind": "moved", "to": "red"}}), vec![]),
        (
            json!({"event": {"kind": "moved", "name": "x"}}),
            vec![(FIELD, "/event/name", 1)],
        ),
        (
            json!({"event": {"kind": "lost", "name": 1}}),
            vec![(VALUE, "/event/kind", 1)],
        ),
        (json!({"event": {"name": 1}}), vec![]),
        (json!({"event": 4}), vec![]),
        (
            json!({"events": [{"kind": "lost"}, {"kind": "gone"}, {"kind": "made", "x": 1}]}),
            vec![(VALUE, "/events/*/kind", 2), (FIELD, "/events/*/x", 1)],
        ),
    ];
    for (value, expected) in table {
        check(&HOLDER, &value, &expected);
    }
}

#[test]
fn without_a_tag_the_best_fitting_member_is_reported() {
    let table: Vec<(Value, Seen<'_>)> = vec![
        (json!({"either": "text"}), vec![]),
        (json!({"either": {"kind": 1, "to": "red"}}), vec![]),
        (json!({"either": {"name": 1, "children": []}}), vec![]),
        (
            json!({"either": {"name": 1, "colour": "red", "x": 1}}),
            vec![(FIELD, "/either/x", 1)],
        ),
        (
            json!({"either": {"to": "green", "kind": 1}}),
            vec![(VALUE, "/either/to", 1)],
        ),
        (json!({"either": [1]}), vec![]),
    ];
    for (value, expected) in table {
        check(&HOLDER, &value, &expected);
    }
}

#[test]
fn different_findings_are_limited_and_counts_are_not() {
    let letters = |number: usize| -> String {
        let of = |digit: char| char::from(b'a' + digit.to_digit(10).unwrap_or(0) as u8);
        number.to_string().chars().map(of).collect()
    };
    let object = |from| {
        (from..from + 100)
            .map(|number| (letters(number), json!(1)))
            .collect()
    };
    let value = json!({"children": [Value::Object(object(0)), Value::Object(object(0))]});
    let found = inspect(&NODE, &value);
    assert_eq!(found.len(), MOST);
    assert!(found.iter().all(|one| one.count == 2));
}

#[test]
fn what_stands_before_a_syntax_error_is_looked_at() {
    let found = inspect_slice(&NODE, br#"{"size": 1, "colour": "#);
    assert_eq!(found.len(), 1);
    assert!(inspect_slice(&NODE, b"<html>").is_empty());
    assert!(inspect_slice(&NODE, b"").is_empty());
}

/// Values that `NODE` knows everything of.
fn node() -> impl Strategy<Value = Value> {
    let colour = prop_oneof![Just(json!("red")), Just(json!("blue"))];
    let labels = proptest::collection::btree_map("[a-l]{1,4}", colour.clone(), 0..3);
    let leaf = (any::<Option<u32>>(), colour, labels, "\\PC{0,8}");
    let leaf = leaf.prop_map(|(name, colour, labels, free)| {
        json!({"name": name, "colour": colour, "labels": labels, "free": {"any": free}})
    });
    leaf.prop_recursive(4, 24, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(|children| json!({"children": children}))
    })
}

/// Puts a field into every object that is a node; how many there were.
fn spoil(value: &mut Value) -> u64 {
    let Some(object) = value.as_object_mut() else {
        return 0;
    };
    object.insert("new".to_owned(), json!({"name": "inside"}));
    let children = object.get_mut("children").and_then(Value::as_array_mut);
    1 + children.map_or(0, |children| children.iter_mut().map(spoil).sum())
}

proptest! {
    #[test]
    fn what_a_shape_knows_is_never_found(value in node()) {
        prop_assert!(inspect(&NODE, &value).is_empty());
        prop_assert!(inspect_slice(&NODE, value.to_string().as_bytes()).is_empty());
    }

    #[test]
    fn every_new_field_is_counted(mut value in node()) {
        let put = spoil(&mut value);
        let found = inspect(&NODE, &value);
        prop_assert_eq!(found.iter().map(|one| one.count).sum::<u64>(), put);
        prop_assert!(found.iter().all(|one| one.pointer.ends_with("/new")));
        prop_assert_eq!(found, inspect_slice(&NODE, value.to_string().as_bytes()));
    }

    #[test]
    fn no_bytes_stop_the_walk(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = inspect_slice(&HOLDER, &bytes);
    }
}
