//! Ownership challenges: at most one current one for each customer and account.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sql::{self, Connection};
use super::{StoreError, rows};

/// A challenge as issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// The customer or account it was issued for.
    pub(crate) owner_id: Uuid,
    /// The EIP-4361 text to sign.
    pub(crate) message: String,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) signed: bool,
}

/// Makes this the owner's only challenge.
pub(crate) async fn replace(
    conn: &mut Connection,
    challenge: &Challenge,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO challenges (owner_id, message, expires_at, signed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (owner_id) DO UPDATE SET message = excluded.message, \
         expires_at = excluded.expires_at, signed = excluded.signed",
    )
    .bind(challenge.owner_id.to_string())
    .bind(&challenge.message)
    .bind(rows::micros(challenge.expires_at))
    .bind(challenge.signed)
    .write(conn)
    .await?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut Connection,
    owner_id: Uuid,
) -> Result<Option<Challenge>, StoreError> {
    let query =
        sql::query("SELECT * FROM challenges WHERE owner_id = $1").bind(owner_id.to_string());
    let Some(row) = query.fetch_optional(conn).await? else {
        return Ok(None);
    };
    Ok(Some(Challenge {
        owner_id,
        message: row.try_get("message")?,
        expires_at: rows::instant(&row, "expires_at")?,
        signed: row.try_get("signed")?,
    }))
}
