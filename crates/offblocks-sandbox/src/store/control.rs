//! What the control plane keeps: texts by name.

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
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what is kept under this name.
pub(crate) async fn remove(conn: &mut Connection, name: &str) -> Result<(), StoreError> {
    let query = sql::query("DELETE FROM control WHERE name = $1").bind(name);
    query.execute(conn).await?;
    Ok(())
}
