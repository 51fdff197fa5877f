//! The public keys that requests are signed with. A programme may have several at once.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sql::{self, Connection};
use super::{StoreError, control, rows};

/// Adds a key, or replaces the one of this id.
pub(crate) async fn put(
    conn: &mut Connection,
    id: Uuid,
    spki_pem: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO signing_keys (id, spki_pem, created_at) VALUES ($1, $2, $3) \
         ON CONFLICT (id) DO UPDATE SET spki_pem = excluded.spki_pem, \
         created_at = excluded.created_at",
    )
    .bind(id.to_string())
    .bind(spki_pem)
    .bind(rows::micros(now))
    .write(&mut *conn)
    .await?;
    control::access_changed(conn).await
}

/// The PEM of a key's public half.
pub(crate) async fn find(conn: &mut Connection, id: Uuid) -> Result<Option<String>, StoreError> {
    let query = sql::query("SELECT spki_pem FROM signing_keys WHERE id = $1").bind(id.to_string());
    let row = query.fetch_optional(conn).await?;
    Ok(row.map(|row| row.try_get("spki_pem")).transpose()?)
}

/// Removes a key; `false` when there is none of this id.
pub(crate) async fn delete(conn: &mut Connection, id: Uuid) -> Result<bool, StoreError> {
    let query = sql::query("DELETE FROM signing_keys WHERE id = $1").bind(id.to_string());
    let deleted = query.execute(&mut *conn).await?.rows_affected();
    control::access_changed(conn).await?;
    Ok(deleted == 1)
}
