//! Objects and what they hold.

use super::generated::*;
use super::{rejection, survives};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;

const ID: &str = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3";

/// A thing with what is required and some more.
fn thing(more: &Value) -> Value {
    let mut json = json!({ "id": ID, "note": null, "type": "t" });
    let (object, more) = (json.as_object_mut(), more.as_object().cloned());
    object.expect("an object").extend(more.expect("an object"));
    json
}

#[test]
fn required_and_nullable_is_demanded_and_written() {
    let mut json = thing(&json!({}));
    assert_eq!(survives::<Thing>(&json).note, None);
    json.as_object_mut().unwrap().remove("note");
    assert!(rejection::<Thing>(&json).contains("missing field `note`"));
}

#[test]
fn optional_and_nullable_is_absent_null_or_a_value() {
    for (more, expected) in [
        (json!({}), None),
        (json!({ "comment": null }), Some(None)),
        (json!({ "comment": "x" }), Some(Some("x".to_owned()))),
    ] {
        assert_eq!(survives::<Thing>(&thing(&more)).comment, expected);
    }
}

#[test]
fn defaults_belong_to_the_reader() {
    let value: Thing = survives(&thing(&json!({})));
    assert_eq!(value, Thing::new(ID.parse().unwrap(), None, "t"));
    assert_eq!((value.retries, value.retries_or_default()), (None, 3));
    assert_eq!(value.label_or_default(), "none");
    assert!(value.enabled_or_default());
    assert_eq!(
        (value.ratio_or_default(), value.colour_or_default()),
        (0.5, Colour::DarkRed)
    );
    let value: Thing = survives(&thing(&json!({ "retries": 0, "enabled": false })));
    assert_eq!(
        (value.retries_or_default(), value.enabled_or_default()),
        (0, false)
    );
}

#[test]
fn names_that_are_keywords_travel_as_the_contract_spells_them() {
    let value: Thing = survives(&thing(
        &json!({ "Self": "s", "snake_case": 1, "day": "2024-02-29" }),
    ));
    assert_eq!(
        (value.self_.as_deref(), value.snake_case),
        (Some("s"), Some(1))
    );
}

#[test]
fn lists_hold_null_and_anything_holds_anything() {
    let value: Thing = survives(&thing(
        &json!({ "list": [1, null], "anything": { "deep": [1.5] } }),
    ));
    assert_eq!(value.list, Some(vec![Some(1), None]));
}

#[test]
fn enums_are_open_or_closed_as_the_policy_says() {
    let value: Thing = survives(&thing(&json!({ "size": "huge" })));
    assert_eq!(value.size, Some(Size::Unknown("huge".to_owned())));
    assert_eq!(survives::<Size>(&json!("unknown")), Size::UnknownValue);
    let error = rejection::<Colour>(&json!("green"));
    assert!(
        error.contains("not a Colour") && error.contains("\"dark-red\", \"blue\""),
        "{error}"
    );
    assert_eq!("green".parse::<Colour>().unwrap_err().expected, "Colour");
}

#[test]
fn what_is_not_listed_is_ignored_rejected_or_kept() {
    let tree: Tree = serde_json::from_value(json!({ "value": 1, "colour": "green" })).unwrap();
    assert_eq!(tree, Tree::new(1));
    assert!(rejection::<Strict>(&json!({ "colour": 1 })).contains("unknown field `colour`"));
    let labels: Labels = survives(&json!({ "name": "n", "a": 1, "b": 2 }));
    assert_eq!(
        labels.additional.into_iter().collect::<Vec<_>>(),
        [("a".into(), 1), ("b".into(), 2)]
    );
    rejection::<Labels>(&json!({ "name": "n", "a": "one" }));
}

#[test]
fn a_list_is_not_an_object() {
    fn check<T: DeserializeOwned + Debug>() {
        for list in [
            json!([]),
            json!([ID, null, "t"]),
            json!([[]]),
            json!([1, 2, 3, 4, 5, 6, 7, 8]),
        ] {
            let found = [
                rejection::<T>(&list),
                serde_json::from_str::<T>(&list.to_string())
                    .unwrap_err()
                    .to_string(),
            ];
            for found in found {
                assert!(
                    found.starts_with("invalid type: sequence"),
                    "{list}: {found}"
                );
            }
        }
    }
    check::<Thing>();
    check::<Strict>();
    check::<Tree>();
    check::<Labels>();
    rejection::<Tree>(&json!({ "value": 1, "others": [[1]] }));
}

#[test]
fn instants_keep_their_digits_wherever_they_stand() {
    let value: Scheduled = survives(&json!({
        "times": ["2024-03-05T09:41:07.21836457Z", "2024-03-05T09:41:07Z"],
        "closedAt": null,
        "byName": { "a": "2024-03-05T09:41:07.5Z" },
    }));
    assert_eq!((value.closed_at, value.opened_at), (None, None));
    survives::<Scheduled>(&json!({
        "times": [], "closedAt": "2024-03-05T09:41:07.1Z", "openedAt": "2024-03-05T09:41:07.2Z",
    }));
    assert!(rejection::<Scheduled>(&json!({ "times": [] })).contains("closedAt"));
    assert!(
        rejection::<Scheduled>(&json!({ "times": ["now"], "closedAt": null }))
            .contains("timestamp")
    );
}

#[test]
fn types_contain_themselves() {
    let tree: Tree = survives(&json!({
        "value": 1, "left": { "value": 2, "left": { "value": 3 } }, "others": [{ "value": 4 }],
    }));
    assert_eq!(tree.left.unwrap().left.unwrap().value, 3);
}

#[test]
fn passwords_are_secrets() {
    let key: Key = survives(&json!({ "id": ID, "secret": "battery staple", "other": ID }));
    assert!(!format!("{key:?}").contains("battery"), "{key:?}");
}

#[test]
fn a_whole_becomes_each_of_its_parts() {
    let closed: Closed = survives(&json!({ "eventId": ID, "kind": "closed", "name": "n" }));
    assert_eq!(Strict::from(closed.clone()).name.as_deref(), Some("n"));
    assert_eq!(Base::from(closed).kind, "closed");
}
