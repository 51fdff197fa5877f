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
