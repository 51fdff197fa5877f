//! Authorisations.

use offblocks_types::{
    AccountId, AccountStatus, Authorisation, AuthorisationId, CardId, CardStatus, CustomerStatus,
};

use super::ledger::{self, Books};
use super::sql::{self, Connection, Row};
use super::{StoreError, rows};

/// What decides whether a card pays: its state and those of whose it is, and what the account holds.
#[derive(Debug)]
pub(crate) struct Payer {
    pub(crate) account_id: AccountId,
    pub(crate) card: CardStatus,
    /// The last month in which the card works, as the contract writes it.
    pub(crate) expiration_date: Option<String>,
    pub(crate) account: AccountStatus,
    pub(crate) customer: CustomerStatus,
    /// The account's only currency.
    pub(crate) currency: String,
    /// The account's books; empty for one that was never funded.
    pub(crate) books: Books,
}

/// Who pays with this card, read with one statement.
pub(crate) async fn payer(conn: &mut Connection, id: CardId) -> Result<Option<Payer>, StoreError> {
    let query = sql::query(
        "SELECT c.account_id, c.status AS card, c.expiration_date, a.status AS account, \
         o.status AS customer, a.currency, b.book, b.amount FROM cards AS c \
         JOIN accounts AS a ON a.id = c.account_id JOIN customers AS o ON o.id = a.customer_id \
         LEFT JOIN ledger_books AS b ON b.account_id = a.id WHERE c.id = $1",
    );
    let found = query.bind(id.to_string()).fetch_all(conn).await?;
    let Some(first) = found.first() else {
        return Ok(None);
    };
    let books = found.iter().filter_map(|row| ledger::book(row).transpose());
    Ok(Some(Payer {
        account_id: rows::parsed(first, "account_id")?,
        card: rows::parsed(first, "card")?,
        expiration_date: first.try_get("expiration_date")?,
        account: rows::parsed(first, "account")?,
        customer: rows::parsed(first, "customer")?,
        currency: first.try_get("currency")?,
        books: books.collect::<Result<_, sqlx::Error>>()?,
    }))
}

pub(super) async fn insert(
    conn: &mut Connection,
    authorisation: &Authorisation,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO authorisations (id, account_id, card_id, status, amount, currency, \
         merchant_amount, merchant_currency, exchange_rate, merchant, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(authorisation.id.to_string())
    .bind(authorisation.account_id.to_string())
    .bind(authorisation.card_id.map(|id| id.to_string()))
    .bind(authorisation.status.as_str())
    .bind(authorisation.amount.to_string())
    .bind(&authorisation.currency)
    .bind(authorisation.merchant_amount.to_string())
    .bind(&authorisation.merchant_currency)
    .bind(authorisation.exchange_rate.to_string())
    .bind(rows::to_json(&authorisation.merchant))
    .bind(rows::micros(authorisation.created_at))
    .bind(rows::micros(authorisation.updated_at))
    .write(conn)
    .await?;
    Ok(())
}

/// Writes what changes in an authorisation's life.
pub(super) async fn update(
    conn: &mut Connection,
    authorisation: &Authorisation,
) -> Result<(), StoreError> {
    sql::query("UPDATE authorisations SET status = $1, updated_at = $2 WHERE id = $3")
        .bind(authorisation.status.as_str())
        .bind(rows::micros(authorisation.updated_at))
        .bind(authorisation.id.to_string())
        .write(conn)
        .await?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut Connection,
    id: AuthorisationId,
) -> Result<Option<Authorisation>, StoreError> {
    let query = sql::query("SELECT * FROM authorisations WHERE id = $1").bind(id.to_string());
    rows::one(conn, query, from_row).await
}

pub(super) fn from_row(row: &Row) -> Result<Authorisation, sqlx::Error> {
    let mut authorisation = Authorisation::new(
        rows::parsed(row, "id")?,
        rows::parsed(row, "account_id")?,
        rows::parsed(row, "status")?,
        rows::parsed(row, "amount")?,
        row.try_get::<String>("currency")?,
        rows::parsed(row, "merchant_amount")?,
        row.try_get::<String>("merchant_currency")?,
        rows::parsed(row, "exchange_rate")?,
        rows::json(row, "merchant")?,
        rows::instant(row, "created_at")?,
        rows::instant(row, "updated_at")?,
    );
    authorisation.card_id = rows::parsed_option(row, "card_id")?;
    Ok(authorisation)
}
