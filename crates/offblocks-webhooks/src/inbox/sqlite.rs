//! A store in SQLite.

use std::sync::Arc;
use std::time::Duration;

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use sqlx::{SqliteConnection, SqlitePool};

use super::sql::{self, Mark};
use super::{Claim, Lease, ReplayError, ReplayStore};

/// When to try again while a lease of the event holds.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Remembers events in SQLite, for the processes of one machine.
///
/// To handle an event exactly once, call [`mark_done`](Self::mark_done) in the transaction that does the
/// work for the event.
///
/// ```
/// use offblocks_webhooks::testing::card_event;
/// use offblocks_webhooks::{Handled, Inbox, SqliteStore};
/// use sqlx::sqlite::SqlitePoolOptions;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let options = SqlitePoolOptions::new().max_connections(1);
/// let pool = options.connect("sqlite::memory:").await?;
/// let store = SqliteStore::new(pool.clone()).for_consumer("ledger");
/// store.create_table().await?;
/// sqlx::query("CREATE TABLE entries (event TEXT)").execute(&pool).await?;
///
/// // A handler that works long before it writes: it is given a lease, and ends it in its transaction.
/// let inbox = Inbox::new(store.clone());
/// let event_id = card_event(1, "active").event_id();
/// let handled = inbox.handle(event_id, |lease| {
///     let (pool, store) = (pool.clone(), store.clone());
///     async move {
///         let mut transaction = pool.begin().await?;
///         let entry = sqlx::query("INSERT INTO entries VALUES ($1)").bind(event_id.to_string());
///         entry.execute(&mut *transaction).await?;
///         let now = offblocks_types::chrono::DateTime::UNIX_EPOCH;
///         if store.complete_in(&mut transaction, &lease, now).await? {
///             transaction.commit().await?;
///         }
///         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
///     }
/// });
/// assert_eq!(handled.await.map_err(|error| error.to_string())?, Handled::Now(()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteStore {
    pool: SqlitePool,
    consumer: Arc<str>,
}

impl SqliteStore {
    /// The statements that make the table and its index, for those who keep migrations of their own.
    pub const SCHEMA: [&str; 2] = [sql::CREATE_TABLE, sql::CREATE_INDEX];

    /// Makes the table `offblocks_webhook_events` and its index unless they are there.
    ///
    /// ```
    /// use offblocks_webhooks::SqliteStore;
    /// use sqlx::sqlite::SqlitePoolOptions;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let options = SqlitePoolOptions::new().max_connections(1);
    /// let pool = options.connect("sqlite::memory:").await?;
    /// let store = SqliteStore::new(pool);
    /// store.create_table().await?;
    /// store.create_table().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_table(&self) -> Result<(), ReplayError> {
        for statement in Self::SCHEMA {
            let query = sqlx::query(statement);
            query.execute(&self.pool).await.map_err(sql::failure)?;
        }
        Ok(())
    }

    /// Marks an event as done in your own transaction: it is done if and only if that commits. Call
    /// it first, and do the work for the event when it is [`Mark::First`].
    ///
    /// SQLite has one writer at a time. Another transaction that marks an event waits here for the
    /// busy timeout of its connection (five seconds, unless the pool says otherwise). Begin with
    /// `BEGIN IMMEDIATE` (`pool.begin_with`) where something is read before.
    ///
    /// ```
    /// use offblocks_types::chrono::DateTime;
    /// use offblocks_webhooks::testing::card_event;
    /// use offblocks_webhooks::{Mark, SqliteStore};
    /// use sqlx::sqlite::SqlitePoolOptions;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let options = SqlitePoolOptions::new().max_connections(1);
    /// let pool = options.connect("sqlite::memory:").await?;
    /// let store = SqliteStore::new(pool.clone());
    /// store.create_table().await?;
    /// sqlx::query("CREATE TABLE entries (event TEXT)").execute(&pool).await?;
    ///
    /// let (event_id, now) = (card_event(1, "active").event_id(), DateTime::UNIX_EPOCH);
    /// for delivery in [Mark::First, Mark::Duplicate] {
    ///     let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    ///     let mark = store.mark_done(&mut transaction, event_id, now).await?;
    ///     assert_eq!(mark, delivery);
    ///     if mark.is_duplicate() {
    ///         continue;
    ///     }
    ///     let entry = sqlx::query("INSERT INTO entries VALUES ($1)").bind(event_id.to_string());
    ///     entry.execute(&mut *transaction).await?;
    ///     transaction.commit().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ReplayError::Busy`] when the database stays locked, [`ReplayError::InProgress`] while a lease
    /// of the event holds, or when the database fails. Roll back then.
    pub async fn mark_done(
        &self,
        transaction: &mut SqliteConnection,
        event_id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Mark, ReplayError> {
        let now = sql::micros(now);
        let claim = self.claim_in(transaction, event_id, now, 0, Some(now));
        match claim.await? {
            Claim::Claimed(_) => Ok(Mark::First),
            Claim::Done => Ok(Mark::Duplicate),
            Claim::InProgress { .. } => Err(ReplayError::InProgress {
                retry_after: RETRY_AFTER,
            }),
        }
    }
}

sql::sql_store!(SqliteStore, SqlitePool, SqliteConnection);
