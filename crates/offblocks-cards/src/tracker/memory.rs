//! Many cards, in bounded memory.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::{CardId, CardStatus, WebhookEvent};

use super::track::{CardTrack, Observation, Sighting};

/// How many cards are kept unless [`CardTracker::with_capacity`] says otherwise.
const DEFAULT_CAPACITY: usize = 1_000_000;

/// Follows the cards of a programme in memory; see the [module](crate::tracker).
///
/// It keeps a million cards (about 300 bytes each). When there are more, it drops those that were not seen
/// for the longest time. For cards that have to outlive the process, see
/// [`StoredCardTracker`](super::StoredCardTracker) and [`CardTrack`].
pub struct CardTracker {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tracks: HashMap<CardId, Entry>,
    /// Ordered by the time when they were seen last, the longest ago first.
    seen: BTreeMap<u64, CardId>,
    now: u64,
    forgotten: u64,
}

struct Entry {
    track: CardTrack,
    seen: u64,
}

impl CardTracker {
    /// Keeps up to a million cards.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(DEFAULT_CAPACITY)
    }

    /// Keeps up to so many cards, one at least.
    #[must_use]
    pub fn with_capacity(cards: usize) -> Self {
        Self {
            capacity: cards.max(1),
            state: Mutex::default(),
        }
    }

    /// Adds a sighting: a `Card`, or a `CardUpdate` of an event.
    pub fn observe(&self, sighting: impl Into<Sighting>) -> Observation {
        let sighting = sighting.into();
        self.lock().observe(sighting, self.capacity)
    }

    /// Adds what an event shows; nothing when it is not about a card.
    pub fn observe_event(&self, event: &WebhookEvent) -> Option<Observation> {
        match event {
            WebhookEvent::CardUpdate(card) => Some(self.observe(card)),
            _ => None,
        }
    }

    /// The latest status of a card that was seen and is still kept.
    #[must_use]
    pub fn status(&self, id: CardId) -> Option<CardStatus> {
        let track = self.track(id)?;
        track.latest().map(|version| version.status.clone())
    }

    /// What is known of a card.
    #[must_use]
    pub fn track(&self, id: CardId) -> Option<CardTrack> {
        let state = self.lock();
        state.tracks.get(&id).map(|entry| entry.track.clone())
    }

    /// The cards that have been in `issuing` since before an instant. An event may be missing, so poll
    /// them. It looks at every card.
    #[must_use]
    pub fn issuing_since(&self, before: DateTime<Utc>) -> Vec<CardId> {
        let before = before.timestamp_micros();
        let state = self.lock();
        let waiting = state.tracks.values().filter(|entry| {
            let latest = entry.track.latest();
            latest.is_some_and(|version| {
                version.status == CardStatus::Issuing && version.updated_at_micros < before
            })
        });
        waiting.map(|entry| entry.track.card_id()).collect()
    }

    /// How many cards are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().tracks.len()
    }

    /// Whether no card is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many cards were dropped because the tracker was full. The next sighting of such a card is like
    /// the first.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.lock().forgotten
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn observe(&mut self, sighting: Sighting, capacity: usize) -> Observation {
        self.now += 1;
        let (id, now) = (sighting.card_id, self.now);
        let entry = self.tracks.entry(id).or_insert_with(|| Entry {
            track: CardTrack::new(id),
            seen: now,
        });
        self.seen.remove(&std::mem::replace(&mut entry.seen, now));
        self.seen.insert(now, id);
        let observation = entry.track.observe(sighting);
        if self.tracks.len() > capacity
            && let Some((_, oldest)) = self.seen.pop_first()
        {
            self.tracks.remove(&oldest);
            self.forgotten += 1;
        }
        observation
    }
}

impl Default for CardTracker {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for CardTracker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CardTracker")
            .field("capacity", &self.capacity)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
