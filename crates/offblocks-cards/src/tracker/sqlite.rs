//! Tracks in SQLite.

use offblocks_types::CardId;
use offblocks_types::chrono::{DateTime, Utc};
use sqlx::{SqliteConnection, SqlitePool};

use super::sql::{self, TrackStoreError};
use super::stored::TrackStore;
use super::track::{CardTrack, Observation, Sighting};

/// SQLite has one writer at a time, so there is nothing to lock.
const LOCK: &str = sql::LOAD;

/// Keeps tracks of cards in SQLite, for any number of cards and the processes of one machine. Give it
/// to [`StoredCardTracker`](super::StoredCardTracker), or add sightings in a transaction of your own. Begin
/// that transaction with `BEGIN IMMEDIATE` (`pool.begin_with`), so that it never reads what another
/// transaction is about to change.
///
/// ```
/// use offblocks_cards::{SqliteTrackStore, StoredCardTracker};
/// # use offblocks_types::{AccountId, Card, CardId, CardStatus, CardType};
/// # use offblocks_types::{chrono::DateTime, uuid::Uuid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let at = DateTime::from_timestamp(1_767_323_045, 0).unwrap();
/// # let card = Card::new(
/// #     CardId(Uuid::nil()), AccountId(Uuid::nil()), CardType::Virtual, CardStatus::Active, at, at);
/// # let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
/// let store = SqliteTrackStore::new(pool);
/// store.create_table().await?;
/// let tracker = StoredCardTracker::new(store);
/// assert!(tracker.observe(&card).await?.is_newest());
/// assert_eq!(tracker.status(card.id).await?, Some(CardStatus::Active));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteTrackStore {
    pool: SqlitePool,
}

impl SqliteTrackStore {
    /// Makes the table `offblocks_card_tracks` and its index unless they are there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_table(&self) -> Result<(), TrackStoreError> {
        for statement in Self::SCHEMA {
            sqlx::query(statement).execute(&self.pool).await?;
        }
        Ok(())
    }
}

sql::track_store!(SqliteTrackStore, SqlitePool, SqliteConnection);
