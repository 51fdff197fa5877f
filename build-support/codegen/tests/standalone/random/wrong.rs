//! Values with one change, of which many are not valid any more.

use super::chance::Chance;
use serde_json::{Value, json};

/// The value with a change somewhere in it.
pub fn changed(chance: &mut Chance, value: &Value) -> Value {
    let mut value = value.clone();
    change(chance, &mut value);
    value
}

fn change(chance: &mut Chance, value: &mut Value) {
    let here = chance.once_in(3);
    match value {
        Value::Array(items) if !items.is_empty() && !here => {
            let index = chance.below(items.len());
            change(chance, &mut items[index]);
        }
        Value::Object(members) if !members.is_empty() && !here => {
            let index = chance.below(members.len());
            let key = members.keys().nth(index).cloned().unwrap_or_default();
            match chance.below(6) {
                0 => drop(members.remove(&key)),
                1 => drop(members.insert("noSuchProperty".to_owned(), json!(1))),
                2 => drop(members.insert(key, Value::Null)),
                _ => change(chance, &mut members[&key]),
            }
        }
        _ => *value = other(chance, value),
    }
}

/// Another value, of the same type or not.
fn other(chance: &mut Chance, value: &Value) -> Value {
    let others = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(300),
        json!(70_000),
        json!(u64::MAX),
        json!(1.5),
        json!("other"),
        json!("Unknown"),
        json!([]),
        json!([1]),
        json!({}),
        json!({ "x": 1 }),
    ];
    match value.as_str() {
        Some(text) if chance.once_in(2) => json!(format!("{text}x")),
        _ => chance.one(&others).clone(),
    }
}
