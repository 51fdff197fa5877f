#![doc = include_str!("../README.md")]
//!
//! # What happens to a request
//! 1. An unknown path is 404; an undeclared method of a declared path is 405 with `Allow`, `HEAD`
//!    and `OPTIONS` among them. This happens before authentication.
//! 2. Layers, added with [`ApiRouter::layer`]: [`VerificationLayer`], then [`IdempotencyLayer`].
//!    The layer added last runs first. They read the [`Operation`] in the request's extensions.
//! 3. Parameters and body are read: 413 beyond [`ApiRouter::body_limit`], 415 for another content
//!    type than the contract's or a content coding, 400 without a required body. A value that its
//!    schema rejects is 400 too, with its JSON pointer and the reason.
//! 4. The method of the trait.
//!
//! Every rejection is a [`Problem`] (RFC 9457). The responses of steps 1 to 3 are about HTTP and
//! not about the contract, so they may have statuses that it does not document.
//!
//! # Choices
//! Where the contract is silent:
//! - An enum value that the contract does not list is rejected in a request, although the Rust
//!   types could hold it. A member that it does not list is ignored.
//! - A JSON key that occurs twice in one object is rejected. A parameter that occurs twice and is not an
//!   array is rejected too. Unknown query parameters are ignored.
//! - A body sent to an operation that has none is ignored. It is still part of what was signed.
//! - Only the contract's own media type is accepted, in UTF-8; `application/x+json` is another.
//! - Failed authentication is always 401, a wrong digest or malformed signature too.
//! - Bodies of up to [`DEFAULT_BODY_LIMIT`](support::DEFAULT_BODY_LIMIT) are read.
//! - UUIDs in paths, bodies and keys have five groups of hexadecimal digits of either case; braces,
//!   `urn:uuid:` and digits without hyphens are rejected.
//! - The headers (token, content type, coding, length) are checked before the body is read.
//! - Idempotency compares bodies byte by byte; see [`idempotency`].
//!
//! # What is not here
//! This crate has no client, no storage, no clock and no source of randomness. The code that builds the
//! layers supplies times and ids.

#[rustfmt::skip]
mod generated;

mod checks;
mod fixed;
pub mod idempotency;
mod panic;
mod principal;
mod request_id;
mod trace;
pub mod verification;

pub use checks::{Checks, Verdict};
pub use fixed::{FixedAuthentication, FixedKey, FixedToken, fixed_key, fixed_token};
pub use generated::support::{
    ApiRouter, Operation, Problem, Rejection, RequestContext, RequestId, Violation,
};
pub use generated::*;
pub use idempotency::{
    Begin, Claim, Fingerprint, IDEMPOTENCY_REPLAYED, IdempotencyLayer, IdempotencyStore,
    StoredResponse,
};
pub use offblocks_signature::Clock;
pub use panic::{PanicLayer, PanicService};
pub use principal::Principal;
pub use request_id::{REQUEST_ID, RequestIdLayer, RequestIdService};
pub use trace::{TraceLayer, TraceService};
pub use verification::{
    Keys, NoTokens, TokenError, Tokens, Unavailable, VerificationError, VerificationLayer,
    VerifiedSignature,
};
