//! Webhooks: where deliveries may go, how they are signed, sent and retried, and the log of them.
//!
//! Events are written by [`crate::store::changes`] in the transaction that changes an entity. The
//! [`dispatcher`] is woken by the commit, sends what is due, and notes the outcome in batches. A
//! delivery waits in the database until it is noted as done, so it survives a crash, at the price
//! of being sent twice.

mod backoff;
mod control;
pub(crate) mod dispatcher;
mod log;
mod modes;
mod plan;
mod request;
mod sender;
pub(crate) mod target;

pub use log::{Attempt, AttemptOutcome, Delivery, DeliveryId, DeliveryStatus};
pub use modes::{DeliveryModes, SignatureMode};

pub(crate) use control::Control;
