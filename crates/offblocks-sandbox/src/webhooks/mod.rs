//! Webhooks: where deliveries may go, how they are signed, sent and retried.
//!
//! Events are written by [`crate::store::changes`] in the transaction that changes an entity. The
//! [`dispatcher`] is notified by the commit, sends what is due, and records the outcome in batches. A
//! delivery waits in the database until it is recorded as done. So it survives a crash, but may be sent
//! twice.

mod backoff;
pub(crate) mod dispatcher;
mod plan;
mod request;
mod sender;
mod turn;
mod waits;
