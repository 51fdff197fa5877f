//! What is composed or refers to itself keeps all its properties.

use super::generated::*;
use super::{rejection, survives};
use serde_json::json;

#[test]
fn what_restricts_nothing_beside_an_object_changes_nothing() {
    let value: WithAnything = survives(&json!({
        "x": { "ok": true }, "y": { "first": "a" }, "z": { "first": "b" }, "s": "c"
    }));
    assert_eq!(value.x.unwrap().ok, Some(true));
    let named: Option<Named> = value.y;
    assert_eq!(named.unwrap().first.as_deref(), Some("a"));
    rejection::<WithAnything>(&json!({ "x": { "ok": 1 } }));
}

#[test]
fn two_choices_give_every_combination() {
    for one in ["a", "b"] {
        for other in ["c", "d"] {
            survives::<TwoChoices>(&json!({ "id": "x", one: "1", other: "2" }));
        }
        rejection::<TwoChoices>(&json!({ "id": "x", one: "1" }));
    }
}

#[test]
fn a_recursive_reference_leads_to_the_schema_around_it() {
    let filter: Filter = survives(&json!({ "filters": [{ "type": "a", "filters": [] }] }));
    assert_eq!(filter.filters.unwrap()[0].r#type.as_deref(), Some("a"));
    survives::<Node>(&json!({ "next": { "next": {} } }));
}

#[test]
fn an_array_of_anything_keeps_it() {
    survives::<Bare>(&json!({ "list": [1, "a", null, { "x": [] }] }));
}

#[test]
fn null_is_a_value_where_every_part_takes_it() {
    let given = json!({
        "one": null, "described": null, "words": null, "both": null, "plain": "a", "narrow": "b"
    });
    survives::<Nulls>(&given);
    for name in ["plain", "narrow"] {
        let mut other = given.clone();
        other[name] = json!(null);
        rejection::<Nulls>(&other);
    }
    survives::<Nulls>(&json!({
        "one": "a", "described": { "l": "x" }, "words": "bc", "both": { "l": "x", "r": "y" },
        "plain": "a", "narrow": "b"
    }));
}
