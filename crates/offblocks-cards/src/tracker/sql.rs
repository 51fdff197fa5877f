//! What both databases have in common: the table, and the statements, which both understand.

use offblocks_types::CardId;
use offblocks_types::uuid::Uuid;

use super::track::CardTrack;

/// A card's status and the time of its last change stand beside the track, for
/// [`ISSUING_SINCE`]. Instants are microseconds since the Unix epoch, which both databases compare and
/// index alike.
pub(super) const CREATE_TABLE: &str = "\
CREATE TABLE IF NOT EXISTS offblocks_card_tracks (
    card_id TEXT NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    status TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    track TEXT NOT NULL
)";

/// An index of the cards that wait, which are few.
pub(super) const CREATE_INDEX: &str = "\
CREATE INDEX IF NOT EXISTS offblocks_card_tracks_issuing
ON offblocks_card_tracks (updated_at, card_id) WHERE status = 'issuing'";

/// The card.
pub(super) const LOAD: &str = "SELECT track FROM offblocks_card_tracks WHERE card_id = $1";

/// The card, its revision, status, time and track. The condition fails where another track came first.
pub(super) const REPLACE: &str = "\
INSERT INTO offblocks_card_tracks AS kept (card_id, revision, status, updated_at, track)
SELECT $1, $2, $3, $4, $5 WHERE $2 = 1
    OR EXISTS (SELECT 1 FROM offblocks_card_tracks WHERE card_id = $1)
ON CONFLICT (card_id) DO UPDATE
SET revision = $2, status = $3, updated_at = $4, track = $5
WHERE kept.revision = $2 - 1";

/// Before, and how many.
pub(super) const ISSUING_SINCE: &str = "\
SELECT card_id FROM offblocks_card_tracks WHERE status = 'issuing' AND updated_at < $1
ORDER BY updated_at, card_id LIMIT $2";

/// The card.
pub(super) const FORGET: &str = "DELETE FROM offblocks_card_tracks WHERE card_id = $1";

/// A database failed, or holds data that this version cannot read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrackStoreError {
    /// The database fails, or cannot be reached. Nothing was added; add it again.
    #[error("the database of the tracker failed: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The track of a card was written by another version, or by another program.
    #[error(
        "the stored track of card {card} cannot be read: {error}; forget the card to start again"
    )]
    Track {
        /// The card.
        card: CardId,
        /// Why.
        #[source]
        error: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl From<sqlx::Error> for TrackStoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A track as it is kept.
pub(super) struct Kept {
    pub(super) card: String,
    pub(super) revision: i64,
    pub(super) status: String,
    pub(super) updated_at: i64,
    pub(super) track: String,
}

impl Kept {
    pub(super) fn of(track: &CardTrack) -> Result<Self, TrackStoreError> {
        let card = track.card_id();
        let unwritable = |error: serde_json::Error| TrackStoreError::Track {
            card,
            error: error.into(),
        };
        let latest = track.latest();
        Ok(Self {
            card: card.to_string(),
            // A card does not change 2^63 times.
            revision: i64::try_from(track.revision()).unwrap_or(i64::MAX),
            status: latest.map_or_else(String::new, |it| it.status.as_str().to_owned()),
            updated_at: latest.map_or(0, |it| it.updated_at_micros),
            track: serde_json::to_string(track).map_err(unwritable)?,
        })
    }
}

pub(super) fn read(card: CardId, text: &str) -> Result<CardTrack, TrackStoreError> {
    serde_json::from_str(text).map_err(|error| TrackStoreError::Track {
        card,
        error: error.into(),
    })
}

/// A card of the table, whose key this crate has written.
pub(super) fn card(text: &str) -> Option<CardId> {
    Uuid::try_parse(text).ok().map(CardId)
}

/// The functions of a store, which differ in the types of the database alone.
macro_rules! track_store {
    ($store:ident, $pool:ty, $connection:ty) => {
        impl $store {
            /// The statements that make the table and its index, for those who keep migrations of their
            /// own.
            pub const SCHEMA: [&str; 2] = [sql::CREATE_TABLE, sql::CREATE_INDEX];

            /// A store in this database. Call [`create_table`](Self::create_table) once before.
            #[must_use]
            pub fn new(pool: $pool) -> Self {
                Self { pool }
            }

            /// Adds a sighting in your own transaction: it is kept if and only if that commits. Use the
            /// transaction that marks the event as handled, so that both happen or neither.
            ///
            /// # Errors
            /// When the database fails, or holds data that this version cannot read. Roll back then.
            pub async fn observe_in(
                &self,
                transaction: &mut $connection,
                sighting: impl Into<Sighting>,
            ) -> Result<Observation, TrackStoreError> {
                let sighting = sighting.into();
                loop {
                    let known = find(&mut *transaction, LOCK, sighting.card_id).await?;
                    let mut track = known.unwrap_or_else(|| CardTrack::new(sighting.card_id));
                    let revision = track.revision();
                    let observation = track.observe(&sighting);
                    // Where another transaction saw the card first at the same time, its track is there
                    // now.
                    if track.revision() == revision || put(&mut *transaction, &track).await? {
                        return Ok(observation);
                    }
                }
            }

            /// Up to so many cards that have been in `issuing` since before an instant, the longest wait
            /// first. An event may be missing, so poll them.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn issuing_since(
                &self,
                before: DateTime<Utc>,
                limit: u32,
            ) -> Result<Vec<CardId>, TrackStoreError> {
                let query = sqlx::query_scalar::<_, String>(sql::ISSUING_SINCE);
                let query = query.bind(before.timestamp_micros()).bind(i64::from(limit));
                let found = query.fetch_all(&self.pool).await?;
                Ok(found.iter().filter_map(|text| sql::card(text)).collect())
            }

            /// Deletes the track of a card: its next sighting is like the first. `false` when there was none.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn forget(&self, card: CardId) -> Result<bool, TrackStoreError> {
                let query = sqlx::query(sql::FORGET).bind(card.to_string());
                Ok(query.execute(&self.pool).await?.rows_affected() == 1)
            }
        }

        impl TrackStore for $store {
            type Error = TrackStoreError;

            async fn load(&self, id: CardId) -> Result<Option<CardTrack>, TrackStoreError> {
                let mut connection = self.pool.acquire().await?;
                find(&mut connection, sql::LOAD, id).await
            }

            async fn replace(&self, track: &CardTrack) -> Result<bool, TrackStoreError> {
                let mut connection = self.pool.acquire().await?;
                put(&mut connection, track).await
            }
        }

        /// What is kept of a card.
        async fn find(
            connection: &mut $connection,
            statement: &'static str,
            card: CardId,
        ) -> Result<Option<CardTrack>, TrackStoreError> {
            let query = sqlx::query_scalar::<_, String>(statement).bind(card.to_string());
            let found = query.fetch_optional(connection).await?;
            found.map(|text| sql::read(card, &text)).transpose()
        }

        /// Whether it was kept: no other one came first.
        async fn put(
            connection: &mut $connection,
            track: &CardTrack,
        ) -> Result<bool, TrackStoreError> {
            let kept = sql::Kept::of(track)?;
            let query = sqlx::query(sql::REPLACE)
                .bind(kept.card)
                .bind(kept.revision);
            let query = query
                .bind(kept.status)
                .bind(kept.updated_at)
                .bind(kept.track);
            Ok(query.execute(connection).await?.rows_affected() == 1)
        }

        impl std::fmt::Debug for $store {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                // The pool's options hold a password.
                formatter
                    .debug_struct(stringify!($store))
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(super) use track_store;
