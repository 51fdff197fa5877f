//! One card: its latest versions, and what a sighting adds to them.

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::{Card, CardId, CardStatus, CardUpdate};
use serde::{Deserialize, Serialize};

use super::gap::Gap;
use crate::rules::{CardState, Lifecycle as _};

/// How many versions of a card are kept.
const VERSIONS: usize = 8;

/// What an event or a response shows of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sighting {
    /// The card.
    pub card_id: CardId,
    /// Its status.
    pub status: CardStatus,
    /// Its `updatedAt`.
    pub updated_at: DateTime<Utc>,
}

impl Sighting {
    /// A sighting of your own making.
    #[must_use]
    pub fn new(card_id: CardId, status: CardStatus, updated_at: DateTime<Utc>) -> Self {
        Self {
            card_id,
            status,
            updated_at,
        }
    }
}

impl From<&Card> for Sighting {
    fn from(card: &Card) -> Self {
        Self::new(card.id, card.status.clone(), card.updated_at)
    }
}

impl From<&CardUpdate> for Sighting {
    fn from(event: &CardUpdate) -> Self {
        Self::new(event.id, event.status.clone(), event.updated_at)
    }
}

impl From<&Sighting> for Sighting {
    fn from(sighting: &Sighting) -> Self {
        sighting.clone()
    }
}

/// A version of a card: a status, and the time since which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CardVersion {
    /// The card's `updatedAt` in microseconds since the Unix epoch. The API rounds its times to
    /// microseconds in most responses, so a version that was seen twice has one time.
    pub updated_at_micros: i64,
    /// The status.
    pub status: CardStatus,
}

impl CardVersion {
    /// The card's `updatedAt`, to the microsecond.
    #[must_use]
    pub fn updated_at(&self) -> DateTime<Utc> {
        let at = DateTime::from_timestamp_micros(self.updated_at_micros);
        // Beyond the calendar only when the stored form was changed.
        at.unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Orders by time, within a microsecond by how late the status comes in the lifecycle, and then by its
    /// name, so that the order of arrival does not decide.
    fn order(&self) -> (i64, usize, &str) {
        let state = CardState::try_from(&self.status).ok();
        let rank = match state {
            None => 1,
            Some(CardState::Issuing) => 0,
            Some(state) if state.is_final() => 3,
            Some(_) => 2,
        };
        (self.updated_at_micros, rank, self.status.as_str())
    }
}

/// What is known of one card.
///
/// It can be kept in a database of your own (it implements serde's traits) and brought up to date
/// in the transaction that marks the event as handled:
///
/// ```
/// # use offblocks_cards::{CardTrack, Observation};
/// # use offblocks_types::CardUpdate;
/// fn fold(stored: Option<&str>, event: &CardUpdate) -> serde_json::Result<(String, Observation)> {
///     let stored = stored.map(serde_json::from_str).transpose()?;
///     let mut track = stored.unwrap_or_else(|| CardTrack::new(event.id));
///     let observation = track.observe(event);
///     Ok((serde_json::to_string(&track)?, observation))
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardTrack {
    card_id: CardId,
    /// Grows with each change, for stores that compare.
    revision: u64,
    /// The latest ones, the oldest first.
    versions: Vec<CardVersion>,
}

/// What a sighting means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use]
pub enum Observation {
    /// The status of the card has changed.
    Changed(CardChange),
    /// It is newer than what was known, and the status is the same.
    Refreshed,
    /// It shows a version that was not known, at a time between two known versions. The latest status
    /// stays the same.
    Late(CardChange),
    /// It was known before.
    Duplicate,
    /// It is older than what is kept of the card.
    Outdated,
}

impl Observation {
    /// Whether this is the newest sighting of the card, so that your own copy has to be replaced.
    #[must_use]
    pub fn is_newest(&self) -> bool {
        matches!(self, Self::Changed(_) | Self::Refreshed)
    }

    /// The transition that it shows: to the latest status, or a late one.
    #[must_use]
    pub fn change(&self) -> Option<&CardChange> {
        match self {
            Self::Changed(change) | Self::Late(change) => Some(change),
            _ => None,
        }
    }
}

/// A transition of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardChange {
    /// The card.
    pub card_id: CardId,
    /// The status before, among the known versions.
    pub from: Option<CardStatus>,
    /// The status after.
    pub to: CardStatus,
    /// When the card changed, to the microsecond.
    pub at: DateTime<Utc>,
    /// What lies between the two.
    pub gap: Gap,
}

impl CardTrack {
    /// A card of which nothing is known yet.
    #[must_use]
    pub fn new(card_id: CardId) -> Self {
        Self {
            card_id,
            revision: 0,
            versions: Vec::new(),
        }
    }

    /// The card.
    #[must_use]
    pub fn card_id(&self) -> CardId {
        self.card_id
    }

    /// The latest version; none before the first sighting.
    #[must_use]
    pub fn latest(&self) -> Option<&CardVersion> {
        self.versions.last()
    }

    /// The latest versions that are known, the oldest first.
    #[must_use]
    pub fn versions(&self) -> &[CardVersion] {
        &self.versions
    }

    /// How often this was changed. A store replaces a track only with the next revision of it.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Adds a sighting of this card.
    ///
    /// # Panics
    /// When it is one of another card.
    pub fn observe(&mut self, sighting: impl Into<Sighting>) -> Observation {
        let sighting = sighting.into();
        assert_eq!(sighting.card_id, self.card_id, "a sighting of another card");
        let version = CardVersion {
            updated_at_micros: sighting.updated_at.timestamp_micros(),
            status: sighting.status,
        };
        let place = self
            .versions
            .binary_search_by(|known| known.order().cmp(&version.order()));
        let Err(place) = place else {
            return Observation::Duplicate;
        };
        if place == 0 && self.versions.len() == VERSIONS {
            return Observation::Outdated;
        }
        let newest = place == self.versions.len();
        let before = place.checked_sub(1).map(|at| &self.versions[at].status);
        let same = before == Some(&version.status);
        let change = CardChange {
            card_id: self.card_id,
            from: before.cloned(),
            to: version.status.clone(),
            at: version.updated_at(),
            gap: Gap::between(before, &version.status),
        };
        self.insert(place, version);
        match (newest, same) {
            (true, true) => Observation::Refreshed,
            (true, false) => Observation::Changed(change),
            (false, true) => Observation::Duplicate,
            (false, false) => Observation::Late(change),
        }
    }

    fn insert(&mut self, place: usize, version: CardVersion) {
        self.revision += 1;
        // No more than is needed: there may be a million cards.
        self.versions.reserve_exact(1);
        self.versions.insert(place, version);
        if self.versions.len() > VERSIONS {
            self.versions.remove(0);
        }
    }
}
