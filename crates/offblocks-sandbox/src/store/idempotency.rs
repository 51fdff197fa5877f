//! Stored responses, which are returned when a call is repeated under its key.

use chrono::{DateTime, Utc};
use offblocks_server::{Claim, StoredResponse};

use super::sql::{self, Connection};
use super::{StoreError, rows};

/// A response, and the fingerprint of its call.
pub(crate) struct Remembered {
    pub(crate) fingerprint: String,
    pub(crate) response: StoredResponse,
}

/// What is remembered of a key that still lives.
pub(crate) async fn find(
    conn: &mut Connection,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<Option<Remembered>, StoreError> {
    let query =
        sql::query("SELECT * FROM idempotency WHERE scope = $1 AND key = $2 AND expires_at > $3")
            .bind(&claim.scope)
            .bind(claim.key.to_string())
            .bind(rows::micros(now));
    let Some(row) = query.fetch_optional(conn).await? else {
        return Ok(None);
    };
    let response = StoredResponse {
        status: row.try_get("status")?,
        content_type: row.try_get("content_type")?,
        body: row.try_get::<Vec<u8>>("body")?.into(),
    };
    Ok(Some(Remembered {
        fingerprint: row.try_get("fingerprint")?,
        response,
    }))
}

/// Remembers a response until `expires_at`.
pub(crate) async fn insert(
    conn: &mut Connection,
    claim: &Claim,
    response: &StoredResponse,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO idempotency \
         (scope, key, fingerprint, status, content_type, body, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, key) DO UPDATE SET \
         fingerprint = excluded.fingerprint, status = excluded.status, \
         content_type = excluded.content_type, body = excluded.body, \
         expires_at = excluded.expires_at",
    )
    .bind(&claim.scope)
    .bind(claim.key.to_string())
    .bind(claim.fingerprint.as_str())
    .bind(response.status)
    .bind(&response.content_type)
    .bind(&response.body[..])
    .bind(rows::micros(expires_at))
    .write(conn)
    .await?;
    Ok(())
}

/// Forgets the keys whose time is over.
pub(crate) async fn forget(conn: &mut Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    let query = sql::query("DELETE FROM idempotency WHERE expires_at <= $1");
    query.bind(rows::micros(now)).write(conn).await?;
    Ok(())
}
