//! Instants as RFC 3339 text, to the nanosecond.
//!
//! [`Timestamps`] holds nothing; it is what `#[serde(with = "…")]` names on a field, so that the
//! field itself is a plain `DateTime<Utc>`, or an option, list or map of such.

use super::text;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::marker::PhantomData;

/// How one instant travels.
pub type Timestamp = Timestamps<DateTime<Utc>>;

/// How an instant travels that may be absent.
pub type OptionalTimestamp = Timestamps<Option<DateTime<Utc>>>;

/// How the instants in a `T` travel: any offset is read, UTC is written, with as many digits after
/// the second as the instant needs and no more ("2024-03-05T09:41:07.218364509Z",
/// "2024-03-05T09:41:07Z"). Digits beyond the nanosecond are dropped.
pub struct Timestamps<T>(PhantomData<T>);

impl<T: Instants> Timestamps<T> {
    /// Writes the instants.
    ///
    /// # Errors
    ///
    /// Whatever the serialiser reports.
    pub fn serialize<S: Serializer>(instants: &T, to: S) -> Result<S::Ok, S::Error> {
        instants.write(to)
    }

    /// Reads instants.
    ///
    /// # Errors
    ///
    /// When a value is not a string in the format of RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        T::read(from)
    }
}

/// How the instants travel in a property that may be absent, null or a value: `None` is absence.
pub struct PresentTimestamps<T>(PhantomData<T>);

impl<T: Instants> PresentTimestamps<T> {
    /// Writes the instants; absence, which a property is skipped for, as null.
    ///
    /// # Errors
    ///
    /// Whatever the serialiser reports.
    pub fn serialize<S: Serializer>(instants: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        instants.write(to)
    }

    /// Reads instants that are there.
    ///
    /// # Errors
    ///
    /// When a value is not a string in the format of RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
        T::read(from).map(Some)
    }
}

/// An instant, or what holds instants.
pub trait Instants: Sized {
    /// Writes the instants.
    ///
    /// # Errors
    ///
    /// Whatever the serialiser reports.
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;

    /// Reads instants.
    ///
    /// # Errors
    ///
    /// When a value is not a string in the format of RFC 3339.
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

impl Instants for DateTime<Utc> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format(self))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        text::read(from, "a timestamp as RFC 3339 writes it", parse)
    }
}

impl<T: Instants> Instants for Option<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Written).serialize(to)
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = Option::<Read<T>>::deserialize(from)?;
        Ok(read.map(|instants| instants.0))
    }
}

impl<T: Instants> Instants for Vec<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Written))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = Vec::<Read<T>>::deserialize(from)?;
        Ok(read.into_iter().map(|instants| instants.0).collect())
    }
}

impl<T: Instants> Instants for BTreeMap<String, T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter().map(|(key, instants)| (key, Written(instants))))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let read = BTreeMap::<String, Read<T>>::deserialize(from)?;
        Ok(read
            .into_iter()
            .map(|(key, instants)| (key, instants.0))
            .collect())
    }
}

/// Instants on their way out.
struct Written<'a, T>(&'a T);

impl<T: Instants> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

/// Instants on their way in.
struct Read<T>(T);

impl<'de, T: Instants> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::read(from).map(Self)
    }
}

fn parse(text: &str) -> Result<DateTime<Utc>, String> {
    let instant = DateTime::parse_from_rfc3339(text);
    instant
        .map(|instant| instant.to_utc())
        .map_err(|cause| format!("not a timestamp such as \"2024-03-05T09:41:07.5Z\": {cause}"))
}

fn format(instant: &DateTime<Utc>) -> String {
    let text = instant.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    match text.strip_suffix('Z') {
        Some(digits) if digits.contains('.') => format!("{}Z", digits.trim_end_matches('0')),
        _ => text,
    }
}
