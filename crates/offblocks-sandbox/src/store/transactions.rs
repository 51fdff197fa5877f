//! Transactions, with their fees and what happened on chain.

use offblocks_types::{AccountId, CardId, ChainTransaction, Fee, Transaction, TransactionId};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row as _, Sqlite, SqliteConnection};

use super::{StoreError, rows};

pub(crate) async fn insert(
    conn: &mut SqliteConnection,
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

/// Writes what changes in a transaction's life.
pub(crate) async fn update(
    conn: &mut SqliteConnection,
    transaction: &Transaction,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE transactions SET status = ?, updated_at = ? WHERE id = ?")
        .bind(transaction.status.as_str())
        .bind(rows::micros(transaction.updated_at))
        .bind(transaction.id.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes what happened on chain.
pub(crate) async fn add_chain_transaction(
    conn: &mut SqliteConnection,
    id: TransactionId,
    link: &ChainTransaction,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO chain_transactions (transaction_id, chain_id, created_at) VALUES (?, ?, ?)",
    )
    .bind(id.to_string())
    .bind(link.chain_id.to_string())
    .bind(rows::micros(link.created_at))
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut SqliteConnection,
    id: TransactionId,
) -> Result<Option<Transaction>, StoreError> {
    let query = sqlx::query("SELECT * FROM transactions WHERE id = ?").bind(id.to_string());
    Ok(fetch(conn, query).await?.pop())
}

/// An account's transactions, in the order of creation.
pub(crate) async fn of_account(
    conn: &mut SqliteConnection,
    id: AccountId,
) -> Result<Vec<Transaction>, StoreError> {
    let query = sqlx::query("SELECT * FROM transactions WHERE account_id = ? ORDER BY seq");
    fetch(conn, query.bind(id.to_string())).await
}

/// A card's transactions, in the order of creation.
pub(crate) async fn of_card(
    conn: &mut SqliteConnection,
    id: CardId,
) -> Result<Vec<Transaction>, StoreError> {
    let query = sqlx::query("SELECT * FROM transactions WHERE card_id = ? ORDER BY seq");
    fetch(conn, query.bind(id.to_string())).await
}

async fn insert_row(
    conn: &mut SqliteConnection,
    transaction: &Transaction,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO transactions (id, account_id, card_id, authorisation_id, status, direction, \
         amount, currency, merchant_amount, merchant_currency, exchange_rate, merchant, \
         token_amount, token, created_at, updated_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_fee(
    conn: &mut SqliteConnection,
    id: TransactionId,
    fee: &Fee,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO fees (transaction_id, type, token_amount) VALUES (?, ?, ?)")
        .bind(id.to_string())
        .bind(fee.r#type.as_str())
        .bind(fee.token_amount.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

async fn fetch(
    conn: &mut SqliteConnection,
    query: sqlx::query::Query<'_, Sqlite, SqliteArguments>,
) -> Result<Vec<Transaction>, StoreError> {
    let mut found = Vec::new();
    for row in query.fetch_all(&mut *conn).await? {
        let mut transaction = from_row(&row)?;
        transaction.fees = fees(conn, transaction.id).await?;
        transaction.chain_transactions = chain_transactions(conn, transaction.id).await?;
        found.push(transaction);
    }
    Ok(found)
}

async fn fees(conn: &mut SqliteConnection, id: TransactionId) -> Result<Vec<Fee>, StoreError> {
    let query = sqlx::query("SELECT * FROM fees WHERE transaction_id = ? ORDER BY seq");
    let rows = query.bind(id.to_string()).fetch_all(conn).await?;
    let fee = |row: &SqliteRow| {
        Ok(Fee {
            r#type: rows::parsed(row, "type")?,
            token_amount: rows::parsed(row, "token_amount")?,
        })
    };
    Ok(rows.iter().map(fee).collect::<Result<_, sqlx::Error>>()?)
}

async fn chain_transactions(
    conn: &mut SqliteConnection,
    id: TransactionId,
) -> Result<Vec<ChainTransaction>, StoreError> {
    let query =
        sqlx::query("SELECT * FROM chain_transactions WHERE transaction_id = ? ORDER BY seq");
    let rows = query.bind(id.to_string()).fetch_all(conn).await?;
    let link = |row: &SqliteRow| {
        Ok(ChainTransaction {
            chain_id: rows::parsed(row, "chain_id")?,
            created_at: rows::instant(row, "created_at")?,
        })
    };
    Ok(rows.iter().map(link).collect::<Result<_, sqlx::Error>>()?)
}

/// The row alone: its fees and what happened on chain are in tables of their own.
fn from_row(row: &SqliteRow) -> Result<Transaction, sqlx::Error> {
    Ok(Transaction {
        id: rows::parsed(row, "id")?,
        account_id: rows::parsed(row, "account_id")?,
        card_id: rows::parsed_option(row, "card_id")?,
        authorisation_id: rows::parsed_option(row, "authorisation_id")?,
        status: rows::parsed(row, "status")?,
        direction: rows::parsed(row, "direction")?,
        amount: rows::parsed(row, "amount")?,
        currency: row.try_get("currency")?,
        merchant_amount: rows::parsed(row, "merchant_amount")?,
        merchant_currency: row.try_get("merchant_currency")?,
        exchange_rate: rows::parsed(row, "exchange_rate")?,
        merchant: rows::json(row, "merchant")?,
        token_amount: rows::parsed(row, "token_amount")?,
        token: rows::parsed(row, "token")?,
        fees: Vec::new(),
        chain_transactions: Vec::new(),
        created_at: rows::instant(row, "created_at")?,
        updated_at: rows::instant(row, "updated_at")?,
    })
}
