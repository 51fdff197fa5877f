//! Follows cards by webhook events and polled cards, which can come twice, late, out of order, or never.
//!
//! Every event and every response shows the whole card, with the time of its last change
//! (`updatedAt`). So the state of a card is that of the latest sighting. The tracker ends in the same state
//! for any order in which sightings arrive, and for any number of repetitions.
//!
//! ```
//! use offblocks_cards::{CardTracker, Gap, Observation};
//! use offblocks_types::CardStatus;
//! # use offblocks_types::{AccountId, Card, CardId, CardType, chrono::DateTime, uuid::Uuid};
//! # let at = |seconds: i64| DateTime::from_timestamp(1_767_323_045 + seconds, 0).unwrap();
//! # let card = |status, seconds| Card::new(
//! #     CardId(Uuid::nil()), AccountId(Uuid::nil()), CardType::Virtual, status, at(0), at(seconds));
//!
//! let tracker = CardTracker::new();
//! tracker.observe(&card(CardStatus::Issuing, 0));
//!
//! // The event that told of `active` is late: this one comes first.
//! let Observation::Changed(change) = tracker.observe(&card(CardStatus::Inactive, 9)) else {
//!     panic!("it is newer")
//! };
//! assert_eq!((change.from, change.to), (Some(CardStatus::Issuing), CardStatus::Inactive));
//! assert!(matches!(change.gap, Gap::Missed(states) if states[0].as_str() == "active"));
//!
//! // When it arrives it changes nothing, and tells what was missed.
//! assert!(matches!(tracker.observe(&card(CardStatus::Active, 5)), Observation::Late(_)));
//! assert_eq!(tracker.status(CardId(Uuid::nil())), Some(CardStatus::Inactive));
//! ```
//!
//! # In memory, or in a store
//! [`CardTracker`] follows a million cards in about 300 MB, and drops those not seen for the longest time.
//! [`StoredCardTracker`] keeps nothing in memory: what is known of a card is read when it is seen. The
//! features `tracker-sqlite` and `tracker-postgres` have a store each, `SqliteTrackStore` and
//! `PostgresTrackStore`, for any number of cards and processes; [`TrackStore`] is the trait for others.
//! All of them end in the same state.
//!
//! # What it cannot know
//! - **What was never sent.** An event that is lost leaves no trace unless a later event contradicts what
//!   is known. Poll the cards that matter ([`CardTracker::issuing_since`] finds those that wait), and give
//!   the result to the tracker.
//! - **What happened in between.** From `active` to `active` again there may have been an `inactive`.
//!   A [`Gap`] says what must have happened at least, and not what did happen.
//! - **What happened before the first sighting** of a card: [`CardChange::from`] is `None`.
//! - **Which of two versions of the same microsecond is the later one.** The API gives times to the
//!   microsecond, in some responses to the nanosecond. Within one microsecond a state that comes later
//!   in the lifecycle wins, and the result does not depend on the order of arrival.
//! - **Why** a card changed, and who changed it.
//! - **What it has dropped**: the latest eight versions of a card are kept, and in memory a bounded
//!   number of cards.

mod gap;
mod memory;
#[cfg(feature = "tracker-postgres")]
mod postgres;
#[cfg(any(feature = "tracker-postgres", feature = "tracker-sqlite"))]
mod sql;
#[cfg(feature = "tracker-sqlite")]
mod sqlite;
mod stored;
mod track;

pub use gap::Gap;
pub use memory::CardTracker;
#[cfg(feature = "tracker-postgres")]
pub use postgres::PostgresTrackStore;
#[cfg(any(feature = "tracker-postgres", feature = "tracker-sqlite"))]
pub use sql::TrackStoreError;
#[cfg(feature = "tracker-sqlite")]
pub use sqlite::SqliteTrackStore;
pub use stored::{StoredCardTracker, TrackStore};
pub use track::{CardChange, CardTrack, CardVersion, Observation, Sighting};
