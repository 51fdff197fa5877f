//! The statements by which a worker takes rows, ends them and gives them back.
//!
//! A row is `waiting` behind an earlier row of its account, `open`, `claimed` by a worker, or `ended`.
//! Every statement that changes a claimed row names the worker that claimed it. So a worker whose rows were
//! given to another worker changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;
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
WITH joined AS (
    SELECT id FROM @workers WHERE id = $2 AND left_at IS NULL FOR SHARE
), next AS (
    SELECT number FROM @job_rows
    WHERE job = $1 AND state = 'open'
        AND EXISTS (SELECT 1 FROM joined)
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

/// Job, and for each row: number, worker, card, found, outcome. The outcomes need not reach the disk at once:
/// an outcome that is lost in a crash of the database is found out again. The next rows of the accounts
/// become open. A row that another statement changes meanwhile is left out, so that two statements with
/// several rows never wait for each other.
const FINISH: &str = "\
WITH given AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::text[])
        AS given (number, worker, card, found, outcome)
), held AS (
    SELECT held.number FROM @job_rows AS held JOIN given USING (number)
    WHERE held.job = $1 AND held.state = 'claimed' AND held.worker = given.worker
    FOR UPDATE OF held SKIP LOCKED
), ended AS (
    UPDATE @job_rows AS ended
    SET state = 'ended', card = given.card, found = given.found, outcome = given.outcome,
        order_document = NULL
    FROM held JOIN given USING (number)
    WHERE ended.job = $1 AND ended.number = held.number
        AND (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL
    RETURNING ended.number
), freed AS (
    UPDATE @job_rows SET state = 'open'
    WHERE job = $1 AND follows = ANY (SELECT number FROM ended) AND state = 'waiting'
    RETURNING number
)
SELECT number, (SELECT count(*) FROM freed) FROM ended";

/// Job, row, worker, card, found, outcome. As [`FINISH`], but it waits for a statement that changes the row, and a row
/// that this worker ended so before counts as ended now.
const FINISH_ONE: &str = "\
WITH ended AS (
    UPDATE @job_rows
    SET state = 'ended', card = $4, found = $5, outcome = $6, order_document = NULL
    WHERE job = $1 AND number = $2 AND state = 'claimed' AND worker = $3
        AND (SELECT set_config('synchronous_commit', 'off', true)) IS NOT NULL
    RETURNING number
), before AS (
    SELECT number FROM @job_rows
    WHERE job = $1 AND number = $2 AND state = 'ended' AND worker = $3 AND outcome = $6
), freed AS (
    UPDATE @job_rows SET state = 'open'
    WHERE job = $1 AND follows = $2 AND state = 'waiting' AND EXISTS (SELECT 1 FROM ended)
    RETURNING number
)
SELECT (SELECT count(*) FROM ended) + (SELECT count(*) FROM before), (SELECT count(*) FROM freed)";

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

/// How a claimed row ended.
#[derive(Clone, Debug)]
pub(super) struct End {
    pub(super) row: u64,
    /// The worker that claimed it.
    pub(super) worker: Arc<str>,
    pub(super) outcome: RowOutcome,
}

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

    /// Records how rows ended, as far as their workers still have them and no other statement
    /// changes them meanwhile. Returns the rows that are recorded, and how many others became open.
    ///
    /// # Errors
    /// When the database fails, or a card belongs to another row. Nothing is recorded then.
    pub(super) async fn finish(
        &self,
        ends: &[End],
    ) -> Result<(BTreeSet<u64>, u64), PostgresJournalError> {
        let query = sqlx::query_as::<_, (i64, i64)>(self.schema.sql(FINISH)).bind(self.number);
        let query = query.bind(column(ends, |end| row_number(end.row)));
        let query = query.bind(column(ends, |end| end.worker.to_string()));
        let query = query.bind(column(ends, |end| card(&end.outcome)));
        let query = query.bind(column(ends, |end| was_found(&end.outcome)));
        let query = query.bind(column(ends, |end| document(&end.outcome)));
        let recorded = query.fetch_all(&self.pool).await?;
        let opened = recorded.first().map_or(0, |(_, opened)| *opened);
        let rows = recorded.iter().map(|(row, _)| row.unsigned_abs());
        Ok((rows.collect(), opened.unsigned_abs()))
    }

    /// Records how a row ended. Returns the result, and how many other rows became open.
    pub(super) async fn finish_one(
        &self,
        end: &End,
    ) -> Result<(Finished, u64), PostgresJournalError> {
        let query = sqlx::query_as::<_, (i64, i64)>(self.schema.sql(FINISH_ONE)).bind(self.number);
        let query = query.bind(row_number(end.row)).bind(&*end.worker);
        let query = query.bind(card(&end.outcome)).bind(was_found(&end.outcome));
        match query
            .bind(document(&end.outcome))
            .fetch_one(&self.pool)
            .await
        {
            Ok((0, _)) => Ok((Finished::ClaimLost, 0)),
            Ok((_, opened)) => Ok((Finished::Recorded, opened.unsigned_abs())),
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Ok((Finished::CardTaken, 0))
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

    /// What to do when no row can be claimed.
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
        // No worker had the row before.
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

fn column<T>(ends: &[End], value: impl Fn(&End) -> T) -> Vec<T> {
    ends.iter().map(value).collect()
}

fn card(outcome: &RowOutcome) -> Option<String> {
    match outcome {
        RowOutcome::Issued { card, .. } => Some(card.to_string()),
        RowOutcome::Failed(_) => None,
    }
}

fn was_found(outcome: &RowOutcome) -> bool {
    matches!(outcome, RowOutcome::Issued { found: true, .. })
}

fn document(outcome: &RowOutcome) -> String {
    serde_json::to_string(outcome).expect("an outcome holds no map with keys that are not strings")
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
