//! How much there is: entities by state, and what waits.

use super::sql::{self, AssertSqlSafe, Connection, Row};
use super::{StoreError, rows};

/// How many entities of a kind are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Count {
    /// The table: `customers`, ….
    pub(crate) table: &'static str,
    pub(crate) state: String,
    pub(crate) count: u64,
}

const COUNTED: [&str; 5] = [
    "customers",
    "accounts",
    "cards",
    "authorisations",
    "transactions",
];

/// All entities by kind and state. It reads the whole of each table.
pub(crate) async fn counts(conn: &mut Connection) -> Result<Vec<Count>, StoreError> {
    let mut counts = Vec::new();
    for table in COUNTED {
        let query = format!("SELECT status, count(*) AS count FROM {table} GROUP BY status");
        let found = rows::all(conn, sql::query(AssertSqlSafe(query)), |row| {
            Ok((row.try_get::<String>("status")?, number(row, "count")?))
        });
        counts.extend(found.await?.into_iter().map(|(state, count)| Count {
            table,
            state,
            count,
        }));
    }
    Ok(counts)
}

/// How many deliveries wait, and how many steps.
pub(crate) async fn waiting(conn: &mut Connection) -> Result<(u64, u64), StoreError> {
    let query = "SELECT (SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL) AS deliveries, \
                 (SELECT count(*) FROM scheduled_steps) AS steps";
    let row = sql::query(query).fetch_one(conn).await?;
    Ok((number(&row, "deliveries")?, number(&row, "steps")?))
}

fn number(row: &Row, column: &str) -> Result<u64, sqlx::Error> {
    Ok(row.try_get::<i64>(column)?.unsigned_abs())
}
