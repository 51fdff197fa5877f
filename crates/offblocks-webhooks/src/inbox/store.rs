//! What a store has to do.

use std::future::Future;

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;

use super::ReplayError;

/// Remembers which events are handled, and which are being handled now.
///
/// An event is claimed before it is handled, with a lease that ends by itself, so that the events of
/// a process that crashes are handled by others. It is completed afterwards. Implement it for a database
/// of your own; [`MemoryStore`](super::MemoryStore), `PostgresStore` and `SqliteStore` are here.
///
/// Each function has to be atomic: when two callers claim the same event at the same time, one
/// gets the lease.
pub trait ReplayStore: Send + Sync + 'static {
    /// Claims an event until `until`, unless it is completed, or claimed by a caller whose lease
    /// has not ended at `now`.
    fn claim(
        &self,
        event_id: Uuid,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Future<Output = Result<Claim, ReplayError>> + Send;

    /// Lets a lease end later. `false` when it is not valid any more: another caller has claimed the
    /// event since.
    fn renew(
        &self,
        lease: &Lease,
        until: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, ReplayError>> + Send;

    /// Marks an event as done. `false` when the lease is not valid any more. Completing an event
    /// twice with the same lease is not an error.
    fn complete(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
    ) -> impl Future<Output = Result<bool, ReplayError>> + Send;

    /// Gives a lease back, so that the event can be claimed at once. Nothing happens where it is not
    /// valid any more, or the event is completed.
    fn release(&self, lease: &Lease) -> impl Future<Output = Result<(), ReplayError>> + Send;

    /// Removes the events that were last done or claimed before an instant, at most some thousand at
    /// once. Returns how many.
    fn prune(&self, before: DateTime<Utc>)
    -> impl Future<Output = Result<u64, ReplayError>> + Send;

    /// Called when the handling of an event is cut off: its future was dropped, for example because the
    /// sender closed the connection. Where this does nothing, the lease ends by itself.
    fn abandon(&self, lease: &Lease) {
        let _ = lease;
    }
}

/// The result of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// Handle the event, and complete it.
    Claimed(Lease),
    /// It was completed before.
    Done,
    /// A caller handles it now, with a lease that ends at this instant unless it is renewed.
    InProgress {
        /// The end of the lease.
        until: DateTime<Utc>,
    },
}

/// The right to handle an event until the lease ends.
///
/// It carries a number that grows with each claim of the event. A store rejects the completion of
/// a lease whose number is not the latest one.
///
/// ```
/// use offblocks_types::uuid::Uuid;
/// use offblocks_webhooks::Lease;
///
/// // In a store of your own: the third claim of an event.
/// let event_id = Uuid::from_u128(7);
/// let lease = Lease::new(event_id, 3);
/// assert_eq!((lease.event_id(), lease.number()), (event_id, 3));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    event_id: Uuid,
    number: i64,
}

impl Lease {
    /// A lease; stores make them.
    #[must_use]
    pub fn new(event_id: Uuid, number: i64) -> Self {
        Self { event_id, number }
    }

    /// The event.
    #[must_use]
    pub fn event_id(&self) -> Uuid {
        self.event_id
    }

    /// The number of the claim.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.number
    }
}
