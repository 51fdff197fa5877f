//! The statements by which a worker takes rows, ends them and gives them back.
//!
//! A row is `waiting` behind an earlier row of its account, `open`, `claimed` by a worker, or `ended`.
//! Every statement that changes a claimed row names the worker that claimed it: what a worker writes
//! after its rows were given to another changes nothing.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use offblocks_types::CardId;
use offblocks_types::chrono::{DateTime, Utc};

use super::error::PostgresJournalError;
use super::job::PostgresJob;
use crate::bulk::journal::{Claim, Finished, History, Round};
use crate::bulk::row::{CardRow, RowOutcome};

/// Job, worker, how many, now. The worker's row is locked, so a worker whose lease is being ended
/// either claims before, and its claims are found, or claims nothing.
const CLAIM: &str = "\
WITH alive AS (
    SELECT id FROM @workers WHERE id = $2 AND left_at IS NULL FOR SHARE
), next AS (
    SELECT number FROM @job_rows
    WHERE job = $1 AND state = 'open'
        AND EXISTS (SELECT 1 FROM alive)
        AND EXISTS (SELECT 1 FROM @jobs WHERE number = $1 AND command = 'run')
    ORDER BY number LIMIT $3
    FOR UPDATE SKIP LOCKED
)
UPDATE @job_rows AS claimed
SET state = 'claimed', worker = $2, claims = claimed.claims + 1,
    sent_since = COALESCE(claimed.sent_since, $4)
FROM next
WHERE claimed.job = $1 AND claimed.number = next.number
RETURNING claimed.number, claimed.reference, claimed.account, claimed.order_document,
    claimed.round, claimed.claims, claimed.sent_since";

/// Job, row, worker, card, found, outcome. Nobody waits for the disk: an outcome that a crash of the
/// database takes away is found out again. The next row of the account becomes open.
const FINISH: &str = "\
WITH ended AS (
    UPDATE @job_rows
    SET state = 'ended', card = $4, found = $5, outcome = $6, order_document = NULL
    WHERE job = $1 AND number = $2 AND state = 'claimed' AND worker = $3
        AND (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL
    RETURNING number
), freed AS (
    UPDATE @job_rows SET state = 'open'
    WHERE job = $1 AND follows = $2 AND state = 'waiting' AND EXISTS (SELECT 1 FROM ended)
)
SELECT count(*) FROM ended";

/// Job, row, worker, round, now.
const BEGIN_ROUND: &str = "\
UPDATE @job_rows SET round = $4, sent_since = $5
WHERE job = $1 AND number = $2 AND state = 'claimed' AND worker = $3";

/// Job, row, worker.
const RELEASE: &str = "\
UPDATE @job_rows SET state = 'open', worker = NULL
WHERE job = $1 AND number = $2 AND state = 'claimed' AND worker = $3";

/// Job, cards.
const TAKEN: &str = "SELECT card FROM @job_rows WHERE job = $1 AND card = ANY($2)";

/// What a worker finds when no row is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Rows are worked on by others, or the job is paused.
    Later,
    /// All rows have ended, or the job is cancelled.
    Nothing,
}

/// Job.
const REST: &str = "\
SELECT command,
    EXISTS (SELECT 1 FROM @job_rows WHERE job = $1 AND state = 'open')
    OR EXISTS (SELECT 1 FROM @job_rows WHERE job = $1 AND state = 'claimed')
    OR EXISTS (SELECT 1 FROM @job_rows WHERE job = $1 AND state = 'waiting')
FROM @jobs WHERE number = $1";

type Claimed = (i64, String, String, Option<String>, i32, i32, Option<i64>);

impl PostgresJob {
    /// Claims up to `most` rows for a worker; the lowest ones come first.
    pub(super) async fn claim(
        &self,
        worker: &str,
        most: u32,
        now: SystemTime,
    ) -> Result<Vec<Claim>, PostgresJournalError> {
        let query = sqlx::query_as::<_, Claimed>(self.schema.sql(CLAIM));
        let query = query.bind(self.number).bind(worker).bind(i64::from(most));
        let rows = query.bind(micros(now)).fetch_all(&self.pool).await?;
        let claims: Result<Vec<Claim>, _> = rows.into_iter().map(claim).collect();
        let mut claims = claims?;
        claims.sort_by_key(|claim| claim.number);
        Ok(claims)
    }

    pub(super) async fn finish(
        &self,
        worker: &str,
        row: u64,
        outcome: &RowOutcome,
    ) -> Result<Finished, PostgresJournalError> {
        let (card, found) = match outcome {
            RowOutcome::Issued { card, found } => (Some(card.to_string()), *found),
            RowOutcome::Failed(_) => (None, false),
        };
        let document = serde_json::to_string(outcome)
            .expect("an outcome holds no map with keys that are not strings");
        let query = sqlx::query_scalar::<_, i64>(self.schema.sql(FINISH));
        let query = query.bind(self.number).bind(row_number(row)).bind(worker);
        let query = query.bind(card).bind(found).bind(document);
        match query.fetch_one(&self.pool).await {
            Ok(0) => Ok(Finished::ClaimLost),
            Ok(_) => Ok(Finished::Recorded),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Ok(Finished::CardTaken)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn begin_round(
        &self,
        worker: &str,
        row: u64,
        round: u32,
        now: SystemTime,
    ) -> Result<Round, PostgresJournalError> {
        let round = i32::try_from(round).unwrap_or(i32::MAX);
        let query = sqlx::query(self.schema.sql(BEGIN_ROUND)).bind(self.number);
        let query = query.bind(row_number(row)).bind(worker).bind(round);
        let begun = query.bind(micros(now)).execute(&self.pool).await?;
        Ok(match begun.rows_affected() {
            0 => Round::ClaimLost,
            _ => Round::Begun,
        })
    }

    pub(super) async fn release(&self, worker: &str, row: u64) -> Result<(), PostgresJournalError> {
        let query = sqlx::query(self.schema.sql(RELEASE)).bind(self.number);
        let query = query.bind(row_number(row)).bind(worker);
        query.execute(&self.pool).await?;
        Ok(())
    }

    pub(super) async fn taken(
        &self,
        cards: &BTreeSet<CardId>,
    ) -> Result<BTreeSet<CardId>, PostgresJournalError> {
        let ids: Vec<String> = cards.iter().map(ToString::to_string).collect();
        let query = sqlx::query_scalar::<_, String>(self.schema.sql(TAKEN));
        let found = query.bind(self.number).bind(ids).fetch_all(&self.pool);
        // An id that cannot be read is not one of those asked for.
        Ok(found
            .await?
            .iter()
            .filter_map(|id| id.parse().ok())
            .collect())
    }

    /// What there is to do when no row can be claimed.
    pub(super) async fn rest(&self) -> Result<Rest, PostgresJournalError> {
        let query = sqlx::query_as::<_, (String, bool)>(self.schema.sql(REST));
        let query = query.bind(self.number);
        let found = query.fetch_optional(&self.pool).await?;
        let (command, unfinished) =
            found.ok_or_else(|| PostgresJournalError::NoJob(self.name.clone()))?;
        Ok(match unfinished && command != "cancel" {
            true => Rest::Later,
            false => Rest::Nothing,
        })
    }
}

fn claim(
    (number, reference, account, order, round, claims, since): Claimed,
) -> Result<Claim, PostgresJournalError> {
    let number = number.unsigned_abs();
    let unknown = || PostgresJournalError::Value { row: number };
    let order = order.ok_or_else(unknown)?;
    let order = serde_json::from_str(&order).map_err(|_| unknown())?;
    let account = account.parse().map_err(|_| unknown())?;
    let history = match (claims, since) {
        // Nobody had the row before.
        (..=1, _) | (_, None) => History::Unsent,
        (_, Some(since)) => History::MaybeSent {
            since: instant(since),
        },
    };
    Ok(Claim {
        number,
        row: CardRow::new(reference, account, order),
        round: round.unsigned_abs(),
        history,
    })
}

pub(super) fn micros(instant: SystemTime) -> i64 {
    DateTime::<Utc>::from(instant).timestamp_micros()
}

pub(super) fn instant(micros: i64) -> SystemTime {
    let since = Duration::from_micros(micros.unsigned_abs());
    SystemTime::UNIX_EPOCH + since
}

fn row_number(row: u64) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}
