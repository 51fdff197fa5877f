//! Accounts.

use offblocks_types::{Account, AccountId, CustomerId};

use super::StoreError;
use super::rows::{self, InactiveCause};
use super::sql::{self, Connection, Row};

/// An account, with what only the sandbox stores of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AccountRecord {
    pub(crate) account: Account,
    /// The account's only currency.
    pub(crate) currency: String,
    /// What deactivated it, while it is inactive.
    pub(crate) inactive_cause: Option<InactiveCause>,
}

pub(super) async fn insert(
    conn: &mut Connection,
    record: &AccountRecord,
) -> Result<(), StoreError> {
    let account = &record.account;
    sql::query(
        "INSERT INTO accounts (id, customer_id, status, type, currency, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(account.id.to_string())
    .bind(account.customer_id.to_string())
    .bind(account.status.as_str())
    .bind(account.r#type.as_str())
    .bind(&record.currency)
    .bind(rows::micros(account.created_at))
    .bind(rows::micros(account.updated_at))
    .write(conn)
    .await?;
    Ok(())
}

/// Writes what changes in an account's life.
pub(super) async fn update(
    conn: &mut Connection,
    record: &AccountRecord,
) -> Result<(), StoreError> {
    let account = &record.account;
    sql::query(
        "UPDATE accounts SET chain_id = $1, status = $2, inactive_cause = $3, updated_at = $4 \
         WHERE id = $5",
    )
    .bind(account.chain_id.as_ref().map(ToString::to_string))
    .bind(account.status.as_str())
    .bind(record.inactive_cause.map(InactiveCause::as_str))
    .bind(rows::micros(account.updated_at))
    .bind(account.id.to_string())
    .write(conn)
    .await?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut Connection,
    id: AccountId,
) -> Result<Option<AccountRecord>, StoreError> {
    let query = sql::query("SELECT * FROM accounts WHERE id = $1").bind(id.to_string());
    rows::one(conn, query, from_row).await
}

/// All of them, in the order of creation.
pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<AccountRecord>, StoreError> {
    rows::all(
        conn,
        sql::query("SELECT * FROM accounts ORDER BY seq"),
        from_row,
    )
    .await
}

/// A customer's accounts, in the order of creation.
pub(crate) async fn of_customer(
    conn: &mut Connection,
    id: CustomerId,
) -> Result<Vec<AccountRecord>, StoreError> {
    let query = sql::query("SELECT * FROM accounts WHERE customer_id = $1 ORDER BY seq");
    rows::all(conn, query.bind(id.to_string()), from_row).await
}

pub(super) fn from_row(row: &Row) -> Result<AccountRecord, sqlx::Error> {
    let currency: String = row.try_get("currency")?;
    let mut account = Account::new(
        rows::parsed(row, "id")?,
        rows::parsed(row, "customer_id")?,
        rows::parsed(row, "status")?,
        rows::parsed(row, "type")?,
        rows::instant(row, "created_at")?,
        rows::instant(row, "updated_at")?,
    );
    account.chain_id = rows::parsed_option(row, "chain_id")?;
    account.currencies = Some(vec![currency.clone()]);
    let inactive_cause = rows::parsed_option(row, "inactive_cause")?;
    Ok(AccountRecord {
        account,
        currency,
        inactive_cause,
    })
}
