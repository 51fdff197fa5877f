//! Server traits, router and verification layers of the OffBlocks API.

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
