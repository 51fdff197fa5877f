//! Idempotency keys: a repeated call gets the stored response, and is not carried out twice.
//!
//! Where an operation carries an idempotency key, [`IdempotencyLayer`] claims it
//! in an [`IdempotencyStore`] before the handler runs and stores the response afterwards. The
//! store's transaction is in the request's extensions. So a handler writes into the same database
//! transaction in which its response is stored: either both are committed or neither.
//!
//! | state of the key in the store | response |
//! |---|---|
//! | nothing | the handler's; stored unless it is a 5xx, which is rolled back, or a rejection before the handler (413, 415, what breaks a schema) |
//! | the same call, finished | the stored status, content type and bytes, with [`IDEMPOTENCY_REPLAYED`] |
//! | another call | 422 |
//! | a call that is still running | 409, with `Retry-After` |
//! | no key, or not a UUID | 400 |
//!
//! A handler runs to its end even when its caller disconnects, so that the next attempt finds the
//! response.

mod layer;
mod store;

pub use layer::{IDEMPOTENCY_REPLAYED, IdempotencyLayer, IdempotencyService};
pub use store::{Begin, Claim, Fingerprint, IdempotencyStore, StoredResponse};
