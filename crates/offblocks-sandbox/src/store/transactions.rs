//! Transactions, with their fees and what happened on chain.

use std::collections::HashMap;

use offblocks_types::{
    AccountId, AuthorisationId, CardId, ChainTransaction, Fee, Transaction, TransactionId,
};
use uuid::Uuid;

use super::sql::{self, AssertSqlSafe, Connection, Row};
use super::{StoreError, rows};

pub(super) async fn insert(
    conn: &mut Connection,
    transaction: &Transaction,
) -> Result<(), StoreError> {
    insert_row(conn, transaction).await?;
    for fee in &transaction.fees {
        insert_fee(conn, transaction.id, fee).await?;
    }
    for link in &transaction.chain_transactions {
        add_chain_transaction(conn, transaction.id, link).await?;
    }
    Ok(())
}

/// Writes what changes in a transaction's life: its status and what happened on chain since.
pub(super) async fn update(
    conn: &mut Connection,
    transaction: &Transaction,
) -> Result<(), StoreError> {
    sql::query("UPDATE transactions SET status = $1, updated_at = $2 WHERE id = $3")
        .bind(transaction.status.as_str())
        .bind(rows::micros(transaction.updated_at))
        .bind(transaction.id.to_string())
        .write(&mut *conn)
        .await?;
    for link in &transaction.chain_transactions {
        add_chain_transaction(conn, transaction.id, link).await?;
    }
    Ok(())
}

/// Notes what happened on chain, unless that is known already.
async fn add_chain_transaction(
    conn: &mut Connection,
    id: TransactionId,
    link: &ChainTransaction,
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO chain_transactions (transaction_id, chain_id, created_at) \
         SELECT $1, $2, $3 WHERE NOT EXISTS \
         (SELECT 1 FROM chain_transactions WHERE transaction_id = $1 AND chain_id = $2)",
    )
    .bind(id.to_string())
    .bind(link.chain_id.to_string())
    .bind(rows::micros(link.created_at))
    .write(conn)
    .await?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut Connection,
    id: TransactionId,
) -> Result<Option<Transaction>, StoreError> {
    Ok(fetch(conn, Of::Transaction, id.into()).await?.pop())
}

/// An account's transactions, in the order of creation.
pub(crate) async fn of_account(
    conn: &mut Connection,
    id: AccountId,
) -> Result<Vec<Transaction>, StoreError> {
    fetch(conn, Of::Account, id.into()).await
}

/// A card's transactions, in the order of creation.
pub(crate) async fn of_card(
    conn: &mut Connection,
    id: CardId,
) -> Result<Vec<Transaction>, StoreError> {
    fetch(conn, Of::Card, id.into()).await
}

/// What became of an authorisation: the debit and its refunds, in the order of creation.
pub(crate) async fn of_authorisation(
    conn: &mut Connection,
    id: AuthorisationId,
) -> Result<Vec<Transaction>, StoreError> {
    fetch(conn, Of::Authorisation, id.into()).await
}

/// Whose transactions are asked for.
#[derive(Clone, Copy)]
enum Of {
    Transaction,
    Account,
    Card,
    Authorisation,
}

impl Of {
    /// The rows of a table that belong to these transactions: three queries, however many
    /// transactions there are.
    fn rows(self, table: &str) -> AssertSqlSafe<String> {
        let column = match self {
            Self::Transaction => "id",
            Self::Account => "account_id",
            Self::Card => "card_id",
            Self::Authorisation => "authorisation_id",
        };
        AssertSqlSafe(match table {
            "transactions" => {
                format!("SELECT * FROM transactions WHERE {column} = $1 ORDER BY seq")
            }
            part => format!(
                "SELECT part.* FROM {part} AS part \
                 JOIN transactions ON transactions.id = part.transaction_id \
                 WHERE transactions.{column} = $1 ORDER BY part.seq"
            ),
        })
    }
}

async fn insert_row(conn: &mut Connection, transaction: &Transaction) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO transactions (id, account_id, card_id, authorisation_id, status, direction, \
         amount, currency, merchant_amount, merchant_currency, exchange_rate, merchant, \
         token_amount, token, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(transaction.id.to_string())
    .bind(transaction.account_id.to_string())
    .bind(transaction.card_id.map(|id| id.to_string()))
    .bind(transaction.authorisation_id.map(|id| id.to_string()))
    .bind(transaction.status.as_str())
    .bind(transaction.direction.as_str())
    .bind(transaction.amount.to_string())
    .bind(&transaction.currency)
    .bind(transaction.merchant_amount.to_string())
    .bind(&transaction.merchant_currency)
    .bind(transaction.exchange_rate.to_string())
    .bind(rows::to_json(&transaction.merchant))
    .bind(transaction.token_amount.to_string())
    .bind(transaction.token.to_string())
    .bind(rows::micros(transaction.created_at))
    .bind(rows::micros(transaction.updated_at))
    .write(conn)
    .await?;
    Ok(())
}

async fn insert_fee(conn: &mut Connection, id: TransactionId, fee: &Fee) -> Result<(), StoreError> {
    sql::query("INSERT INTO fees (transaction_id, type, token_amount) VALUES ($1, $2, $3)")
        .bind(id.to_string())
        .bind(fee.r#type.as_str())
        .bind(fee.token_amount.to_string())
        .write(conn)
        .await?;
    Ok(())
}

async fn fetch(conn: &mut Connection, of: Of, id: Uuid) -> Result<Vec<Transaction>, StoreError> {
    let mut fees = parts(&mut *conn, of.rows("fees"), id, fee).await?;
    let mut links = parts(&mut *conn, of.rows("chain_transactions"), id, link).await?;
    let query = sql::query(of.rows("transactions")).bind(id.to_string());
    let mut found = Vec::new();
    for row in query.fetch_all(conn).await? {
        let mut transaction = from_row(&row)?;
        transaction.fees = fees.remove(&transaction.id).unwrap_or_default();
        transaction.chain_transactions = links.remove(&transaction.id).unwrap_or_default();
        found.push(transaction);
    }
    Ok(found)
}

/// Adds the fees and what happened on chain to the transactions of a page, which stand in their order:
/// two queries, however many there are.
pub(super) async fn complete(
    conn: &mut Connection,
    of: rows::Of,
    page: &mut [(i64, Transaction)],
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Ok(());
    };
    let range = (of, first.0, last.0);
    let mut fees = parts_between(&mut *conn, "fees", range, fee).await?;
    let mut links = parts_between(conn, "chain_transactions", range, link).await?;
    for (_, transaction) in page {
        transaction.fees = fees.remove(&transaction.id).unwrap_or_default();
        transaction.chain_transactions = links.remove(&transaction.id).unwrap_or_default();
    }
    Ok(())
}

/// What a table holds beside an owner's transactions of these numbers and those between them.
async fn parts_between<T>(
    conn: &mut Connection,
    table: &str,
    (of, first, last): (rows::Of, i64, i64),
    part: fn(&Row) -> Result<T, sqlx::Error>,
) -> Result<HashMap<TransactionId, Vec<T>>, StoreError> {
    let owner = of.map(|(column, _)| format!("AND transactions.{column} = $3"));
    let owner = owner.unwrap_or_default();
    let query = format!(
        "SELECT part.* FROM {table} AS part \
         JOIN transactions ON transactions.id = part.transaction_id \
         WHERE transactions.seq >= $1 AND transactions.seq <= $2 {owner} ORDER BY part.seq"
    );
    let query = sql::query(AssertSqlSafe(query)).bind(first).bind(last);
    let query = match of {
        Some((_, id)) => query.bind(id.to_string()),
        None => query,
    };
    Ok(by_transaction(&query.fetch_all(conn).await?, part)?)
}

/// What a table holds beside the transactions, for each of them in the order of creation.
async fn parts<T>(
    conn: &mut Connection,
    query: AssertSqlSafe<String>,
    id: Uuid,
    part: fn(&Row) -> Result<T, sqlx::Error>,
) -> Result<HashMap<TransactionId, Vec<T>>, StoreError> {
    let query = sql::query(query).bind(id.to_string());
    Ok(by_transaction(&query.fetch_all(conn).await?, part)?)
}

fn by_transaction<T>(
    rows: &[Row],
    part: fn(&Row) -> Result<T, sqlx::Error>,
) -> Result<HashMap<TransactionId, Vec<T>>, sqlx::Error> {
    let mut parts = HashMap::<_, Vec<T>>::new();
    for row in rows {
        let of = rows::parsed(row, "transaction_id")?;
        parts.entry(of).or_default().push(part(row)?);
    }
    Ok(parts)
}

fn fee(row: &Row) -> Result<Fee, sqlx::Error> {
    Ok(Fee::new(
        rows::parsed(row, "type")?,
        rows::parsed(row, "token_amount")?,
    ))
}

fn link(row: &Row) -> Result<ChainTransaction, sqlx::Error> {
    Ok(ChainTransaction::new(
        rows::parsed(row, "chain_id")?,
        rows::instant(row, "created_at")?,
    ))
}

/// The row alone: its fees and what happened on chain are in tables of their own.
pub(super) fn from_row(row: &Row) -> Result<Transaction, sqlx::Error> {
    let mut transaction = Transaction::new(
        rows::parsed(row, "id")?,
        rows::parsed(row, "account_id")?,
        rows::parsed(row, "status")?,
        rows::parsed(row, "direction")?,
        rows::parsed(row, "amount")?,
        row.try_get::<String>("currency")?,
        rows::parsed(row, "merchant_amount")?,
        row.try_get::<String>("merchant_currency")?,
        rows::parsed(row, "exchange_rate")?,
        rows::json(row, "merchant")?,
        rows::parsed(row, "token_amount")?,
        rows::parsed(row, "token")?,
        Vec::<Fee>::new(),
        Vec::<ChainTransaction>::new(),
        rows::instant(row, "created_at")?,
        rows::instant(row, "updated_at")?,
    );
    transaction.card_id = rows::parsed_option(row, "card_id")?;
    transaction.authorisation_id = rows::parsed_option(row, "authorisation_id")?;
    Ok(transaction)
}
