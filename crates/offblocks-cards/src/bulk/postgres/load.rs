//! The rows of a job: the first worker writes them, and the others compare theirs with them.

use futures_util::Stream;
use sqlx::PgConnection;

use super::error::PostgresJournalError;
use super::job::PostgresJob;
use super::whole::to_its_end;
use crate::bulk::parts::{digest, part};
use crate::bulk::row::CardRow;

/// How many rows are written in one transaction.
const PART: usize = 1_000;

/// The number of an account's earlier row, where it has one, becomes `follows`. Without `OFFSET 0`,
/// PostgreSQL looks for that row from the end of the whole job, once for each row that is written.
const INSERT_ROWS: &str = "\
WITH given AS (
    SELECT * FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[])
        AS given (number, reference, account, order_document)
), linked AS (
    SELECT given.*, COALESCE(
        lag(number) OVER (PARTITION BY account ORDER BY number),
        (SELECT max(number) FROM (
            SELECT number FROM @job_rows AS earlier
            WHERE earlier.job = $1 AND earlier.account = given.account OFFSET 0
        ) AS earlier)
    ) AS follows
    FROM given
)
INSERT INTO @job_rows (job, number, reference, account, order_document, state, follows)
SELECT $1, number, reference, account, order_document,
    CASE WHEN follows IS NULL THEN 'open' ELSE 'waiting' END, follows
FROM linked";

/// Makes sure that the job has exactly these rows.
///
/// Each part is written by one transaction, so a loader that crashes leaves whole parts behind, and the
/// next one continues after them. No row is claimed before all are there.
pub(super) async fn load<S>(job: &PostgresJob, rows: &mut S) -> Result<(), PostgresJournalError>
where
    S: Stream<Item = CardRow> + Send + Unpin,
{
    let mut from = 0_usize;
    loop {
        let rows = part(rows, PART).await;
        if rows.is_empty() {
            break;
        }
        let (job, begin) = (job.clone(), from);
        from += rows.len();
        to_its_end(async move { load_part(&job, begin, &rows).await }).await?;
    }
    let statement = "UPDATE @jobs SET row_count = $2 \
                     WHERE number = $1 AND (row_count IS NULL OR row_count = $2)";
    let query = sqlx::query(job.schema.sql(statement)).bind(job.number);
    let marked = query.bind(number(from)).execute(&job.pool).await?;
    match marked.rows_affected() {
        0 => Err(other_rows(job, from)),
        _ => Ok(()),
    }
}

async fn load_part(
    job: &PostgresJob,
    from: usize,
    rows: &[CardRow],
) -> Result<(), PostgresJournalError> {
    let digest = digest(rows);
    let known = "SELECT row_count, digest FROM @parts WHERE job = $1 AND first_row = $2";
    let query = sqlx::query_as::<_, (i64, String)>(job.schema.sql(known));
    let query = query.bind(job.number).bind(number(from));
    if let Some(known) = query.fetch_optional(&job.pool).await? {
        return compare(job, from, rows, &digest, &known);
    }
    let mut transaction = job.pool.begin().await?;
    // One loader at a time. Another one may have written the part while this one waited.
    let lock = "SELECT row_count FROM @jobs WHERE number = $1 FOR UPDATE";
    let lock = sqlx::query_scalar::<_, Option<i64>>(job.schema.sql(lock)).bind(job.number);
    let complete = lock.fetch_one(&mut *transaction).await?.is_some();
    let query = sqlx::query_as::<_, (i64, String)>(job.schema.sql(known));
    let query = query.bind(job.number).bind(number(from));
    if let Some(known) = query.fetch_optional(&mut *transaction).await? {
        return compare(job, from, rows, &digest, &known);
    }
    if complete {
        return Err(other_rows(job, from));
    }
    insert(job, from, rows, &digest, &mut transaction).await?;
    Ok(transaction.commit().await?)
}

async fn insert(
    job: &PostgresJob,
    from: usize,
    rows: &[CardRow],
    digest: &str,
    transaction: &mut PgConnection,
) -> Result<(), PostgresJournalError> {
    let statement =
        "INSERT INTO @parts (job, first_row, row_count, digest) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(job.schema.sql(statement)).bind(job.number);
    let query = query.bind(number(from)).bind(number(rows.len()));
    query.bind(digest).execute(&mut *transaction).await?;

    let numbers: Vec<i64> = (from..from + rows.len()).map(number).collect();
    let references: Vec<&str> = rows.iter().map(|row| row.reference.as_str()).collect();
    let accounts: Vec<String> = rows.iter().map(|row| row.account.to_string()).collect();
    let orders = rows.iter().map(|row| {
        serde_json::to_string(&row.order)
            .expect("an order holds no map with keys that are not strings")
    });
    let orders: Vec<String> = orders.collect();
    let query = sqlx::query(job.schema.sql(INSERT_ROWS)).bind(job.number);
    let query = query.bind(numbers).bind(references).bind(accounts);
    query.bind(orders).execute(transaction).await?;
    Ok(())
}

fn compare(
    job: &PostgresJob,
    from: usize,
    rows: &[CardRow],
    digest: &str,
    (count, known): &(i64, String),
) -> Result<(), PostgresJournalError> {
    match *count == number(rows.len()) && known == digest {
        true => Ok(()),
        false => Err(other_rows(job, from)),
    }
}

fn other_rows(job: &PostgresJob, from: usize) -> PostgresJournalError {
    PostgresJournalError::OtherRows {
        job: job.name.clone(),
        from: from as u64,
    }
}

/// A number of rows as the table has it.
fn number(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
