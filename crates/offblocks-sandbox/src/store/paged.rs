//! Tables that are read in pages, in the order of creation.

use offblocks_types::{Account, Card, Customer, Transaction};

use super::rows::Of;
use super::sql::{self, AssertSqlSafe, Connection, Row};
use super::{StoreError, accounts, cards, customers, transactions};

/// How many rows are read or written at a time.
pub(crate) const PAGE: usize = 500;

/// What the rows of a table are.
pub(crate) trait Paged: Sized + Send + Sync + 'static {
    /// The table.
    const TABLE: &'static str;

    /// Reads a row.
    fn read(row: &Row) -> Result<Self, sqlx::Error>;

    /// Adds what other tables hold of the rows of a page, which is not empty.
    fn complete(
        _conn: &mut Connection,
        _of: Of,
        _page: &mut [(i64, Self)],
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        std::future::ready(Ok(()))
    }
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

impl Paged for Transaction {
    const TABLE: &'static str = "transactions";

    fn read(row: &Row) -> Result<Self, sqlx::Error> {
        transactions::from_row(row)
    }

    async fn complete(
        conn: &mut Connection,
        of: Of,
        page: &mut [(i64, Self)],
    ) -> Result<(), StoreError> {
        transactions::complete(conn, of, page).await
    }
}

/// The rows after the one of this number, each with its own; zero for the first ones.
pub(crate) async fn page<T: Paged>(
    conn: &mut Connection,
    of: Of,
    after: i64,
) -> Result<Vec<(i64, T)>, StoreError> {
    let table = T::TABLE;
    let rows = match of {
        None => {
            let text = format!("SELECT * FROM {table} WHERE seq > $1 ORDER BY seq LIMIT {PAGE}");
            let query = sql::query(AssertSqlSafe(text)).bind(after);
            query.fetch_all(&mut *conn).await?
        }
        Some((column, id)) => {
            let text = format!(
                "SELECT * FROM {table} WHERE {column} = $1 AND seq > $2 ORDER BY seq LIMIT {PAGE}"
            );
            let query = sql::query(AssertSqlSafe(text)).bind(id.to_string());
            query.bind(after).fetch_all(&mut *conn).await?
        }
    };
    let mut page = read(&rows)?;
    if !page.is_empty() {
        T::complete(conn, of, &mut page).await?;
    }
    Ok(page)
}

fn read<T: Paged>(rows: &[Row]) -> Result<Vec<(i64, T)>, sqlx::Error> {
    let rows = rows.iter();
    rows.map(|row| Ok((row.try_get("seq")?, T::read(row)?)))
        .collect()
}
