//! Server traits, router and verification layers of the OffBlocks API.

#[rustfmt::skip]
mod generated;

pub mod idempotency;
mod principal;
mod request_id;
mod trace;

pub use generated::support;
pub use generated::support::{
    ApiRouter, Operation, Problem, Rejection, RequestContext, RequestId, Violation,
};
pub use idempotency::{
    Begin, Claim, Fingerprint, IdempotencyLayer, IdempotencyStore, StoredResponse,
};
pub use principal::Principal;
pub use request_id::{REQUEST_ID, RequestIdLayer, RequestIdService};
pub use trace::{TraceLayer, TraceService};
