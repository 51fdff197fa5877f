//! Absence, null and a value are three things, and what was not set is not sent.

use super::generated::*;
use super::{rejection, survives};
use serde_json::json;

#[test]
fn null_clears_and_absence_leaves() {
    survives::<Change>(&json!({}));
    for (name, value) in [
        ("nick", json!("x")),
        ("age", json!(7)),
        ("pet", json!({ "l": "x" })),
        ("tags", json!(["x", null])),
        ("at", json!("2024-03-05T09:41:07+01:00")),
        ("mode", json!("a")),
        ("anything", json!({ "x": [null] })),
        ("limit", json!(0)),
        ("choice", json!({ "x": "y" })),
    ] {
        assert_ne!(
            survives::<Change>(&json!({ name: null })),
            Change::default(),
            "{name}"
        );
        survives::<Change>(&json!({ name: value }));
    }
    survives::<Change>(&json!({ "choices": [null, "x", { "x": "y" }] }));
    rejection::<Change>(&json!({ "nick": 1 }));
}

#[test]
fn a_merge_patch_is_written_in_rust() {
    let change = Change {
        nick: Some(None),
        age: Some(Some(3)),
        ..Change::default()
    };
    let written = serde_json::to_value(&change).unwrap();
    assert_eq!(written, json!({ "nick": null, "age": 3 }));
}

#[test]
fn defaults_are_known_to_the_reader_and_never_sent() {
    let settings: Settings = survives(&json!({}));
    assert_eq!(settings, Settings::default());
    assert_eq!(
        (settings.size_or_default(), settings.big_or_default()),
        (20, u64::MAX)
    );
    assert_eq!(settings.order_or_default(), SettingsOrder::Up);
    assert_eq!(
        (settings.label_or_default(), settings.type_or_default()),
        ("none", "plain")
    );
    assert!(settings.active_or_default() && settings.list_or_default().is_empty());
    assert!((settings.ratio_or_default() - 1.0).abs() < f64::EPSILON);
    let given = json!({ "size": 1, "order": "down", "active": false, "list": ["x"] });
    let settings: Settings = survives(&given);
    assert_eq!(
        (settings.size_or_default(), settings.list_or_default()),
        (1, &["x".to_owned()][..])
    );
    assert_eq!(settings.order_or_default(), SettingsOrder::Down);
}
