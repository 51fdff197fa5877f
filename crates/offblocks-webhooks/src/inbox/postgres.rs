//! A store in PostgreSQL.

use std::sync::Arc;
use std::time::Duration;

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use sqlx::{PgConnection, PgPool};

use super::sql::{self, Mark};
use super::{Claim, Lease, ReplayError, ReplayStore};

/// The index, which is made last.
const INDEX: &str = "offblocks_webhook_events_claimed_at";

/// A number that no other program uses for a lock. Without the lock, two processes that make the table at
/// the same time would fail, in spite of its `IF NOT EXISTS`.
const TABLE_LOCK: i64 = 0x6f66_6662_6c6f_636b;

/// Lets only one transaction at a time mark an event. Others do not wait. When a process crashes, its
/// transaction ends. Two events with the same hash share the lock, so one of them is sent again.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended($1 || '/' || $2, 0))";

/// When to try again while another transaction marks the event.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Remembers events in PostgreSQL, for any number of processes.
///
/// To handle an event exactly once, call [`mark_done`](Self::mark_done) in the transaction that does the
/// work for the event.
///
/// ```no_run
/// # async fn example(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
/// use offblocks_webhooks::{Inbox, PostgresStore};
///
/// let store = PostgresStore::new(pool).for_consumer("ledger");
/// store.create_table().await?;
/// let inbox = Inbox::new(store);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore {
    pool: PgPool,
    consumer: Arc<str>,
}

impl PostgresStore {
    /// The statements that make the table and its index, for those who keep migrations of their own.
    pub const SCHEMA: [&str; 2] = [sql::CREATE_TABLE, sql::CREATE_INDEX];

    /// Makes the table `offblocks_webhook_events` and its index unless they are there.
    ///
    /// ```no_run
    /// # async fn example(pool: sqlx::PgPool) -> Result<(), offblocks_webhooks::ReplayError> {
    /// offblocks_webhooks::PostgresStore::new(pool).create_table().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the database fails, or the role may not make tables.
    pub async fn create_table(&self) -> Result<(), ReplayError> {
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
        let made = statements.execute(&self.pool).await;
        made.map(drop).map_err(sql::failure)
    }

    /// Marks an event as done in your own transaction: it is done if and only if that commits. Call
    /// it first, and do the work for the event when it is [`Mark::First`].
    ///
    /// ```no_run
    /// # async fn example(
    /// #     pool: sqlx::PgPool,
    /// #     event: offblocks_webhooks::VerifiedEvent,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// use offblocks_webhooks::PostgresStore;
    ///
    /// let store = PostgresStore::new(pool.clone());
    /// let mut transaction = pool.begin().await?;
    /// let now = event.delivery.received_at;
    /// if store.mark_done(&mut transaction, event.event_id, now).await?.is_duplicate() {
    ///     return Ok(());
    /// }
    /// sqlx::query("UPDATE cards SET …").execute(&mut *transaction).await?;
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ReplayError::InProgress`] while another transaction marks the event, without waiting for
    /// it; [`ReplayError::Busy`] where a transaction that is `REPEATABLE READ` or `SERIALIZABLE`
    /// came too late; or when the database fails. Roll back then.
    pub async fn mark_done(
        &self,
        transaction: &mut PgConnection,
        event_id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Mark, ReplayError> {
        let lock = sqlx::query_scalar::<_, bool>(LOCK).bind(&*self.consumer);
        let lock = lock.bind(event_id.to_string());
        let free = lock.fetch_one(&mut *transaction).await;
        if !free.map_err(sql::failure)? {
            let retry_after = RETRY_AFTER;
            return Err(ReplayError::InProgress { retry_after });
        }
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

sql::sql_store!(PostgresStore, PgPool, PgConnection);
