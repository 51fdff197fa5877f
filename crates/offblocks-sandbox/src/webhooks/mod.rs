//! Webhooks: where deliveries may go, how they are signed, sent and retried.
//!
//! Events are written by [`crate::store::changes`] in the transaction that changes an entity. The
//! [`dispatcher`] is notified by the commit, sends what is due, and notes the outcome in batches. A
//! delivery waits in the database until it is noted as done, so it survives a crash, at the price
//! of being sent twice.

mod backoff;
pub(crate) mod dispatcher;
mod plan;
mod request;
mod sender;
mod turn;
mod waits;
