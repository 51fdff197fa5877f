//! Cards.

use offblocks_types::{
    AccountId, AccountStatus, Card, CardId, CardStatus, CardType, CustomerStatus,
};

use super::StoreError;
use super::rows::{self, InactiveCause};
use super::sql::{self, Connection, Row};

/// A card, with what only the sandbox stores of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CardRecord {
    pub(crate) card: Card,
    /// What deactivated it, while it is inactive.
    pub(crate) inactive_cause: Option<InactiveCause>,
}

/// What decides whether an account gets another card, and whether that is issued.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) account: AccountStatus,
    pub(crate) customer: CustomerStatus,
    /// The cards that the account has.
    pub(crate) cards: Vec<(CardType, CardStatus)>,
}

/// Who holds an account's cards, read with one statement.
pub(crate) async fn holder(
    conn: &mut Connection,
    id: AccountId,
) -> Result<Option<Holder>, StoreError> {
    let query = sql::query(
        "SELECT a.status AS account, o.status AS customer, c.type, c.status FROM accounts AS a \
         JOIN customers AS o ON o.id = a.customer_id \
         LEFT JOIN cards AS c ON c.account_id = a.id WHERE a.id = $1",
    );
    let found = query.bind(id.to_string()).fetch_all(conn).await?;
    let Some(first) = found.first() else {
        return Ok(None);
    };
    let card = |row| match rows::parsed_option(row, "type")? {
        Some(kind) => Ok(Some((kind, rows::parsed(row, "status")?))),
        None => Ok(None),
    };
    let cards = found.iter().filter_map(|row| card(row).transpose());
    Ok(Some(Holder {
        account: rows::parsed(first, "account")?,
        customer: rows::parsed(first, "customer")?,
        cards: cards.collect::<Result<_, sqlx::Error>>()?,
    }))
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
    .write(conn)
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
    .write(conn)
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
