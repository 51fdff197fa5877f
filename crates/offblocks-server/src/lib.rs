#![doc = include_str!("../README.md")]
//!
//! # What happens to a request
//! 1. An unknown path is 404; an undeclared method of a declared path is 405 with `Allow`, `HEAD`
//!    and `OPTIONS` among them. Nobody is asked who they are for that.
//! 2. Layers, added with [`ApiRouter::layer`], the one added last first: [`VerificationLayer`],
//!    then [`IdempotencyLayer`]. They decide by the [`Operation`] in the request's extensions.
//! 3. Parameters and body are read: 413 beyond [`ApiRouter::body_limit`], 415 for another content
//!    type than the contract's, 400 with the JSON pointer and reason for what breaks its schema.
//! 4. The method of the trait.
//!
//! Every refusal is a [`Problem`] (RFC 9457). Answers by steps 1 to 3 are about HTTP and not about
//! the contract, so they may have statuses that it does not document.
//!
//! # Choices
//! Where the contract is silent:
//! - An enum value that the contract does not list is refused in a request, although the Rust
//!   types could hold it; a member that it does not list is ignored.
//! - A JSON key that stands twice in one object is refused, and so is a parameter given twice that
//!   is no list. Unknown query parameters are ignored.
//! - A body sent to an operation that has none is ignored. It is still part of what was signed.
//! - Only the contract's own media type is accepted, in UTF-8; `application/x+json` is another.
//! - Failed authentication is always 401, a wrong digest or malformed signature too.
//! - Bodies of up to [`DEFAULT_BODY_LIMIT`](support::DEFAULT_BODY_LIMIT) are read.
//! - Idempotency compares bodies byte by byte; see [`idempotency`].
//!
//! # Absent on purpose
//! No client, no storage, no clock and no randomness: times and ids come from whoever builds the
//! layers.

#[rustfmt::skip]
mod generated;

mod clock;
pub mod idempotency;
mod principal;
mod request_id;
mod trace;
pub mod verification;

pub use clock::Clock;
pub use generated::support::{
    ApiRouter, Operation, Problem, Rejection, RequestContext, RequestId, Violation,
};
pub use generated::*;
pub use idempotency::{
    Begin, Claim, Fingerprint, IdempotencyLayer, IdempotencyStore, StoredResponse,
};
pub use principal::Principal;
pub use request_id::{REQUEST_ID, RequestIdLayer, RequestIdService};
pub use trace::{TraceLayer, TraceService};
pub use verification::{
    Keys, NoTokens, TokenError, Tokens, Unavailable, VerificationError, VerificationLayer,
    VerifiedSignature,
};
