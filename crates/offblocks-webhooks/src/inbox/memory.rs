//! A store in memory, of bounded size.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;

use super::{Claim, Lease, ReplayError, ReplayStore};

/// How many events are remembered unless [`MemoryStore::with_capacity`] says otherwise.
const DEFAULT_CAPACITY: usize = 100_000;

/// Remembers events in the memory of this process.
///
/// It is for one process, for tests and for idempotent handlers. It remembers the latest 100,000 events
/// (about 100 bytes each). Beyond that the oldest is dropped, although it may be delivered again.
/// [`forgotten_early`](Self::forgotten_early) counts those, and the first one is logged.
///
/// ```
/// use offblocks_webhooks::testing::card_event;
/// use offblocks_webhooks::{Inbox, MemoryStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let inbox = Inbox::new(MemoryStore::with_capacity(1));
/// assert!(inbox.store().is_empty());
/// for number in [1, 2] {
///     let event_id = card_event(number, "active").event_id();
///     inbox.handle(event_id, |_| async { Ok::<_, std::io::Error>(()) }).await?;
/// }
/// // There was room for one event.
/// assert_eq!((inbox.store().len(), inbox.store().forgotten_early()), (1, 1));
/// # Ok(())
/// # }
/// ```
pub struct MemoryStore {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    events: HashMap<Uuid, Entry>,
    /// What is done, the oldest first.
    done: VecDeque<(DateTime<Utc>, Uuid)>,
    claims: i64,
    forgotten_early: u64,
}

struct Entry {
    number: i64,
    until: DateTime<Utc>,
    done: bool,
}

impl MemoryStore {
    /// Remembers up to 100,000 events.
    ///
    /// ```
    /// assert!(offblocks_webhooks::MemoryStore::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(DEFAULT_CAPACITY)
    }

    /// Remembers up to so many events that are done. Events that are being handled are not counted.
    #[must_use]
    pub fn with_capacity(events: usize) -> Self {
        Self {
            capacity: events,
            state: Mutex::default(),
        }
    }

    /// How many events were dropped because the store was full.
    #[must_use]
    pub fn forgotten_early(&self) -> u64 {
        self.lock().forgotten_early
    }

    /// How many events are remembered or being handled.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().events.len()
    }

    /// Whether nothing is remembered and nothing is being handled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_free(&self, lease: &Lease) {
        let mut state = self.lock();
        if state.held(lease).is_some_and(|entry| !entry.done) {
            state.events.remove(&lease.event_id());
        }
    }
}

impl State {
    fn held(&mut self, lease: &Lease) -> Option<&mut Entry> {
        let entry = self.events.get_mut(&lease.event_id())?;
        (entry.number == lease.number()).then_some(entry)
    }

    fn make_room(&mut self, capacity: usize) {
        while self.done.len() > capacity {
            let Some((_, id)) = self.done.pop_front() else {
                return;
            };
            self.events.remove(&id);
            if self.forgotten_early == 0 {
                tracing::warn!(capacity, "events are forgotten early; use a larger store");
            }
            self.forgotten_early += 1;
        }
    }
}

impl ReplayStore for MemoryStore {
    async fn claim(
        &self,
        event_id: Uuid,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Claim, ReplayError> {
        let mut state = self.lock();
        match state.events.get(&event_id) {
            Some(entry) if entry.done => return Ok(Claim::Done),
            Some(Entry { until, .. }) if *until > now => {
                return Ok(Claim::InProgress { until: *until });
            }
            _ => (),
        }
        state.claims += 1;
        let number = state.claims;
        let done = false;
        let entry = Entry {
            number,
            until,
            done,
        };
        state.events.insert(event_id, entry);
        Ok(Claim::Claimed(Lease::new(event_id, number)))
    }

    async fn renew(&self, lease: &Lease, until: DateTime<Utc>) -> Result<bool, ReplayError> {
        let mut state = self.lock();
        let held = state.held(lease).filter(|entry| !entry.done);
        Ok(held.map(|entry| entry.until = until).is_some())
    }

    async fn complete(&self, lease: &Lease, now: DateTime<Utc>) -> Result<bool, ReplayError> {
        let mut state = self.lock();
        let Some(entry) = state.held(lease) else {
            return Ok(false);
        };
        if !std::mem::replace(&mut entry.done, true) {
            state.done.push_back((now, lease.event_id()));
            state.make_room(self.capacity);
        }
        Ok(true)
    }

    async fn release(&self, lease: &Lease) -> Result<(), ReplayError> {
        self.set_free(lease);
        Ok(())
    }

    async fn prune(&self, before: DateTime<Utc>) -> Result<u64, ReplayError> {
        let mut state = self.lock();
        let count = state.events.len();
        while let Some((at, id)) = state.done.front().copied()
            && at < before
        {
            state.done.pop_front();
            state.events.remove(&id);
        }
        state
            .events
            .retain(|_, entry| entry.done || entry.until >= before);
        Ok((count - state.events.len()) as u64)
    }

    fn abandon(&self, lease: &Lease) {
        self.set_free(lease);
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MemoryStore")
            .field("capacity", &self.capacity)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
