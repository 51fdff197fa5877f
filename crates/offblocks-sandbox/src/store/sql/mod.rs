//! What the tables' modules have between them and sqlx: a connection to either database, a query
//! whose arguments are values of four types, and rows that are read by column name.
//!
//! One text of SQL serves both databases, so it is what both take: `$1`, `ON CONFLICT`,
//! `RETURNING`, and columns of the types `TEXT`, `INTEGER` (64 bits) and `BLOB`.

mod connection;
mod query;
mod row;
mod value;

pub(crate) use connection::Connection;
pub(crate) use query::{Query, query};
pub(crate) use row::Row;
pub(crate) use sqlx::AssertSqlSafe;
pub(crate) use value::Value;
