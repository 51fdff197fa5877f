//! Puts each value of the input through the type of its schema, and says what does not survive.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::BufRead;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (name, valid, value): (String, bool, Value) = serde_json::from_str(&line).unwrap();
        // A reader of text, as in use.
        let text = value.to_string();
        match (valid, through_type(&name, &text)) {
            (true, Err(error)) => println!("{name} rejects {text}: {error}"),
            (false, Ok(written)) if is_tolerated(&value, &written) => {}
            (_, Ok(written)) if !same(&value, &written) => {
                println!("{name} changes {} {text} into {written}", if valid { "valid" } else { "wrong" });
            }
            _ => {}
        }
    }
}

fn through_type(name: &str, value: &str) -> Result<Value, String> {
    match name {
        // ARMS
        _ => Err(format!("{name} is not a type of this batch")),
    }
}

fn through<T: Serialize + DeserializeOwned>(text: &str) -> Result<Value, String> {
    let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    // What is read from a value is what is read from its text.
    let read: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let again: T = serde_json::from_value(read).map_err(|error| format!("from a value: {error}"))?;
    let written = serde_json::to_string(&value).map_err(|error| format!("cannot be written: {error}"))?;
    let other = serde_json::to_string(&again).map_err(|error| format!("cannot be written: {error}"))?;
    if written != other {
        return Err(format!("the text gives {written}, the value {other}"));
    }
    serde_json::from_str(&written).map_err(|error| error.to_string())
}

/// What a reader does with some values that are not valid, known and described.
fn is_tolerated(value: &Value, written: &Value) -> bool {
    same(&without_null(value), &without_null(written))
}

/// A null where a property may only be absent is read as absence: senders often write one for the
/// other, and a reader would lose the whole object.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            members.map(|(key, value)| (key.clone(), without_null(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_null).collect(),
        other => other.clone(),
    }
}

/// Numbers by value, everything else as it is.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.as_f64() == other.as_f64() && !(one.is_u64() && other.is_u64()))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}
