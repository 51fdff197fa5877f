//! What the database holds so far, as a text that changes when something is added.

use super::StoreError;
use super::sql::{self, AssertSqlSafe, Connection};

/// The tables whose identifiers are drawn.
const TABLES: [&str; 7] = [
    "customers",
    "accounts",
    "cards",
    "authorisations",
    "transactions",
    "webhooks",
    "webhook_events",
];

/// The last row of every table whose identifiers are drawn. `None` while there are none at all.
pub(crate) async fn of(conn: &mut Connection) -> Result<Option<String>, StoreError> {
    let last = TABLES.map(|table| format!("(SELECT max(seq) FROM {table}) AS {table}, "));
    let last = last.concat();
    let text = format!("SELECT {last}(SELECT id FROM programme) AS programme");
    let query = sql::query(AssertSqlSafe(text));
    let row = query.fetch_one(conn).await?;
    if row.try_get::<Option<i64>>("programme")?.is_none() {
        return Ok(None);
    }
    let mut extent = String::from("after");
    for table in TABLES {
        let last: Option<i64> = row.try_get(table)?;
        extent += &format!(" {}", last.unwrap_or(0));
    }
    Ok(Some(extent))
}
