//! JSON in: malformed text and duplicate keys are rejected with their place.

use std::{collections::HashSet, fmt};

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::{Rejection, Violation, integers};

/// Reads JSON. A key that stands twice in one object is rejected: two readers of a signed message
/// must not see two different values.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Rejection> {
    let value = serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    serde_json::from_slice::<UniqueKeys>(bytes).map_err(|error| malformed(&error))?;
    Ok(value)
}

/// Turns a value into a type; the violation carries the pointer at which it did not fit.
pub(super) fn decode<T: DeserializeOwned>(mut value: Value) -> Result<T, Violation> {
    integers::normalise(&mut value);
    serde_path_to_error::deserialize(value)
        .map_err(|error| Violation::at(pointer(error.path()), error.inner().to_string()))
}

/// The same for a value that was read from `bytes`. Integers beyond 64 bits are in the bytes alone.
pub(super) fn decode_from<T: DeserializeOwned>(bytes: &[u8], value: Value) -> Result<T, Violation> {
    if !is_rounded(&value) {
        return decode(value);
    }
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_slice(bytes))
        .map_err(|error| Violation::at(pointer(error.path()), error.inner().to_string()))
}

/// Whether a number may have been an integer beyond 64 bits.
fn is_rounded(value: &Value) -> bool {
    const BITS_63: f64 = 9_223_372_036_854_775_808.0;
    match value {
        Value::Array(items) => items.iter().any(is_rounded),
        Value::Object(members) => members.values().any(is_rounded),
        Value::Number(number) => {
            number.is_f64() && number.as_f64().is_some_and(|double| double.abs() >= BITS_63)
        }
        _ => false,
    }
}

fn malformed(error: &serde_json::Error) -> Rejection {
    let text = error.to_string();
    let reason = text
        .rfind(" at line ")
        .map_or(text.as_str(), |end| &text[..end]);
    Rejection::MalformedJson {
        reason: reason.to_owned(),
        line: error.line(),
        column: error.column(),
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => token(key),
            Segment::Enum { .. } | Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&part);
    }
    pointer
}

/// A key as a token of a JSON pointer (RFC 6901, section 3).
pub(super) fn token(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// JSON whose objects name each key once; the values themselves are not kept.
struct UniqueKeys;

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            members.next_value::<Self>()?;
            if let Some(twice) = keys.replace(key) {
                return Err(A::Error::custom(format_args!(
                    "key {twice:?} is given twice"
                )));
            }
        }
        Ok(self)
    }
}
