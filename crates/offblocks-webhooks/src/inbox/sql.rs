//! What both databases have in common: the table, and the statements, which both understand.

use offblocks_types::chrono::{DateTime, Utc};

use super::ReplayError;

/// The consumer of a store unless it is given a name.
pub const DEFAULT_CONSUMER: &str = "default";

/// The result of marking an event in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a duplicate must not be handled again"]
pub enum Mark {
    /// The event is handled for the first time: do the work for it, and commit.
    First,
    /// It was handled before: acknowledge the delivery, and do nothing.
    Duplicate,
}

impl Mark {
    /// Whether the event was handled before.
    ///
    /// ```
    /// use offblocks_webhooks::Mark;
    ///
    /// assert!(Mark::Duplicate.is_duplicate() && !Mark::First.is_duplicate());
    /// ```
    #[must_use]
    pub fn is_duplicate(self) -> bool {
        self == Self::Duplicate
    }
}

/// Instants are microseconds since the Unix epoch, which both databases compare and index alike.
pub(super) const CREATE_TABLE: &str = "\
CREATE TABLE IF NOT EXISTS offblocks_webhook_events (
    consumer TEXT NOT NULL,
    event_id TEXT NOT NULL,
    claim_number BIGINT NOT NULL,
    claimed_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (consumer, event_id)
)";

/// For pruning.
pub(super) const CREATE_INDEX: &str = "\
CREATE INDEX IF NOT EXISTS offblocks_webhook_events_claimed_at
ON offblocks_webhook_events (consumer, claimed_at)";

/// Consumer, event, now, end of the lease, and when it is done where that is at once.
pub(super) const CLAIM: &str = "\
INSERT INTO offblocks_webhook_events AS event
    (consumer, event_id, claim_number, claimed_at, lease_until, done_at)
VALUES ($1, $2, 1, $3, $4, $5)
ON CONFLICT (consumer, event_id) DO UPDATE
SET claim_number = event.claim_number + 1, claimed_at = $3, lease_until = $4, done_at = $5
WHERE event.done_at IS NULL AND event.lease_until <= $3
RETURNING claim_number";

/// Consumer and event.
pub(super) const LOOK: &str = "\
SELECT done_at, lease_until FROM offblocks_webhook_events WHERE consumer = $1 AND event_id = $2";

/// Consumer, event, number of the claim, end of the lease.
pub(super) const RENEW: &str = "\
UPDATE offblocks_webhook_events SET lease_until = $4
WHERE consumer = $1 AND event_id = $2 AND claim_number = $3 AND done_at IS NULL";

/// Consumer, event, number of the claim, now.
pub(super) const COMPLETE: &str = "\
UPDATE offblocks_webhook_events SET done_at = COALESCE(done_at, $4), lease_until = 0
WHERE consumer = $1 AND event_id = $2 AND claim_number = $3";

/// Consumer, before, how many.
pub(super) const PRUNE: &str = "\
DELETE FROM offblocks_webhook_events WHERE consumer = $1 AND event_id IN (
    SELECT event_id FROM offblocks_webhook_events
    WHERE consumer = $1 AND claimed_at < $2 AND lease_until < $2 ORDER BY claimed_at LIMIT $3
)";

/// How many events are removed at once.
pub(super) const PRUNE_LIMIT: i64 = 5_000;

pub(super) fn micros(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

/// An instant of the database; the earliest one when it is beyond the calendar.
pub(super) fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// A failure of the database: temporary or not.
pub(super) fn failure(error: sqlx::Error) -> ReplayError {
    let code = match &error {
        sqlx::Error::Database(error) => error.code().map(std::borrow::Cow::into_owned),
        _ => None,
    };
    let busy = code.is_some_and(|code| BUSY.contains(&code.as_str()));
    if busy {
        ReplayError::Busy(error.into())
    } else {
        ReplayError::Store(error.into())
    }
}

/// PostgreSQL: serialisation failure, deadlock, lock not available. SQLite: busy and locked, and
/// busy with a snapshot that is too old.
const BUSY: [&str; 6] = ["40001", "40P01", "55P03", "5", "6", "517"];

/// The functions of a store, which differ in the types of the database alone.
macro_rules! sql_store {
    ($store:ident, $pool:ty, $connection:ty) => {
        impl $store {
            /// A store in this database, for the consumer `default`. Call
            /// [`create_table`](Self::create_table) once before.
            #[must_use]
            pub fn new(pool: $pool) -> Self {
                Self {
                    pool,
                    consumer: super::DEFAULT_CONSUMER.into(),
                }
            }

            /// Remembers events for a consumer of this name. Each consumer handles each event once:
            /// two services that share a database have two names.
            #[must_use]
            pub fn for_consumer(self, name: impl Into<std::sync::Arc<str>>) -> Self {
                let consumer = name.into();
                Self { consumer, ..self }
            }

            /// Marks an event as done with the lease that a handler was given, in the handler's own
            /// transaction: the event is done if and only if it commits. `false` when the lease was
            /// lost. Roll back then: another caller handles the event.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn complete_in(
                &self,
                transaction: &mut $connection,
                lease: &Lease,
                now: DateTime<Utc>,
            ) -> Result<bool, ReplayError> {
                let query = self.of_lease(sql::COMPLETE, lease).bind(sql::micros(now));
                let done = query.execute(transaction).await.map_err(sql::failure)?;
                Ok(done.rows_affected() == 1)
            }

            /// Claims an event, or marks it as done at once where `done_at` is given.
            async fn claim_in(
                &self,
                connection: &mut $connection,
                event_id: Uuid,
                now: i64,
                until: i64,
                done_at: Option<i64>,
            ) -> Result<Claim, ReplayError> {
                let id = event_id.to_string();
                let query = sqlx::query_scalar::<_, i64>(sql::CLAIM);
                let query = query.bind(&*self.consumer).bind(&id).bind(now).bind(until);
                let query = query.bind(done_at);
                let claimed = query.fetch_optional(&mut *connection).await;
                if let Some(number) = claimed.map_err(sql::failure)? {
                    return Ok(Claim::Claimed(Lease::new(event_id, number)));
                }
                let query = sqlx::query_as::<_, (Option<i64>, i64)>(sql::LOOK);
                let query = query.bind(&*self.consumer).bind(&id);
                let found = query.fetch_optional(connection).await;
                Ok(match found.map_err(sql::failure)? {
                    Some((Some(_), _)) => Claim::Done,
                    Some((None, until)) => Claim::InProgress {
                        until: sql::instant(until),
                    },
                    // It was removed between the two statements.
                    None => Claim::InProgress {
                        until: sql::instant(now),
                    },
                })
            }

            fn of_lease<'q>(
                &'q self,
                statement: &'static str,
                lease: &Lease,
            ) -> sqlx::query::Query<
                'q,
                <$connection as sqlx::Connection>::Database,
                <<$connection as sqlx::Connection>::Database as sqlx::Database>::Arguments,
            > {
                sqlx::query(statement)
                    .bind(&*self.consumer)
                    .bind(lease.event_id().to_string())
                    .bind(lease.number())
            }
        }

        impl ReplayStore for $store {
            async fn claim(
                &self,
                event_id: Uuid,
                now: DateTime<Utc>,
                until: DateTime<Utc>,
            ) -> Result<Claim, ReplayError> {
                let mut connection = self.pool.acquire().await.map_err(sql::failure)?;
                let (now, until) = (sql::micros(now), sql::micros(until));
                self.claim_in(&mut connection, event_id, now, until, None)
                    .await
            }

            async fn renew(
                &self,
                lease: &Lease,
                until: DateTime<Utc>,
            ) -> Result<bool, ReplayError> {
                let query = self.of_lease(sql::RENEW, lease).bind(sql::micros(until));
                let renewed = query.execute(&self.pool).await.map_err(sql::failure)?;
                Ok(renewed.rows_affected() == 1)
            }

            async fn complete(
                &self,
                lease: &Lease,
                now: DateTime<Utc>,
            ) -> Result<bool, ReplayError> {
                let mut connection = self.pool.acquire().await.map_err(sql::failure)?;
                self.complete_in(&mut connection, lease, now).await
            }

            async fn release(&self, lease: &Lease) -> Result<(), ReplayError> {
                let query = self.of_lease(sql::RENEW, lease).bind(0_i64);
                query.execute(&self.pool).await.map_err(sql::failure)?;
                Ok(())
            }

            async fn prune(&self, before: DateTime<Utc>) -> Result<u64, ReplayError> {
                let query = sqlx::query(sql::PRUNE).bind(&*self.consumer);
                let query = query.bind(sql::micros(before)).bind(sql::PRUNE_LIMIT);
                let pruned = query.execute(&self.pool).await.map_err(sql::failure)?;
                Ok(pruned.rows_affected())
            }
        }

        impl std::fmt::Debug for $store {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                // The pool's options hold a password.
                formatter
                    .debug_struct(stringify!($store))
                    .field("consumer", &self.consumer)
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(super) use sql_store;
