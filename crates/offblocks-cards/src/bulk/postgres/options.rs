//! Joining a job: making it where it does not exist.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use offblocks_client::{Clock, Random, Timer, TokioTimer};
use sqlx::PgPool;

use super::error::PostgresJournalError;
use super::job::PostgresJob;
use super::load::load;
use super::recorder::Recorder;
use super::schema::Schema;
use super::{Heartbeat, Member, PostgresJournal, State, claims};
use crate::Cards;
use crate::bulk::row::CardRow;

/// How a worker takes part in a job whose journal is in PostgreSQL.
#[derive(Clone, Debug)]
pub struct PostgresJournalOptions {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    timer: Arc<dyn Timer>,
    schema: Schema,
    lease: Duration,
    batch: u32,
}

impl PostgresJournalOptions {
    /// The schema `offblocks_bulk`, a lease of 30 seconds, and 16 rows at a time. The clock and the
    /// randomness of the cards' client are used.
    #[must_use]
    pub fn new(cards: &Cards) -> Self {
        let client = cards.client();
        Self {
            clock: Arc::clone(client.clock()),
            random: Arc::clone(client.random()),
            timer: Arc::new(TokioTimer::new()),
            schema: Schema::default(),
            lease: Duration::from_secs(30),
            batch: 16,
        }
    }

    /// The tables are in this schema. It is made where it does not exist.
    ///
    /// # Errors
    /// When the name has other characters than lower case letters, digits and `_`, begins with a digit
    /// or `pg_`, or is longer than 50 characters.
    pub fn schema(self, name: &str) -> Result<Self, PostgresJournalError> {
        let schema = Schema::new(name)?;
        Ok(Self { schema, ..self })
    }

    /// How long a lease is valid. A worker renews its lease after each third of this time. When the lease
    /// has ended, the worker is assumed to have crashed, and its rows are given to others.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// How many rows are claimed at a time, one at least: about as many as are worked on at the same
    /// time.
    #[must_use]
    pub fn batch(self, rows: u32) -> Self {
        let batch = rows.max(1);
        Self { batch, ..self }
    }

    /// Leases are renewed by this timer.
    #[must_use]
    pub fn timer(self, timer: Arc<dyn Timer>) -> Self {
        Self { timer, ..self }
    }

    /// Takes part in the job of this name with these rows. The first worker makes the tables, the job and
    /// its rows. The rows of each other worker are compared with them.
    ///
    /// # Errors
    /// When the database fails, or the job has other rows.
    pub async fn open<S>(
        self,
        pool: &PgPool,
        job: &str,
        mut rows: S,
    ) -> Result<PostgresJournal, PostgresJournalError>
    where
        S: Stream<Item = CardRow> + Send + Unpin,
    {
        self.schema.prepare(pool).await?;
        let statement = "INSERT INTO @jobs (name, id, began) VALUES ($1, $2, $3) \
                         ON CONFLICT (name) DO NOTHING";
        let query = sqlx::query(self.schema.sql(statement)).bind(job);
        let query = query.bind(self.random.uuid().to_string());
        let query = query.bind(claims::micros(self.clock.now()));
        query.execute(pool).await?;
        let job = PostgresJob::find_in(pool, self.schema.clone(), job).await?;
        load(&job, &mut rows).await?;
        self.take_part(job).await
    }

    /// Takes part in a job whose rows are there already.
    ///
    /// # Errors
    /// When there is no such job with all its rows, or the database fails.
    pub async fn join(
        self,
        pool: &PgPool,
        job: &str,
    ) -> Result<PostgresJournal, PostgresJournalError> {
        let job = PostgresJob::find_in(pool, self.schema.clone(), job).await?;
        let statement = "SELECT row_count FROM @jobs WHERE number = $1";
        let query = sqlx::query_scalar::<_, Option<i64>>(job.schema.sql(statement));
        let rows = query.bind(job.number).fetch_optional(pool).await?;
        match rows.flatten() {
            Some(_) => self.take_part(job).await,
            None => Err(PostgresJournalError::NoJob(job.name)),
        }
    }

    async fn take_part(self, job: PostgresJob) -> Result<PostgresJournal, PostgresJournalError> {
        let member = Arc::new(Member {
            job,
            lease: self.lease,
            timer: self.timer,
            random: self.random,
            state: State::default().into(),
        });
        member.worker().await?;
        let renewing = Arc::clone(&member);
        Ok(PostgresJournal {
            recorder: Recorder::start(member.job.clone()),
            member,
            clock: self.clock,
            batch: self.batch,
            looking: tokio::sync::Mutex::new(()),
            heartbeat: Heartbeat(tokio::spawn(async move { renewing.keep_lease().await })),
        })
    }
}

impl PostgresJournal {
    /// Takes part in the job of this name with these rows, with the default options; see
    /// [`PostgresJournalOptions::open`].
    ///
    /// # Errors
    /// As [`PostgresJournalOptions::open`].
    pub async fn open<S>(
        cards: &Cards,
        pool: &PgPool,
        job: &str,
        rows: S,
    ) -> Result<Self, PostgresJournalError>
    where
        S: Stream<Item = CardRow> + Send + Unpin,
    {
        PostgresJournalOptions::new(cards)
            .open(pool, job, rows)
            .await
    }
}
