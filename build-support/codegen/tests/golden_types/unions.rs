//! Unions.

use super::generated::*;
use super::{rejection, survives};
use serde_json::json;

const ID: &str = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3";

#[test]
fn by_shape_the_most_exact_member_is_chosen() {
    assert_eq!(survives::<Shape>(&json!({ "x": 1 })), Point::new(1).into());
    assert_eq!(
        survives::<Shape>(&json!({ "x": 1, "radius": 2 })),
        Circle::new(1, 2).into()
    );
    assert_eq!(
        survives::<Shape>(&json!("a square")),
        Shape::Text("a square".to_owned())
    );
}

#[test]
fn what_fits_no_shape_is_told_why_for_each() {
    let error = rejection::<Shape>(&json!({ "y": 1 }));
    for part in [
        "not a Shape",
        "as Circle: missing field `x`",
        "as Point",
        "as Text",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_tag_is_written_where_the_member_does_not_list_it() {
    assert_eq!(
        survives::<Pet>(&json!({ "kind": "dog", "barks": true })),
        Dog::new(true).into()
    );
    assert_eq!(
        survives::<Pet>(&json!({ "kind": "cat", "lives": 9 })),
        Cat::new("cat", 9).into()
    );
}

#[test]
fn a_closed_union_rejects_what_it_does_not_know() {
    let error = rejection::<Pet>(&json!({ "kind": "cow", "barks": true }));
    assert!(
        error.contains("`cow`") && error.contains("`cat` or `dog`"),
        "{error}"
    );
    let error = rejection::<Pet>(&json!({ "purrs": true }));
    assert!(error.contains("not a Pet; as Dog"), "{error}");
    assert!(rejection::<Pet>(&json!({ "kind": "dog", "lives": 9 })).contains("`dog` (Dog)"));
}

#[test]
fn without_its_tag_the_shape_of_a_value_decides_among_those_that_need_none() {
    let dog: Pet = serde_json::from_value(json!({ "barks": true })).unwrap();
    assert_eq!(dog, Dog::new(true).into());
    rejection::<Pet>(&json!({ "kind": ["dog"], "barks": true }));
}

#[test]
fn a_tag_that_may_be_absent_is_set_for_who_makes_the_value_and_not_for_who_reads_it() {
    let car: Vehicle = survives(&json!({ "wheels": 4 }));
    assert!(matches!(&car, Vehicle::Car(car) if car.kind.is_none()));
    let ship: Vehicle = survives(&json!({ "decks": 2 }));
    assert!(matches!(ship, Vehicle::Ship(_)));
    let made = Vehicle::from(Car::new(4));
    let sent = serde_json::to_value(&made).unwrap();
    assert_eq!(sent, json!({ "kind": "car", "wheels": 4 }));
    let made = Vehicle::from(Ship::new(2));
    assert_eq!(serde_json::to_value(&made).unwrap()["kind"], "ship");
    let mut wrong = Car::new(4);
    wrong.kind = Some("ship".to_owned());
    let error = serde_json::to_value(Vehicle::Car(wrong))
        .unwrap_err()
        .to_string();
    assert!(error.contains("tagged `ship`"), "{error}");
}

#[test]
fn a_value_is_not_of_a_member_that_lists_other_values_than_the_member_it_names() {
    survives::<Side>(&json!({ "side": 1, "value": 7 }));
    survives::<Side>(&json!({ "side": 2, "value": "x" }));
    survives::<Side>(&json!({ "value": "x" }));
    rejection::<Side>(&json!({ "side": 1, "value": "x" }));
    // No member lists it: a newer contract may.
    survives::<Side>(&json!({ "side": 3, "value": "x" }));
}

#[test]
fn an_open_union_keeps_what_it_does_not_know() {
    let event: Event = survives(&json!({ "eventId": ID, "kind": "mended", "by": ["x"] }));
    assert_eq!(event.event_id().to_string(), ID);
    assert!(matches!(&event, Event::Unknown(unknown) if unknown.kind == "mended"));
    let event: Event = survives(&json!({ "eventId": ID, "kind": "opened", "by": "x" }));
    assert_eq!(
        event,
        Opened::new(ID.parse().unwrap(), "opened", "x").into()
    );
}

#[test]
fn a_member_with_the_tag_of_another_is_not_written() {
    let cow = Pet::from(Cat::new("cow", 9));
    let error = serde_json::to_value(&cow).unwrap_err().to_string();
    assert!(
        error.contains("tagged `cow`") && error.contains("`cat`"),
        "{error}"
    );
}
