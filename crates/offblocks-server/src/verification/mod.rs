//! Who calls, and whether they signed it: bearer tokens, message signatures and content digests.
//!
//! [`VerificationLayer`] decides by the contract's [`Operation`](crate::Operation): calls that
//! need authentication have to bring a token that [`Tokens`] knows, calls that are signed a
//! signature by one of the keys [`Keys`] finds, over the body as it arrived. A handler finds the
//! [`Principal`](crate::Principal) and the [`VerifiedSignature`] in the extensions of its request.
//!
//! Every refusal is a 401, a wrong or missing digest too: in this API the digest is a part of the
//! signature. The problem says which step failed and why, and never repeats a token or signature.
//! [`VerificationLayer::explain`] adds what the server made of the signature.

mod error;
mod explain;
mod keys;
mod layer;
mod steps;

pub use error::VerificationError;
pub use keys::{Keys, NoTokens, TokenError, Tokens, Unavailable, VerifiedSignature};
pub use layer::{VerificationLayer, VerificationService};
