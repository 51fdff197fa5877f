//! A cell of a row as JSON and back: text as a string, integers as numbers, bytes as base64.

use offblocks_types::Base64;
use serde_json::Value as Json;

use crate::store::sql::Value;
use crate::store::tables::Kind;

pub(super) fn to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => text.clone().into(),
        Value::Integer(number) => (*number).into(),
        Value::Bytes(bytes) => {
            let text = bytes
                .as_ref()
                .map(|bytes| Base64::from(bytes.clone()).to_string());
            text.into()
        }
    }
}

/// # Errors
/// What the cell should have been.
pub(super) fn from_json(json: Json, kind: Kind) -> Result<Value, &'static str> {
    match (kind, json) {
        (Kind::Text, Json::Null) => Ok(Value::Text(None)),
        (Kind::Integer, Json::Null) => Ok(Value::Integer(None)),
        (Kind::Bytes, Json::Null) => Ok(Value::Bytes(None)),
        (Kind::Text, Json::String(text)) => Ok(Value::Text(Some(text))),
        (Kind::Integer, Json::Number(number)) => {
            let number = number.as_i64().ok_or("a number of 64 bits")?;
            Ok(Value::Integer(Some(number)))
        }
        (Kind::Bytes, Json::String(text)) => {
            let bytes: Base64 = text.parse().map_err(|_| "base64")?;
            Ok(Value::Bytes(Some(bytes.into_bytes())))
        }
        (Kind::Text, _) => Err("a string"),
        (Kind::Integer, _) => Err("a number"),
        (Kind::Bytes, _) => Err("base64 in a string"),
    }
}

pub(super) const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integer",
        Kind::Bytes => "bytes",
    }
}
