//! The ledger: books of each account, movements between them, and what authorisations hold.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use offblocks_types::{AccountId, AuthorisationId, Fee};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::sql::{self, Connection, Row};
use super::{StoreError, rows};

/// A book: where an account's money is, or where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Book {
    /// Where it came from: the negative of all that was paid in and not taken out.
    Outside,
    /// It can be spent.
    Available,
    /// Authorisations hold it.
    Held,
    Merchant,
    NetworkFee,
    ServiceFee,
    PartnerFee,
}

impl Book {
    const ALL: [Self; 7] = [
        Self::Outside,
        Self::Available,
        Self::Held,
        Self::Merchant,
        Self::NetworkFee,
        Self::ServiceFee,
        Self::PartnerFee,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Available => "available",
            Self::Held => "held",
            Self::Merchant => "merchant",
            Self::NetworkFee => "network_fee",
            Self::ServiceFee => "service_fee",
            Self::PartnerFee => "partner_fee",
        }
    }
}

/// The text in the database is not a book that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("unknown book")]
pub(crate) struct UnknownBook;

impl FromStr for Book {
    type Err = UnknownBook;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|book| book.as_str() == text).ok_or(UnknownBook)
    }
}

/// An account's books. One that was never written is zero.
pub(crate) type Books = BTreeMap<Book, Decimal>;

/// An amount that moves from one book to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Posting {
    pub(crate) from: Book,
    pub(crate) to: Book,
    pub(crate) amount: Decimal,
    /// The authorisation or transaction it moves for.
    pub(crate) entity: Option<Uuid>,
}

/// What an authorisation holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hold {
    /// All of it, fees included.
    pub(crate) amount: Decimal,
    pub(crate) fees: Vec<Fee>,
}

/// An account's books; empty for one that was never funded.
pub(crate) async fn books(conn: &mut Connection, id: AccountId) -> Result<Books, StoreError> {
    let query = sql::query("SELECT book, amount FROM ledger_books WHERE account_id = $1");
    let books = rows::all(conn, query.bind(id.to_string()), |row| {
        Ok((rows::parsed(row, "book")?, rows::parsed(row, "amount")?))
    })
    .await?;
    Ok(books.into_iter().collect())
}

/// A book in a row of an account's books, which an account without any leaves empty.
pub(super) fn book(row: &Row) -> Result<Option<(Book, Decimal)>, sqlx::Error> {
    let Some(book) = rows::parsed_option(row, "book")? else {
        return Ok(None);
    };
    Ok(Some((book, rows::parsed(row, "amount")?)))
}

/// Notes a movement between two different books, and what they hold after it.
pub(crate) async fn post(
    conn: &mut Connection,
    id: AccountId,
    posting: &Posting,
    after: &Books,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO ledger_postings \
         (account_id, from_book, to_book, amount, entity_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id.to_string())
    .bind(posting.from.as_str())
    .bind(posting.to.as_str())
    .bind(posting.amount.to_string())
    .bind(posting.entity.map(|id| id.to_string()))
    .bind(rows::micros(now))
    .write(&mut *conn)
    .await?;
    let amount = |book| after.get(&book).copied().unwrap_or_default().to_string();
    sql::query(
        "INSERT INTO ledger_books (account_id, book, amount) VALUES ($1, $2, $3), ($1, $4, $5) \
         ON CONFLICT (account_id, book) DO UPDATE SET amount = excluded.amount",
    )
    .bind(id.to_string())
    .bind(posting.from.as_str())
    .bind(amount(posting.from))
    .bind(posting.to.as_str())
    .bind(amount(posting.to))
    .write(conn)
    .await?;
    Ok(())
}

/// Every movement of an account, in order.
#[cfg(test)]
pub(crate) async fn postings(
    conn: &mut Connection,
    id: AccountId,
) -> Result<Vec<Posting>, StoreError> {
    let query = sql::query("SELECT * FROM ledger_postings WHERE account_id = $1 ORDER BY seq");
    rows::all(conn, query.bind(id.to_string()), |row| {
        Ok(Posting {
            from: rows::parsed(row, "from_book")?,
            to: rows::parsed(row, "to_book")?,
            amount: rows::parsed(row, "amount")?,
            entity: rows::parsed_option(row, "entity_id")?,
        })
    })
    .await
}

pub(crate) async fn insert_hold(
    conn: &mut Connection,
    id: AuthorisationId,
    hold: &Hold,
) -> Result<(), StoreError> {
    sql::query("INSERT INTO ledger_holds (authorisation_id, amount, fees) VALUES ($1, $2, $3)")
        .bind(id.to_string())
        .bind(hold.amount.to_string())
        .bind(rows::to_json(&hold.fees))
        .write(conn)
        .await?;
    Ok(())
}

/// Takes what an authorisation holds off the list. An authorisation that was made before there
/// was a ledger holds nothing.
pub(crate) async fn take_hold(
    conn: &mut Connection,
    id: AuthorisationId,
) -> Result<Option<Hold>, StoreError> {
    let query =
        sql::query("DELETE FROM ledger_holds WHERE authorisation_id = $1 RETURNING amount, fees");
    rows::one(conn, query.bind(id.to_string()), |row| {
        Ok(Hold {
            amount: rows::parsed(row, "amount")?,
            fees: rows::json(row, "fees")?,
        })
    })
    .await
}
