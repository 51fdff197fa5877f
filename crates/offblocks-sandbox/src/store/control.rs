//! What the control plane keeps: texts by name.
//!
//! Each change raises a revision. A commit shows it, so that each process that holds a copy reads again what
//! is kept, in every process.

use super::StoreError;
use super::sql::{self, Connection};

/// What is kept under this name.
pub(crate) async fn get(conn: &mut Connection, name: &str) -> Result<Option<String>, StoreError> {
    let query = sql::query("SELECT value FROM control WHERE name = $1").bind(name);
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| row.try_get("value")).transpose()?)
}

/// Keeps this under the name, in the place of what was.
pub(crate) async fn put(conn: &mut Connection, name: &str, value: &str) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO control (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .write(&mut *conn)
    .await?;
    changed(conn).await
}

/// Raises the revision: something changed that copies are held of.
pub(super) async fn changed(conn: &mut Connection) -> Result<(), StoreError> {
    raise(conn, "revision").await
}

/// Raises the revision of who may call: the secret of tokens or a signing key changed.
pub(crate) async fn access_changed(conn: &mut Connection) -> Result<(), StoreError> {
    if let Some(kept) = conn.kept() {
        kept.access = None;
    }
    raise(conn, "access").await
}

/// The revision of who may call.
pub(crate) async fn access(conn: &mut Connection) -> Result<i64, StoreError> {
    if let Some(revision) = conn.kept().and_then(|kept| kept.access) {
        return Ok(revision);
    }
    let revision = number(get(conn, "access").await?);
    if let Some(kept) = conn.kept() {
        kept.access = Some(revision);
    }
    Ok(revision)
}

/// A revision as it is kept; zero before the first change.
pub(super) fn number(revision: Option<String>) -> i64 {
    revision.map_or(0, |text| text.parse().unwrap_or_default())
}

async fn raise(conn: &mut Connection, name: &str) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO control (name, value) VALUES ($1, '1') \
         ON CONFLICT (name) DO UPDATE SET value = \
         CAST(CAST(control.value AS BIGINT) + 1 AS TEXT)",
    )
    .bind(name)
    .write(conn)
    .await?;
    Ok(())
}
