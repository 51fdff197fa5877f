//! Bodies that break the contract.

use serde_json::{Map, Value};

/// The properties of the contract's responses that are enumerations.
const ENUMERATIONS: [&str; 5] = ["status", "type", "network", "direction", "webhookType"];

/// A value that none of them has.
const UNKNOWN: &str = "unknown_to_the_contract";

/// A property that no object has.
const EXTRA: &str = "unknownToTheContract";

/// Gives the first enumeration a value that the contract does not have. `false` where there is none.
pub(super) fn set_unknown_value(body: &mut Value) -> bool {
    let found = first_object(body, &|object| {
        ENUMERATIONS
            .iter()
            .any(|name| object.get(*name).is_some_and(Value::is_string))
    });
    let Some(object) = found else {
        return false;
    };
    let name = ENUMERATIONS
        .iter()
        .find(|name| object.get(**name).is_some_and(Value::is_string));
    if let Some(name) = name {
        object.insert((*name).to_owned(), UNKNOWN.into());
    }
    true
}

/// Gives the first object a property that the contract does not have. `false` where there is none.
pub(super) fn add_field(body: &mut Value) -> bool {
    match first_object(body, &|_| true) {
        Some(object) => object.insert(EXTRA.to_owned(), true.into()).is_none(),
        None => false,
    }
}

/// The first object that is wanted, outermost first.
fn first_object<'a>(
    value: &'a mut Value,
    wanted: &dyn Fn(&Map<String, Value>) -> bool,
) -> Option<&'a mut Map<String, Value>> {
    if value.as_object().is_some_and(wanted) {
        return value.as_object_mut();
    }
    match value {
        Value::Object(object) => {
            let mut values = object.values_mut();
            values.find_map(|value| first_object(value, wanted))
        }
        Value::Array(items) => items
            .iter_mut()
            .find_map(|value| first_object(value, wanted)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_enumeration_becomes_unknown() {
        for (mut body, expected) in [
            (
                json!({"id": "1", "status": "active"}),
                json!({"id": "1", "status": UNKNOWN}),
            ),
            (
                json!([{"a": {"network": "visa"}}, {"status": "x"}]),
                json!([{"a": {"network": UNKNOWN}}, {"status": "x"}]),
            ),
            (json!({"status": 7}), json!({"status": 7})),
            (json!([]), json!([])),
        ] {
            let changed = set_unknown_value(&mut body);
            assert_eq!(body, expected);
            assert_eq!(changed, body.to_string().contains(UNKNOWN));
        }
    }

    #[test]
    fn the_first_object_gets_another_property() {
        let mut body = json!([{"id": 1}, {"id": 2}]);
        assert!(add_field(&mut body));
        assert_eq!(body, json!([{"id": 1, (EXTRA): true}, {"id": 2}]));
        assert!(!add_field(&mut json!([1, 2])));
    }
}
