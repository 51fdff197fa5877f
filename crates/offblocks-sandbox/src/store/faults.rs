//! Calls that fail on purpose, as text, and how often each was met.

use super::sql::{self, Connection, Row};
use super::{StoreError, control, rows};

/// A fault as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) seq: i64,
    pub(crate) fault: String,
    pub(crate) matched: u64,
    pub(crate) applied: u64,
}

/// Adds a fault. Returns its number, which is never another one's.
pub(crate) async fn add(conn: &mut Connection, fault: &str) -> Result<i64, StoreError> {
    let query =
        sql::query("INSERT INTO faults (fault, matched, applied) VALUES ($1, 0, 0) RETURNING seq");
    let row = query.bind(fault).fetch_one(&mut *conn).await?;
    control::changed(conn).await?;
    Ok(row.try_get("seq")?)
}

/// All of them, the oldest first.
pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<Kept>, StoreError> {
    let query = sql::query("SELECT seq, fault, matched, applied FROM faults ORDER BY seq");
    rows::all(conn, query, kept).await
}

/// One of them.
pub(crate) async fn find(conn: &mut Connection, seq: i64) -> Result<Option<Kept>, StoreError> {
    let query = sql::query("SELECT seq, fault, matched, applied FROM faults WHERE seq = $1");
    rows::one(conn, query.bind(seq), kept).await
}

/// Adds to how often a fault was met. Copies do not need to be read again for that.
pub(crate) async fn count(
    conn: &mut Connection,
    seq: i64,
    matched: u64,
    applied: u64,
) -> Result<(), StoreError> {
    let query = sql::query(
        "UPDATE faults SET matched = matched + $1, applied = applied + $2 WHERE seq = $3",
    );
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let query = query.bind(number(matched)).bind(number(applied)).bind(seq);
    query.write(conn).await?;
    Ok(())
}

/// Takes one back of how often a fault was applied.
pub(crate) async fn take_back(conn: &mut Connection, seq: i64) -> Result<(), StoreError> {
    let query =
        sql::query("UPDATE faults SET applied = applied - 1 WHERE seq = $1 AND applied > 0");
    query.bind(seq).write(conn).await?;
    Ok(())
}

/// Removes a fault. `false` where there is none of this number.
pub(crate) async fn remove(conn: &mut Connection, seq: i64) -> Result<bool, StoreError> {
    let query = sql::query("DELETE FROM faults WHERE seq = $1").bind(seq);
    let removed = query.execute(&mut *conn).await?.rows_affected();
    control::changed(conn).await?;
    Ok(removed > 0)
}

/// Removes all of them.
pub(crate) async fn clear(conn: &mut Connection) -> Result<(), StoreError> {
    sql::query("DELETE FROM faults").write(&mut *conn).await?;
    control::changed(conn).await
}

fn kept(row: &Row) -> Result<Kept, sqlx::Error> {
    let (matched, applied): (i64, i64) = (row.try_get("matched")?, row.try_get("applied")?);
    Ok(Kept {
        seq: row.try_get("seq")?,
        fault: row.try_get("fault")?,
        matched: matched.unsigned_abs(),
        applied: applied.unsigned_abs(),
    })
}
