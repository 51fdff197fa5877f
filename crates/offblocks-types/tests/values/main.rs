//! What the types promise, seen from outside: nothing is lost on the way, unknown values survive,
//! amounts are exact, events are distinguished by their type, and secrets stay unseen.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may fail like the tests themselves"
)]

mod amounts;
mod bytes_and_secrets;
mod events;
mod instants;
mod structs;
mod walks;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;

/// Reads the JSON, and demands that what is written is the same JSON and reads as the same value.
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &Value) -> T {
    let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|e| panic!("{e}: {json}"));
    let written = serde_json::to_value(&value).unwrap();
    assert_eq!(&written, json);
    assert_eq!(
        serde_json::from_str::<T>(&serde_json::to_string(&value).unwrap()).unwrap(),
        value
    );
    value
}

/// What reading says of JSON that must be rejected.
fn rejection<T: DeserializeOwned + Debug>(json: &Value) -> String {
    match serde_json::from_value::<T>(json.clone()) {
        Ok(value) => panic!("{json} was read as {value:?}"),
        Err(error) => error.to_string(),
    }
}
