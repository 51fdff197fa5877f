//! Webhook subscriptions, and the key that their deliveries are signed with.

use chrono::{DateTime, Utc};
use offblocks_types::support::Secret;
use offblocks_types::{Webhook, WebhookId, WebhookType};
use uuid::Uuid;

use super::sql::{self, Connection, Row};
use super::{StoreError, rows};

/// The key that deliveries are signed with, and the name that verifiers know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredKey {
    pub(crate) id: Uuid,
    /// The private key as PKCS#8 PEM.
    pub(crate) pem: Secret,
}

pub(crate) async fn key(conn: &mut Connection) -> Result<Option<StoredKey>, StoreError> {
    let query = sql::query("SELECT key_id, private_pem FROM webhook_key");
    rows::one(conn, query, |row| {
        Ok(StoredKey {
            id: rows::parsed(row, "key_id")?,
            pem: row.try_get::<String>("private_pem")?.into(),
        })
    })
    .await
}

/// Gives the database its key. It never gets another one.
pub(crate) async fn insert_key(
    conn: &mut Connection,
    key: &StoredKey,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO webhook_key (id, key_id, private_pem, created_at) VALUES (1, $1, $2, $3)",
    )
    .bind(key.id.to_string())
    .bind(key.pem.expose())
    .bind(rows::micros(now))
    .write(conn)
    .await?;
    Ok(())
}

pub(crate) async fn insert(conn: &mut Connection, webhook: &Webhook) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO webhooks (id, callback_url, created_at, updated_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(webhook.id.to_string())
    .bind(webhook.callback_url.as_str())
    .bind(rows::micros(webhook.created_at))
    .bind(rows::micros(webhook.updated_at))
    .write(&mut *conn)
    .await?;
    insert_types(conn, webhook).await
}

/// Replaces a subscription's URL and types.
pub(crate) async fn update(conn: &mut Connection, webhook: &Webhook) -> Result<(), StoreError> {
    let id = webhook.id.to_string();
    sql::query("UPDATE webhooks SET callback_url = $1, updated_at = $2 WHERE id = $3")
        .bind(webhook.callback_url.as_str())
        .bind(rows::micros(webhook.updated_at))
        .bind(&id)
        .write(&mut *conn)
        .await?;
    let query = sql::query("DELETE FROM webhook_types WHERE webhook_id = $1").bind(id);
    query.write(&mut *conn).await?;
    insert_types(conn, webhook).await
}

/// Removes a subscription; `false` when there is none.
pub(crate) async fn delete(conn: &mut Connection, id: WebhookId) -> Result<bool, StoreError> {
    wanted_changed(conn);
    let query = sql::query("DELETE FROM webhooks WHERE id = $1").bind(id.to_string());
    Ok(query.execute(conn).await?.rows_affected() == 1)
}

pub(crate) async fn find(
    conn: &mut Connection,
    id: WebhookId,
) -> Result<Option<Webhook>, StoreError> {
    let query = sql::query("SELECT * FROM webhooks WHERE id = $1").bind(id.to_string());
    let Some(mut webhook) = rows::one(conn, query, from_row).await? else {
        return Ok(None);
    };
    let query = sql::query("SELECT type FROM webhook_types WHERE webhook_id = $1 ORDER BY seq");
    let kind = |row: &Row| rows::parsed(row, "type");
    webhook.types = rows::all(conn, query.bind(id.to_string()), kind).await?;
    Ok(Some(webhook))
}

/// All of them, in the order of creation.
pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<Webhook>, StoreError> {
    let query = sql::query("SELECT * FROM webhooks ORDER BY seq");
    let mut webhooks = rows::all(conn, query, from_row).await?;
    let query = sql::query("SELECT webhook_id, type FROM webhook_types ORDER BY seq");
    let types = rows::all(conn, query, |row| {
        Ok((
            rows::parsed::<WebhookId>(row, "webhook_id")?,
            rows::parsed(row, "type")?,
        ))
    })
    .await?;
    for (id, kind) in types {
        if let Some(webhook) = webhooks.iter_mut().find(|webhook| webhook.id == id) {
            webhook.types.push(kind);
        }
    }
    Ok(webhooks)
}

/// What types of events are wanted has to be read again.
fn wanted_changed(conn: &mut Connection) {
    if let Some(kept) = conn.kept() {
        kept.wanted = None;
    }
}

async fn insert_types(conn: &mut Connection, webhook: &Webhook) -> Result<(), StoreError> {
    wanted_changed(conn);
    for kind in &webhook.types {
        sql::query("INSERT INTO webhook_types (webhook_id, type) VALUES ($1, $2)")
            .bind(webhook.id.to_string())
            .bind(kind.as_str())
            .write(&mut *conn)
            .await?;
    }
    Ok(())
}

/// The row alone: its types are in a table of their own.
fn from_row(row: &Row) -> Result<Webhook, sqlx::Error> {
    Ok(Webhook::new(
        rows::parsed(row, "id")?,
        row.try_get::<String>("callback_url")?,
        Vec::<WebhookType>::new(),
        rows::instant(row, "created_at")?,
        rows::instant(row, "updated_at")?,
    ))
}
