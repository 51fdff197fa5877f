//! One drift, as it is reported.

use std::fmt;

/// The target of the events.
pub const TARGET: &str = "offblocks::drift";

/// One difference between the server and the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// What it is.
    pub kind: DriftKind,
    /// The `operationId` of the call, or the name given to [`DriftWatch::value`](super::DriftWatch::value).
    pub operation: &'static str,
    /// The status of the response; `None` for what is not a response.
    pub status: Option<u16>,
    /// JSON pointer (RFC 6901) into the body, with `*` for indices and keys of maps.
    pub pointer: String,
    /// SHA-256 of the contract this client was made from, in hexadecimal.
    pub contract: &'static str,
    /// How often it occurred in this response.
    pub count: u64,
    /// Whether this client saw it for the first time, and logged it.
    pub first: bool,
}

/// What kind of drift it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DriftKind {
    /// A status the contract does not list for the operation.
    UndocumentedStatus,
    /// A field the contract does not know.
    UnknownField,
    /// A string that its enum does not list, or a tag that the union does not list.
    UnknownValue,
    /// A success that cannot be read as the type that the contract gives it.
    Undecodable,
}

impl DriftKind {
    /// The kind as it stands in events: `undocumented_status`, `unknown_field`, `unknown_value` or
    /// `undecodable`.
    ///
    /// ```
    /// use offblocks_client::DriftKind;
    ///
    /// assert_eq!(DriftKind::UnknownField.as_str(), "unknown_field");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UndocumentedStatus => "undocumented_status",
            Self::UnknownField => "unknown_field",
            Self::UnknownValue => "unknown_value",
            Self::Undecodable => "undecodable",
        }
    }
}

impl fmt::Display for DriftKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
