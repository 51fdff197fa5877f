//! The programme: its credentials and what its tokens are made with.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sql::{self, Connection};
use super::{StoreError, control, rows};
use crate::secrets::SecretHash;
use crate::tokens::TokenKey;

/// The API credentials in force.
pub(crate) struct StoredCredentials {
    pub(crate) api_key: Uuid,
    pub(crate) secret: SecretHash,
}

/// Whether the database has been given its programme. It never is twice.
pub(crate) async fn exists(conn: &mut Connection) -> Result<bool, StoreError> {
    Ok(sql::query("SELECT 1 FROM programme")
        .fetch_optional(conn)
        .await?
        .is_some())
}

/// Makes the programme, with the secret that signs its tokens.
pub(crate) async fn create(
    conn: &mut Connection,
    token_secret: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO programme (id, token_secret, token_epoch, created_at) VALUES (1, $1, 1, $2)",
    )
    .bind(token_secret)
    .bind(rows::micros(now))
    .write(&mut *conn)
    .await?;
    control::access_changed(conn).await
}

pub(crate) async fn token_key(conn: &mut Connection) -> Result<TokenKey, StoreError> {
    let row = sql::query("SELECT token_secret, token_epoch FROM programme")
        .fetch_one(conn)
        .await?;
    let secret = row.try_get("token_secret")?;
    Ok(TokenKey::new(secret, row.try_get("token_epoch")?))
}

/// Revokes every token issued so far.
pub(crate) async fn revoke_tokens(conn: &mut Connection) -> Result<(), StoreError> {
    sql::query("UPDATE programme SET token_epoch = token_epoch + 1")
        .write(&mut *conn)
        .await?;
    control::access_changed(conn).await
}

pub(crate) async fn credentials(
    conn: &mut Connection,
) -> Result<Option<StoredCredentials>, StoreError> {
    let query = sql::query("SELECT * FROM credentials");
    let Some(row) = query.fetch_optional(conn).await? else {
        return Ok(None);
    };
    let secret = SecretHash {
        scheme: rows::numbered(&row, "secret_scheme")?,
        salt: row.try_get("secret_salt")?,
        hash: row.try_get("secret_hash")?,
    };
    Ok(Some(StoredCredentials {
        api_key: rows::parsed(&row, "api_key")?,
        secret,
    }))
}

/// Replaces the credentials by these.
pub(crate) async fn replace_credentials(
    conn: &mut Connection,
    credentials: &StoredCredentials,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO credentials (id, api_key, secret_scheme, secret_salt, secret_hash) \
         VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET api_key = excluded.api_key, \
         secret_scheme = excluded.secret_scheme, secret_salt = excluded.secret_salt, \
         secret_hash = excluded.secret_hash",
    )
    .bind(credentials.api_key.to_string())
    .bind(credentials.secret.scheme as i64)
    .bind(&credentials.secret.salt)
    .bind(&credentials.secret.hash)
    .write(conn)
    .await?;
    Ok(())
}

/// Removes the credentials; `false` when `api_key` is not theirs.
pub(crate) async fn delete_credentials(
    conn: &mut Connection,
    api_key: Uuid,
) -> Result<bool, StoreError> {
    let query = sql::query("DELETE FROM credentials WHERE api_key = $1").bind(api_key.to_string());
    Ok(query.execute(conn).await?.rows_affected() == 1)
}
