//! A delivery whose signature was accepted.

use std::fmt;

use bytes::Bytes;
use offblocks_signature::Verified;
use offblocks_types::chrono::{DateTime, Utc};

/// A delivery that OffBlocks signed. Its body is not decoded yet.
///
/// The layer (`VerifyLayer`, feature `tower`) puts it into the extensions of a request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedDelivery {
    /// The body, exactly as it was signed.
    pub body: Bytes,
    /// The signature.
    pub signature: Verified,
    /// When it was verified.
    pub received_at: DateTime<Utc>,
}

/// Bodies hold personal data, so only their length is shown.
impl fmt::Debug for VerifiedDelivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedDelivery")
            .field("body_length", &self.body.len())
            .field("key_id", &self.signature.key_id)
            .field("created", &self.signature.created)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}
