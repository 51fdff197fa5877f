//! Tracks in PostgreSQL.

use offblocks_types::CardId;
use offblocks_types::chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use super::sql::{self, TrackStoreError};
use super::stored::TrackStore;
use super::track::{CardTrack, Observation, Sighting};

/// The index, which is made last.
const INDEX: &str = "offblocks_card_tracks_issuing";

/// A number that no other program uses for a lock. Without the lock, two processes that make the table at
/// the same time would fail, in spite of its `IF NOT EXISTS`.
const TABLE_LOCK: i64 = 0x6f66_6662_7472_6163;

/// Other transactions that see the same card wait until this transaction ends.
const LOCK: &str = "SELECT track FROM offblocks_card_tracks WHERE card_id = $1 FOR UPDATE";

/// Keeps tracks of cards in PostgreSQL, for any number of cards and processes. Give it to
/// [`StoredCardTracker`](super::StoredCardTracker), or add sightings in a transaction of your own:
///
/// ```no_run
/// # async fn example(
/// #     pool: sqlx::PgPool,
/// #     update: offblocks_types::CardUpdate,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use offblocks_cards::PostgresTrackStore;
///
/// let store = PostgresTrackStore::new(pool.clone());
/// store.create_table().await?;
/// let mut transaction = pool.begin().await?;
/// let observation = store.observe_in(&mut transaction, &update).await?;
/// if let Some(change) = observation.change() {
///     println!("{} is {}", change.card_id, change.to);
/// }
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresTrackStore {
    pool: PgPool,
}

impl PostgresTrackStore {
    /// Makes the table `offblocks_card_tracks` and its index unless they are there.
    ///
    /// # Errors
    /// When the database fails, or the role may not make tables.
    pub async fn create_table(&self) -> Result<(), TrackStoreError> {
        // Sent at once, the statements are one transaction, which ends even when this is dropped. In
        // spite of its `IF NOT EXISTS`, making the index waits for all transactions that have written to
        // the table, and later writers wait for it. So it is not tried where the index is there.
        let [table, index] = Self::SCHEMA;
        let statements = format!(
            "SELECT pg_advisory_xact_lock({TABLE_LOCK});\n\
             DO $made$ BEGIN IF to_regclass(quote_ident(current_schema()) || '.{INDEX}') IS NULL THEN\n\
             {table};\n{index};\nEND IF; END $made$"
        );
        let statements = sqlx::raw_sql(sqlx::AssertSqlSafe(statements));
        statements.execute(&self.pool).await?;
        Ok(())
    }
}

sql::track_store!(PostgresTrackStore, PgPool, PgConnection);
