//! `[objects]`: what becomes of properties that the contract does not list.

use serde::Deserialize;

/// `[objects]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Objects {
    /// Properties that an object may have and the contract does not list.
    pub unlisted: Unlisted,
}

/// What becomes of properties that are not listed, where `additionalProperties` says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unlisted {
    /// They are kept in a map and written again: a value that is read, changed and sent back loses
    /// nothing.
    #[default]
    Keep,
    /// They are not looked at: smaller types, for contracts whose objects are not sent back.
    Drop,
}
