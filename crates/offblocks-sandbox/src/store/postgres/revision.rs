//! Which revision of the control plane's settings each process on a schema uses.
//!
//! A process holds a shared advisory lock with the number of the revision, in its session. So whoever
//! changes a setting sees which processes do not use it yet. The server releases the lock of a process
//! that ends, so that no change waits for it.

use sqlx::PgExecutor;

use crate::store::sql::{self, Connection};

/// Says that this session uses another revision than before.
pub(super) async fn replace<'c, C>(
    connection: &'c mut C,
    before: Option<i64>,
    now: Option<i64>,
) -> Result<(), sqlx::Error>
where
    for<'a> &'a mut C: PgExecutor<'a>,
{
    if before == now {
        return Ok(());
    }
    if let Some(now) = now {
        hold(&mut *connection, now).await?;
    }
    match before {
        Some(before) => release(&mut *connection, before).await,
        None => Ok(()),
    }
}

/// Says that this session uses the revision.
pub(super) async fn hold(
    connection: impl PgExecutor<'_>,
    revision: i64,
) -> Result<(), sqlx::Error> {
    let query = "SELECT pg_advisory_lock_shared(\
                 hashtext('offblocks settings ' || current_schema()), $1)";
    change(connection, query, revision).await
}

async fn release(connection: impl PgExecutor<'_>, revision: i64) -> Result<(), sqlx::Error> {
    let query = "SELECT pg_advisory_unlock_shared(\
                 hashtext('offblocks settings ' || current_schema()), $1)";
    change(connection, query, revision).await
}

/// Whether a process on the schema still uses an earlier revision.
pub(in crate::store) async fn is_behind(
    conn: &mut Connection,
    revision: i64,
) -> Result<bool, sqlx::Error> {
    // The server shows the two numbers of such a lock as unsigned ones of 32 bits.
    let query = sql::query(
        "SELECT count(*) AS behind FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND classid::BIGINT = \
         (hashtext('offblocks settings ' || current_schema())::BIGINT & 4294967295) \
         AND objid::BIGINT < $1",
    );
    let row = query
        .bind(i64::from(number(revision)))
        .fetch_one(conn)
        .await?;
    Ok(row.try_get::<i64>("behind")? > 0)
}

async fn change(
    connection: impl PgExecutor<'_>,
    query: &'static str,
    revision: i64,
) -> Result<(), sqlx::Error> {
    let query = sqlx::query(query).bind(number(revision));
    query.execute(connection).await.map(drop)
}

/// The revision as the number of a lock, which has 31 bits without the sign.
fn number(revision: i64) -> i32 {
    i32::try_from(revision & i64::from(i32::MAX)).expect("31 bits are left")
}
