//! Instants as RFC 3339 text, to the nanosecond.
//!
//! The types here hold nothing; they are what `#[serde(with = "…")]` names on a field, so that the
//! field itself is a plain `DateTime<Utc>`.

use super::text;
use chrono::{DateTime, SecondsFormat, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// A `DateTime<Utc>`: any offset is read, UTC is written, with as many digits after the second as
/// the instant needs and no more ("2024-01-12T15:12:26.923705379Z", "2024-01-12T15:12:26Z").
/// Digits beyond the nanosecond are dropped.
pub struct Timestamp;

impl Timestamp {
    /// Writes an instant.
    ///
    /// # Errors
    ///
    /// Whatever the serialiser reports.
    pub fn serialize<S: Serializer>(instant: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format(instant))
    }

    /// Reads an instant.
    ///
    /// # Errors
    ///
    /// When the value is not a string in the format of RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
        text::read(from, "a timestamp as RFC 3339 writes it", parse)
    }
}

/// The same for a field that may be absent.
pub struct OptionalTimestamp;

impl OptionalTimestamp {
    /// Writes an instant, or null.
    ///
    /// # Errors
    ///
    /// Whatever the serialiser reports.
    pub fn serialize<S: Serializer>(
        instant: &Option<DateTime<Utc>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        instant.as_ref().map(format).serialize(to)
    }

    /// Reads an instant, or null.
    ///
    /// # Errors
    ///
    /// When the value is neither null nor a string in the format of RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        let text: Option<Cow<'de, str>> = serde::Deserialize::deserialize(from)?;
        text.map(|text| parse(&text))
            .transpose()
            .map_err(serde::de::Error::custom)
    }
}

fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text);
    instant
        .map(|instant| instant.to_utc())
        .map_err(|cause| format!("not a timestamp such as \"2024-01-12T15:12:26.5Z\": {cause}"))
}

fn format(instant: &DateTime<Utc>) -> String {
    let text = instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    match text.strip_suffix('Z') {
        Some(digits) if digits.contains('.') => format!("{}Z", digits.trim_end_matches('0')),
        _ => text,
    }
}

macro_rules! schema {
    ($type:ty, $json:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($json)
            }
        }
    };
}

schema!(Timestamp, { "type": "string", "format": "date-time" });
schema!(OptionalTimestamp, { "type": ["string", "null"], "format": "date-time" });
