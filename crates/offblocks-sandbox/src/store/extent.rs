//! How far the database has been filled, as text that differs once something was added.

use super::StoreError;
use super::sql::{self, Connection};

/// The last row of every table whose identifiers are drawn. `None` while there are none at all.
pub(crate) async fn of(conn: &mut Connection) -> Result<Option<String>, StoreError> {
    const TABLES: [&str; 7] = [
        "customers",
        "accounts",
        "cards",
        "authorisations",
        "transactions",
        "webhooks",
        "webhook_events",
    ];
    let query = sql::query(
        "SELECT (SELECT max(seq) FROM customers) AS customers, \
         (SELECT max(seq) FROM accounts) AS accounts, (SELECT max(seq) FROM cards) AS cards, \
         (SELECT max(seq) FROM authorisations) AS authorisations, \
         (SELECT max(seq) FROM transactions) AS transactions, \
         (SELECT max(seq) FROM webhooks) AS webhooks, \
         (SELECT max(seq) FROM webhook_events) AS webhook_events, \
         (SELECT id FROM programme) AS programme",
    );
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
