//! Idempotency keys: a repeated call gets the stored answer, and nothing happens twice.
//!
//! Where an operation carries an idempotency key, [`IdempotencyLayer`] asks an
//! [`IdempotencyStore`] before the handler runs and hands it the answer afterwards. The store's
//! transaction travels in the request's extensions, so that a handler writes into the same
//! database transaction its answer is stored in: either both last or neither.
//!
//! | what the store knows of the key | answer |
//! |---|---|
//! | nothing | the handler's; stored unless it is a 5xx, which is rolled back, or a rejection before the handler (413, 415, what breaks a schema) |
//! | the same call, finished | the stored status, content type and bytes, with [`IDEMPOTENCY_REPLAYED`] |
//! | another call | 422 |
//! | a call that still runs | 409, with `Retry-After` |
//! | no key, or not a UUID | 400 |
//!
//! A handler runs to its end even when its caller hangs up, so that the next try finds the answer.

mod layer;
mod store;

pub use layer::{IDEMPOTENCY_REPLAYED, IdempotencyLayer, IdempotencyService};
pub use store::{Begin, Claim, Fingerprint, IdempotencyStore, StoredResponse};
