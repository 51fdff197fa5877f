//! Tables that are read in pages, in the order of creation.

use offblocks_types::{Account, Card, Customer};

use super::sql::{self, AssertSqlSafe, Connection, Row};
use super::{StoreError, accounts, cards, customers};

/// How many rows a page has.
pub(crate) const PAGE: usize = 500;

/// What the rows of a table are.
pub(crate) trait Paged: Sized + Send + Sync + 'static {
    /// The table.
    const TABLE: &'static str;

    /// Reads a row.
    fn read(row: &Row) -> Result<Self, sqlx::Error>;
}

impl Paged for Customer {
    const TABLE: &'static str = "customers";

    fn read(row: &Row) -> Result<Self, sqlx::Error> {
        customers::from_row(row)
    }
}

impl Paged for Account {
    const TABLE: &'static str = "accounts";

    fn read(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(accounts::from_row(row)?.account)
    }
}

impl Paged for Card {
    const TABLE: &'static str = "cards";

    fn read(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(cards::from_row(row)?.card)
    }
}

/// The rows after the one of this number, each with its own; zero for the first ones.
pub(crate) async fn page<T: Paged>(
    conn: &mut Connection,
    after: i64,
) -> Result<Vec<(i64, T)>, StoreError> {
    let table = T::TABLE;
    let text = format!("SELECT * FROM {table} WHERE seq > $1 ORDER BY seq LIMIT {PAGE}");
    let rows = sql::query(AssertSqlSafe(text))
        .bind(after)
        .fetch_all(conn)
        .await?;
    Ok(read(&rows)?)
}

fn read<T: Paged>(rows: &[Row]) -> Result<Vec<(i64, T)>, sqlx::Error> {
    let rows = rows.iter();
    rows.map(|row| Ok((row.try_get("seq")?, T::read(row)?)))
        .collect()
}
