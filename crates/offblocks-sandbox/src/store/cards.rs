//! Cards.

use offblocks_types::{AccountId, Card, CardId};

use super::StoreError;
use super::rows::{self, InactiveCause};
use super::sql::{self, Connection, Row};

/// A card and what the sandbox alone knows of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CardRecord {
    pub(crate) card: Card,
    /// What deactivated it, while it is inactive.
    pub(crate) inactive_cause: Option<InactiveCause>,
}

pub(super) async fn insert(conn: &mut Connection, record: &CardRecord) -> Result<(), StoreError> {
    let card = &record.card;
    sql::query(
        "INSERT INTO cards (id, account_id, type, billing_address, status, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(card.id.to_string())
    .bind(card.account_id.to_string())
    .bind(card.r#type.as_str())
    .bind(rows::to_json(&card.billing_address))
    .bind(card.status.as_str())
    .bind(rows::micros(card.created_at))
    .bind(rows::micros(card.updated_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what changes in a card's life.
pub(super) async fn update(conn: &mut Connection, record: &CardRecord) -> Result<(), StoreError> {
    let card = &record.card;
    sql::query(
        "UPDATE cards SET name = $1, network = $2, masked_pan = $3, expiration_date = $4, status = $5, \
         inactive_cause = $6, updated_at = $7 WHERE id = $8",
    )
    .bind(&card.name)
    .bind(card.network.as_ref().map(|network| network.as_str()))
    .bind(&card.masked_pan)
    .bind(&card.expiration_date)
    .bind(card.status.as_str())
    .bind(record.inactive_cause.map(InactiveCause::as_str))
    .bind(rows::micros(card.updated_at))
    .bind(card.id.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut Connection,
    id: CardId,
) -> Result<Option<CardRecord>, StoreError> {
    let query = sql::query("SELECT * FROM cards WHERE id = $1").bind(id.to_string());
    rows::one(conn, query, from_row).await
}

/// All of them, in the order of creation.
pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<CardRecord>, StoreError> {
    rows::all(
        conn,
        sql::query("SELECT * FROM cards ORDER BY seq"),
        from_row,
    )
    .await
}

/// An account's cards, in the order of creation.
pub(crate) async fn of_account(
    conn: &mut Connection,
    id: AccountId,
) -> Result<Vec<CardRecord>, StoreError> {
    let query = sql::query("SELECT * FROM cards WHERE account_id = $1 ORDER BY seq");
    rows::all(conn, query.bind(id.to_string()), from_row).await
}

pub(super) fn from_row(row: &Row) -> Result<CardRecord, sqlx::Error> {
    let mut card = Card::new(
        rows::parsed(row, "id")?,
        rows::parsed(row, "account_id")?,
        rows::parsed(row, "type")?,
        rows::parsed(row, "status")?,
        rows::instant(row, "created_at")?,
        rows::instant(row, "updated_at")?,
    );
    card.name = row.try_get("name")?;
    card.network = rows::parsed_option(row, "network")?;
    card.masked_pan = row.try_get("masked_pan")?;
    card.expiration_date = row.try_get("expiration_date")?;
    card.billing_address = rows::json(row, "billing_address")?;
    Ok(CardRecord {
        card,
        inactive_cause: rows::parsed_option(row, "inactive_cause")?,
    })
}
