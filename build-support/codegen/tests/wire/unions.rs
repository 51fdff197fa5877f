//! A value of a union is read as the member that keeps it whole.

use super::generated::*;
use super::{rejection, survives};
use serde_json::json;

#[test]
fn the_member_that_knows_the_properties_is_chosen() {
    assert!(matches!(survives(&json!({ "r": "x" })), Mix::Right(_)));
    assert!(matches!(survives(&json!({ "l": "x" })), Mix::Left(_)));
    assert!(matches!(survives(&json!({})), Mix::Left(_)));
    rejection::<Mix>(&json!({ "l": 1, "r": 2 }));
}

#[test]
fn constants_and_listed_values_decide_first() {
    for (kind, expected) in [(json!("first"), 1), (json!("third"), 0), (json!(7), 2)] {
        let found = match survives(&json!({ "kind": kind, "note": "x" })) {
            ByConstant::Plain(_) => 0,
            ByConstant::Listed(_) => 1,
            ByConstant::Numbered(_) => 2,
        };
        assert_eq!(found, expected, "{kind}");
    }
    rejection::<ByConstant>(&json!({ "kind": true }));
}

#[test]
fn types_decide_then() {
    assert!(matches!(survives(&json!("auto")), Loose::Variant2(_)));
    assert_eq!(
        survives::<Loose>(&json!("other")),
        Loose::Text("other".to_owned())
    );
    assert_eq!(survives::<Loose>(&json!(5)), Loose::Integer(5));
    assert_eq!(survives::<Loose>(&json!(5.5)), Loose::Number(5.5));
    assert_eq!(survives::<Loose>(&json!(true)), Loose::Boolean(true));
    assert!(matches!(survives(&json!(["a"])), Loose::List(_)));
    assert!(matches!(survives(&json!({ "name": "x" })), Loose::Fixed(_)));
    assert!(matches!(survives(&json!({ "x": 1 })), Loose::Map(_)));
    rejection::<Loose>(&json!(null));
    assert!(matches!(
        survives(&json!("2024-03-05T09:41:07+01:00")),
        When::DateTime(_)
    ));
    assert!(matches!(survives(&json!("tomorrow")), When::Text(_)));
}

#[test]
fn a_tag_may_be_a_number_or_a_boolean() {
    assert!(matches!(
        survives(&json!({ "ver": 2, "z": "a" })),
        Versioned::Num(_)
    ));
    assert!(matches!(
        survives(&json!({ "ver": 3, "z": 1 })),
        Versioned::Num3(_)
    ));
    assert!(matches!(
        survives(&json!({ "ver": 4, "z": [] })),
        Versioned::Unknown(_)
    ));
    assert!(matches!(
        survives(&json!({ "ok": true, "value": "x" })),
        Flagged::Good(_)
    ));
    assert!(matches!(
        survives(&json!({ "ok": false, "error": "x" })),
        Flagged::Bad(_)
    ));
    rejection::<Flagged>(&json!({ "ok": null }));
}

#[test]
fn every_name_of_a_member_is_kept() {
    for kind in ["car", "van"] {
        assert!(matches!(
            survives(&json!({ "kind": kind, "wheels": 4 })),
            Vehicle::Car(_)
        ));
    }
    for kind in ["boat", "ship"] {
        assert!(matches!(
            survives(&json!({ "kind": kind, "sails": 1 })),
            Vehicle::Boat(_)
        ));
    }
    let cart = serde_json::to_value(Vehicle::from(Cart::default())).unwrap();
    assert_eq!(cart, json!({ "kind": "cart" }));
    let boat = serde_json::to_value(Vehicle::from(Boat::default())).unwrap();
    assert_eq!(boat, json!({ "kind": "boat" }));
    let wrong = Boat {
        kind: Some("car".to_owned()),
        ..Boat::default()
    };
    assert!(serde_json::to_value(Vehicle::from(wrong)).is_err());
}

#[test]
fn a_union_within_a_union_is_reached_by_the_same_tag() {
    for value in [
        json!({ "kind": "van", "wheels": 3 }),
        json!({ "kind": "cart", "load": 1 }),
    ] {
        assert!(matches!(survives(&value), Anything::Vehicle(_)), "{value}");
    }
    assert!(matches!(
        survives(&json!({ "kind": "stone" })),
        Anything::Stone(_)
    ));
    assert!(matches!(
        survives(&json!({ "kind": "air" })),
        Anything::Unknown(_)
    ));
}

#[test]
fn two_members_of_one_tag_are_told_apart_by_their_other_constants() {
    let twin = |role: &str| json!({ "type": "twin", "role": role });
    assert!(matches!(survives(&twin("a")), Twins::TwinA(_)));
    assert!(matches!(survives(&twin("b")), Twins::TwinB(_)));
}

#[test]
fn a_base_with_a_discriminator_is_what_is_derived_from_it() {
    let cat = json!({ "kind": "cat", "name": "x", "lives": 9 });
    let dog = json!({ "kind": "dog", "name": "y", "tricks": ["sit"], "friends": [cat] });
    assert!(matches!(survives(&cat), Animal::Cat(_)));
    assert!(matches!(survives(&dog), Animal::Dog(_)));
    let puppy = json!({ "kind": "Puppy", "name": "y", "tricks": [], "age": 1 });
    assert!(matches!(survives(&puppy), Animal::Puppy(_)));
    assert!(matches!(
        survives(&json!({ "kind": "animal", "name": "z" })),
        Animal::Base(_)
    ));
    assert!(matches!(
        survives(&json!({ "kind": "cow", "milk": 1 })),
        Animal::Unknown(_)
    ));
    rejection::<Animal>(&json!({ "kind": "cat", "name": "x" }));
}
