//! A job as a whole: its command, the progress of all its workers, and its results.

use std::fmt;

use offblocks_types::AccountId;
use offblocks_types::uuid::Uuid;
use sqlx::PgPool;

use super::error::PostgresJournalError;
use super::schema::Schema;
use crate::bulk::row::RowOutcome;

/// How many results are read at once.
const PAGE: i64 = 1_000;

/// A job in PostgreSQL, seen from outside: pause, resume and cancel it for all its workers, see how
/// far they are, and read its results. It needs neither the rows nor a client of the API.
#[derive(Clone)]
pub struct PostgresJob {
    pub(super) pool: PgPool,
    pub(super) schema: Schema,
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) id: Uuid,
    /// In microseconds since the Unix epoch.
    pub(super) began: i64,
}

/// The command for the workers of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobCommand {
    /// Work on rows.
    Run,
    /// Begin no further row, and wait.
    Pause,
    /// Begin no further row, and end.
    Cancel,
}

impl JobCommand {
    /// The command as it stands in the table (`pause`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Pause => "pause",
            Self::Cancel => "cancel",
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "pause" => Self::Pause,
            "cancel" => Self::Cancel,
            // The table has no other names.
            _ => Self::Run,
        }
    }
}

/// How far a job is, over all its workers and runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobProgress {
    /// The command for the workers.
    pub command: JobCommand,
    /// All rows of the job.
    pub rows: u64,
    /// Rows that have their card.
    pub issued: u64,
    /// Of these, rows whose card was found among the account's cards.
    pub found: u64,
    /// Rows that ended with a failure.
    pub failed: u64,
    /// Rows that a worker has claimed. Some of these workers may have crashed.
    pub claimed: u64,
    /// Workers whose lease has not ended.
    pub workers: u64,
}

impl JobProgress {
    /// The rows that have ended.
    #[must_use]
    pub const fn ended(&self) -> u64 {
        self.issued + self.failed
    }

    /// Whether all rows have ended.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.ended() == self.rows
    }
}

/// A row's result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobResult {
    /// The row's number, from zero.
    pub number: u64,
    /// The caller's own name for the row.
    pub reference: String,
    /// The account that the card is for.
    pub account: AccountId,
    /// How the row ended; `None` while it is open.
    pub outcome: Option<RowOutcome>,
}

impl PostgresJob {
    /// The job of this name, in the schema `offblocks_bulk`.
    ///
    /// # Errors
    /// When there is no such job, or the database fails.
    pub async fn find(pool: &PgPool, name: &str) -> Result<Self, PostgresJournalError> {
        Self::find_in(pool, Schema::default(), name).await
    }

    /// The job of this name, in another schema.
    ///
    /// # Errors
    /// As [`find`](Self::find), and when the name of the schema cannot be used.
    pub async fn find_in_schema(
        pool: &PgPool,
        schema: &str,
        name: &str,
    ) -> Result<Self, PostgresJournalError> {
        Self::find_in(pool, Schema::new(schema)?, name).await
    }

    pub(super) async fn find_in(
        pool: &PgPool,
        schema: Schema,
        name: &str,
    ) -> Result<Self, PostgresJournalError> {
        let missing = || PostgresJournalError::NoJob(name.to_owned());
        let query = schema.sql("SELECT number, id, began FROM @jobs WHERE name = $1");
        let query = sqlx::query_as::<_, (i64, String, i64)>(query).bind(name);
        let found = match query.fetch_optional(pool).await {
            // Without the table there is no job either.
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => None,
            found => found?,
        };
        let (number, id, began) = found.ok_or_else(missing)?;
        Ok(Self {
            pool: pool.clone(),
            id: id.parse().map_err(|_| missing())?,
            name: name.to_owned(),
            schema,
            number,
            began,
        })
    }

    /// The job's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Tells all workers to begin no further row, and to wait. It takes effect within about a second.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pause(&self) -> Result<(), PostgresJournalError> {
        self.command(JobCommand::Pause).await
    }

    /// Tells all workers to continue after [`pause`](Self::pause) or [`cancel`](Self::cancel). Workers
    /// that have ended meanwhile have to be started again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resume(&self) -> Result<(), PostgresJournalError> {
        self.command(JobCommand::Run).await
    }

    /// Tells all workers to begin no further row, and to end. No row is lost. To continue, call
    /// [`resume`](Self::resume) and start workers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel(&self) -> Result<(), PostgresJournalError> {
        self.command(JobCommand::Cancel).await
    }

    async fn command(&self, command: JobCommand) -> Result<(), PostgresJournalError> {
        let statement = "UPDATE @jobs SET command = $2 WHERE number = $1";
        let query = sqlx::query(self.schema.sql(statement)).bind(self.number);
        query.bind(command.as_str()).execute(&self.pool).await?;
        Ok(())
    }

    /// How far the job is. It counts the rows, which takes a fraction of a second for a million rows.
    /// Do not call it more often than every few seconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progress(&self) -> Result<JobProgress, PostgresJournalError> {
        let query = sqlx::query_as::<_, (String, i64, i64, i64, i64, i64, i64)>(self.schema.sql(
            "SELECT command, \
             (SELECT count(*) FROM @workers WHERE job = $1 AND left_at IS NULL \
              AND lease_until > now()), \
             count(r.number), \
             count(r.number) FILTER (WHERE r.card IS NOT NULL), \
             count(r.number) FILTER (WHERE r.found), \
             count(r.number) FILTER (WHERE r.state = 'ended' AND r.card IS NULL), \
             count(r.number) FILTER (WHERE r.state = 'claimed') \
             FROM @jobs AS j LEFT JOIN @job_rows AS r ON r.job = j.number \
             WHERE j.number = $1 GROUP BY j.number",
        ));
        let (command, workers, rows, issued, found, failed, claimed) =
            query.bind(self.number).fetch_one(&self.pool).await?;
        Ok(JobProgress {
            command: JobCommand::named(&command),
            rows: rows.unsigned_abs(),
            issued: issued.unsigned_abs(),
            found: found.unsigned_abs(),
            failed: failed.unsigned_abs(),
            claimed: claimed.unsigned_abs(),
            workers: workers.unsigned_abs(),
        })
    }

    /// Up to a thousand results from a row on, in the order of the rows. To read all, call it again from
    /// the number of the last result plus one, until it returns none.
    ///
    /// # Errors
    /// When the database fails, or holds a value that this version does not know.
    pub async fn results(&self, from: u64) -> Result<Vec<JobResult>, PostgresJournalError> {
        let statement = "SELECT number, reference, account, outcome FROM @job_rows \
                         WHERE job = $1 AND number >= $2 ORDER BY number LIMIT $3";
        let query =
            sqlx::query_as::<_, (i64, String, String, Option<String>)>(self.schema.sql(statement));
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        let query = query.bind(self.number).bind(from).bind(PAGE);
        let rows = query.fetch_all(&self.pool).await?;
        rows.into_iter().map(result).collect()
    }

    /// Deletes the job with all its rows and results. Its workers end with an error.
    ///
    /// A job that is made under the same name afterwards is another job. It would order every card
    /// again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete(self) -> Result<(), PostgresJournalError> {
        let query = sqlx::query(self.schema.sql("DELETE FROM @jobs WHERE number = $1"));
        query.bind(self.number).execute(&self.pool).await?;
        Ok(())
    }
}

fn result(
    (number, reference, account, outcome): (i64, String, String, Option<String>),
) -> Result<JobResult, PostgresJournalError> {
    let number = number.unsigned_abs();
    let unknown = || PostgresJournalError::Value { row: number };
    let outcome = outcome.as_deref().map(serde_json::from_str);
    Ok(JobResult {
        number,
        reference,
        account: account.parse().map_err(|_| unknown())?,
        outcome: outcome.transpose().map_err(|_| unknown())?,
    })
}

impl fmt::Debug for PostgresJob {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The pool's options hold a password.
        formatter
            .debug_struct("PostgresJob")
            .field("name", &self.name)
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
