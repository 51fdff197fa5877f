//! Customers.

use offblocks_types::{Customer, CustomerId};

use super::sql::{self, Connection, Row};
use super::{StoreError, rows};

pub(super) async fn insert(conn: &mut Connection, customer: &Customer) -> Result<(), StoreError> {
    let chain_id = customer.chain_id.to_string();
    sql::query(
        "INSERT INTO customers (id, external_id, chain_id, chain_key, status, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(customer.id.to_string())
    .bind(&customer.external_id)
    .bind(&chain_id)
    .bind(chain_id.to_lowercase())
    .bind(customer.status.as_str())
    .bind(rows::micros(customer.created_at))
    .bind(rows::micros(customer.updated_at))
    .write(conn)
    .await?;
    Ok(())
}

/// Writes what changes in a customer's life.
pub(super) async fn update(conn: &mut Connection, customer: &Customer) -> Result<(), StoreError> {
    sql::query("UPDATE customers SET status = $1, updated_at = $2 WHERE id = $3")
        .bind(customer.status.as_str())
        .bind(rows::micros(customer.updated_at))
        .bind(customer.id.to_string())
        .write(conn)
        .await?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut Connection,
    id: CustomerId,
) -> Result<Option<Customer>, StoreError> {
    let query = sql::query("SELECT * FROM customers WHERE id = $1").bind(id.to_string());
    rows::one(conn, query, from_row).await
}

/// The customer that already has this external id or this address, in any spelling.
pub(crate) async fn find_same(
    conn: &mut Connection,
    external_id: &str,
    chain_id: &str,
) -> Result<Option<Customer>, StoreError> {
    let query =
        sql::query("SELECT * FROM customers WHERE external_id = $1 OR chain_key = $2 LIMIT 1")
            .bind(external_id)
            .bind(chain_id.to_lowercase());
    rows::one(conn, query, from_row).await
}

/// All of them, in the order of creation.
pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<Customer>, StoreError> {
    let query = sql::query("SELECT * FROM customers ORDER BY seq");
    rows::all(conn, query, from_row).await
}

pub(super) fn from_row(row: &Row) -> Result<Customer, sqlx::Error> {
    Ok(Customer::new(
        rows::parsed(row, "id")?,
        row.try_get::<String>("external_id")?,
        rows::parsed(row, "chain_id")?,
        rows::parsed(row, "status")?,
        rows::instant(row, "created_at")?,
        rows::instant(row, "updated_at")?,
    ))
}
