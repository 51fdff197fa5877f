//! Workers: how one joins, renews its lease, leaves, and is removed when its lease has ended.

use std::time::Duration;

use super::error::PostgresJournalError;
use super::job::PostgresJob;
use super::whole::to_its_end;

/// Worker, job, lease in microseconds.
const JOIN: &str = "\
INSERT INTO @workers (id, job, lease_until)
VALUES ($1, $2, now() + $3 * interval '1 microsecond')";

/// Worker, lease in microseconds.
const RENEW: &str = "\
UPDATE @workers SET lease_until = now() + $2 * interval '1 microsecond'
WHERE id = $1 AND left_at IS NULL";

/// Worker.
const LEAVE: &str = "UPDATE @workers SET left_at = now() WHERE id = $1 AND left_at IS NULL";

/// Job.
const END_LEASES: &str = "\
UPDATE @workers SET left_at = now(), lost = true
WHERE job = $1 AND left_at IS NULL AND lease_until < now()";

/// Job. The rows of workers that have left. This is a separate statement after the one that makes them
/// leave, so that it sees all that they claimed until then.
const FREE_ROWS: &str = "\
UPDATE @job_rows SET state = 'open', worker = NULL
WHERE job = $1 AND state = 'claimed'
    AND worker IN (SELECT id FROM @workers WHERE job = $1 AND left_at IS NOT NULL)";

/// Job, worker.
const FREE_OWN: &str = "\
UPDATE @job_rows SET state = 'open', worker = NULL
WHERE job = $1 AND state = 'claimed' AND worker = $2";

/// One sweep of a job at a time; the second one has nothing to do.
const SWEEP_LOCK: &str =
    "SELECT pg_try_advisory_xact_lock(hashtextextended('offblocks bulk sweep ' || $1, 0))";

impl PostgresJob {
    pub(super) async fn join(
        &self,
        worker: &str,
        lease: Duration,
    ) -> Result<(), PostgresJournalError> {
        let query = sqlx::query(self.schema.sql(JOIN)).bind(worker);
        let query = query.bind(self.number).bind(micros(lease));
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// Makes the lease longer. `false` when it has ended: others have the worker's rows.
    pub(super) async fn renew(
        &self,
        worker: &str,
        lease: Duration,
    ) -> Result<bool, PostgresJournalError> {
        let query = sqlx::query(self.schema.sql(RENEW)).bind(worker);
        let renewed = query.bind(micros(lease)).execute(&self.pool).await?;
        Ok(renewed.rows_affected() == 1)
    }

    /// Leaves, and gives the rows back that were not ended.
    pub(super) async fn leave(&self, worker: &str) -> Result<(), PostgresJournalError> {
        let (job, worker) = (self.clone(), worker.to_owned());
        to_its_end(async move {
            let mut transaction = job.pool.begin().await?;
            let leave = sqlx::query(job.schema.sql(LEAVE)).bind(&worker);
            leave.execute(&mut *transaction).await?;
            let free = sqlx::query(job.schema.sql(FREE_OWN)).bind(job.number);
            free.bind(&worker).execute(&mut *transaction).await?;
            Ok(transaction.commit().await?)
        })
        .await
    }

    /// Ends the leases of workers that did not renew them, and opens their rows. Returns how many rows.
    pub(super) async fn sweep(&self) -> Result<u64, PostgresJournalError> {
        let job = self.clone();
        to_its_end(async move {
            let mut transaction = job.pool.begin().await?;
            let lock = sqlx::query_scalar::<_, bool>(SWEEP_LOCK).bind(job.id.to_string());
            if !lock.fetch_one(&mut *transaction).await? {
                return Ok(0);
            }
            let end = sqlx::query(job.schema.sql(END_LEASES)).bind(job.number);
            end.execute(&mut *transaction).await?;
            let free = sqlx::query(job.schema.sql(FREE_ROWS)).bind(job.number);
            let freed = free.execute(&mut *transaction).await?.rows_affected();
            transaction.commit().await?;
            Ok(freed)
        })
        .await
    }
}

fn micros(lease: Duration) -> i64 {
    i64::try_from(lease.as_micros()).unwrap_or(i64::MAX)
}
