//! What the tables' modules have between them and sqlx: a connection to either database, a query
//! whose arguments are values of four types, and rows that are read by column name.
//!
//! One text of SQL serves both databases, so it is what both take: `$1`, `ON CONFLICT`,
//! `RETURNING`, and columns of the types `TEXT`, `INTEGER` (64 bits) and `BLOB`. What differs
//! between the two is in [`dialect`].

mod connection;
mod dialect;
mod query;
mod row;
mod run;
mod value;
mod writing;

use std::future::Future;
use std::time::Duration;

pub(crate) use connection::Connection;
pub(super) use dialect::Dialect;
pub(crate) use query::{Query, query};
pub(crate) use row::Row;
pub(crate) use sqlx::AssertSqlSafe;
pub(crate) use value::Value;
pub(super) use writing::Writing;

/// How long a server may take for a statement. Its own limit is shorter, so this is reached only
/// when it cannot be heard.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

/// Without a limit, a server that does not respond or a broken network would block the caller for ever.
async fn in_time<T>(query: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    match tokio::time::timeout(WAIT_TIMEOUT, query).await {
        Ok(done) => done,
        Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}
