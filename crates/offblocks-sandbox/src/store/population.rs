//! Many customers with their accounts and cards at once.

use chrono::{DateTime, Utc};
use offblocks_types::Customer;
use rust_decimal::Decimal;

use super::StoreError;
use super::accounts::AccountRecord;
use super::cards::CardRecord;
use super::ledger::Book;
use super::rows::{self, InactiveCause};
use super::sql::{Connection, Value};
use super::transfer::{self, Cells};

/// A customer with one account and one card.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) customer: Customer,
    pub(crate) account: AccountRecord,
    pub(crate) card: CardRecord,
}

const CUSTOMER: &[&str] = &[
    "id",
    "external_id",
    "chain_id",
    "chain_key",
    "status",
    "created_at",
    "updated_at",
];
const ACCOUNT: &[&str] = &[
    "id",
    "customer_id",
    "chain_id",
    "status",
    "inactive_cause",
    "type",
    "currency",
    "created_at",
    "updated_at",
];
const CARD: &[&str] = &[
    "id",
    "account_id",
    "type",
    "name",
    "network",
    "masked_pan",
    "expiration_date",
    "billing_address",
    "status",
    "inactive_cause",
    "created_at",
    "updated_at",
];
const POSTING: &[&str] = &["account_id", "from_book", "to_book", "amount", "created_at"];

/// Writes them, and the first balance of each account. They cause no events.
pub(crate) async fn insert(
    conn: &mut Connection,
    holders: &[Holder],
    balance: Decimal,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let customers = rows_of(holders, |holder| customer(&holder.customer));
    transfer::insert(conn, "customers", CUSTOMER, customers).await?;
    let accounts = rows_of(holders, |holder| account(&holder.account));
    transfer::insert(conn, "accounts", ACCOUNT, accounts).await?;
    let cards = rows_of(holders, |holder| card(&holder.card));
    transfer::insert(conn, "cards", CARD, cards).await?;
    if balance.is_zero() {
        return Ok(());
    }
    let books = all_books(holders, balance);
    transfer::insert(
        conn,
        "ledger_books",
        &["account_id", "book", "amount"],
        books,
    )
    .await?;
    let postings = all_postings(holders, balance, now);
    transfer::insert(conn, "ledger_postings", POSTING, postings).await
}

fn rows_of(holders: &[Holder], row: fn(&Holder) -> Cells) -> Vec<Cells> {
    holders.iter().map(row).collect()
}

fn all_books(holders: &[Holder], balance: Decimal) -> Vec<Cells> {
    let books = holders.iter().flat_map(|holder| books(holder, balance));
    books.collect()
}

fn all_postings(holders: &[Holder], balance: Decimal, now: DateTime<Utc>) -> Vec<Cells> {
    let postings = holders.iter().map(|holder| posting(holder, balance, now));
    postings.collect()
}

fn customer(customer: &Customer) -> Cells {
    let chain_id = customer.chain_id.to_string();
    vec![
        Value::from(customer.id.to_string()),
        Value::from(&customer.external_id),
        Value::from(&chain_id),
        Value::from(chain_id.to_lowercase()),
        Value::from(customer.status.as_str()),
        Value::from(rows::micros(customer.created_at)),
        Value::from(rows::micros(customer.updated_at)),
    ]
}

fn account(record: &AccountRecord) -> Cells {
    let account = &record.account;
    vec![
        Value::from(account.id.to_string()),
        Value::from(account.customer_id.to_string()),
        Value::from(account.chain_id.as_ref().map(ToString::to_string)),
        Value::from(account.status.as_str()),
        Value::from(record.inactive_cause.map(InactiveCause::as_str)),
        Value::from(account.r#type.as_str()),
        Value::from(&record.currency),
        Value::from(rows::micros(account.created_at)),
        Value::from(rows::micros(account.updated_at)),
    ]
}

fn card(record: &CardRecord) -> Cells {
    let card = &record.card;
    vec![
        Value::from(card.id.to_string()),
        Value::from(card.account_id.to_string()),
        Value::from(card.r#type.as_str()),
        Value::from(&card.name),
        Value::from(card.network.as_ref().map(|network| network.as_str())),
        Value::from(&card.masked_pan),
        Value::from(&card.expiration_date),
        Value::from(rows::to_json(&card.billing_address)),
        Value::from(card.status.as_str()),
        Value::from(record.inactive_cause.map(InactiveCause::as_str)),
        Value::from(rows::micros(card.created_at)),
        Value::from(rows::micros(card.updated_at)),
    ]
}

fn books(holder: &Holder, balance: Decimal) -> [Cells; 2] {
    let account = holder.account.account.id.to_string();
    [(Book::Outside, -balance), (Book::Available, balance)].map(|(book, amount)| {
        vec![
            Value::from(&account),
            Value::from(book.as_str()),
            Value::from(amount.to_string()),
        ]
    })
}

fn posting(holder: &Holder, balance: Decimal, now: DateTime<Utc>) -> Cells {
    vec![
        Value::from(holder.account.account.id.to_string()),
        Value::from(Book::Outside.as_str()),
        Value::from(Book::Available.as_str()),
        Value::from(balance.to_string()),
        Value::from(rows::micros(now)),
    ]
}
