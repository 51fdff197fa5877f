//! `[formats]`: what a format of the contract becomes in Rust.

use serde::Deserialize;

/// `[formats]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Formats {
    /// `format: uri` and `format: url`.
    pub uri: UriForm,
    /// `format: date-time`.
    pub date_time: DateTimeForm,
    /// `format: date`.
    pub date: DateForm,
    /// `format: uuid`.
    pub uuid: UuidForm,
    /// `format: byte` and `contentEncoding: base64`.
    pub byte: ByteForm,
}

/// What a string of `format: uri` becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UriForm {
    /// The text as it travels, with a method that parses it. Nothing is normalised or rejected.
    #[default]
    Text,
    /// `url::Url`: relative references are rejected, and what is written is the normal form.
    Url,
}

/// What a string of `format: date-time` becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DateTimeForm {
    /// The text as it travels, with a method that parses it: offset and digits are kept.
    #[default]
    Text,
    /// An instant in UTC, to the nanosecond; for contracts that promise UTC.
    Utc,
}

/// What a string of `format: date` becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DateForm {
    /// The text as it travels, with a method that parses it.
    #[default]
    Text,
    /// `chrono::NaiveDate`: what is not a date is rejected.
    Date,
}

/// What a string of `format: uuid` becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UuidForm {
    /// The text as it travels, with a method that parses it: capitals are kept.
    #[default]
    Text,
    /// `uuid::Uuid`: what is not a UUID is rejected, and small letters are written.
    Uuid,
}

/// What a string of base64 becomes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ByteForm {
    /// The text as it travels, with a method that decodes it: padding and alphabet are kept.
    #[default]
    Text,
    /// The bytes: what is not base64 is rejected, and padding is written.
    Bytes,
}
