//! Authentication of callers: bearer tokens, message signatures and content digests.
//!
//! [`VerificationLayer`] decides by the contract's [`Operation`](crate::Operation). Calls that
//! need authentication must carry a token that [`Tokens`] accepts. Calls that are signed must carry a
//! signature by one of the keys that [`Keys`] finds, over the body as received. A handler finds the
//! [`Principal`](crate::Principal) and the [`VerifiedSignature`] in the extensions of its request.
//!
//! Every rejection is a 401, a wrong or missing digest too: in this API the digest is a part of the
//! signature. The problem says which step failed and why, and never repeats a token or signature.
//! [`VerificationLayer::explain`] adds how the server read the signature.

mod error;
mod explain;
mod keys;
mod layer;
mod steps;
mod verdicts;

pub use error::VerificationError;
pub use keys::{Keys, NoTokens, TokenError, Tokens, Unavailable, VerifiedSignature};
pub use layer::{VerificationLayer, VerificationService};
