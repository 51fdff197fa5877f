//! Headers that a session adds, not a caller.

/// What a transport header does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransportRole {
    /// Part of an HTTP message signature.
    Signature,
    /// A digest of the body.
    Digest,
    /// An idempotency key: an optional argument of the client, made up where absent.
    IdempotencyKey,
}

impl TransportRole {
    /// The word a policy uses for the role.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Digest => "digest",
            Self::IdempotencyKey => "idempotency-key",
        }
    }
}
