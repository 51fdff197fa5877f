//! Columns to values and back.

use std::error::Error;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::StoreError;
use super::sql::{Connection, Query, Row};

type Column<T> = Result<T, sqlx::Error>;

/// Whose rows are asked for: a column and its value; all rows without it.
pub(crate) type Of = Option<(&'static str, Uuid)>;

/// What a query finds, if anything.
pub(super) async fn one<T>(
    conn: &mut Connection,
    query: Query,
    read: fn(&Row) -> Column<T>,
) -> Result<Option<T>, StoreError> {
    let row = query.fetch_optional(conn).await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// Everything a query finds, in its order.
pub(super) async fn all<T>(
    conn: &mut Connection,
    query: Query,
    read: fn(&Row) -> Column<T>,
) -> Result<Vec<T>, StoreError> {
    let rows = query.fetch_all(conn).await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

/// An instant as the database keeps it: microseconds, like the service's own responses from the
/// second read on.
pub(super) fn micros(instant: DateTime<Utc>) -> i64 {
    instant.timestamp_micros()
}

pub(super) fn instant(row: &Row, column: &str) -> Column<DateTime<Utc>> {
    let micros = row.try_get::<i64>(column)?;
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| unreadable(column, "instant out of range"))
}

/// An instant that may be NULL.
pub(super) fn instant_option(row: &Row, column: &str) -> Column<Option<DateTime<Utc>>> {
    match row.try_get::<Option<i64>>(column)? {
        Some(_) => instant(row, column).map(Some),
        None => Ok(None),
    }
}

/// A text column read by `FromStr`.
pub(super) fn parsed<T>(row: &Row, column: &str) -> Column<T>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    parse(column, row.try_get::<&str>(column)?)
}

/// A text column that may be NULL.
pub(super) fn parsed_option<T>(row: &Row, column: &str) -> Column<Option<T>>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    row.try_get::<Option<&str>>(column)?
        .map(|text| parse(column, text))
        .transpose()
}

/// A number column that stands for one of a few values.
pub(super) fn numbered<T>(row: &Row, column: &str) -> Column<T>
where
    T: TryFrom<i64>,
    T::Error: Error + Send + Sync + 'static,
{
    let number = row.try_get::<i64>(column)?;
    number.try_into().map_err(|error| unreadable(column, error))
}

/// A text column that holds JSON.
pub(super) fn json<T: DeserializeOwned>(row: &Row, column: &str) -> Column<T> {
    serde_json::from_str(row.try_get::<&str>(column)?).map_err(|error| unreadable(column, error))
}

pub(super) fn json_option<T: DeserializeOwned>(row: &Row, column: &str) -> Column<Option<T>> {
    let text = row.try_get::<Option<&str>>(column)?;
    let value = text.map(serde_json::from_str).transpose();
    value.map_err(|error| unreadable(column, error))
}

pub(super) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("contract types have string keys only")
}

fn parse<T>(column: &str, text: &str) -> Column<T>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| unreadable(column, error))
}

fn unreadable(column: &str, error: impl Into<Box<dyn Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: error.into(),
    }
}

/// What made an account or a card inactive. Activating a customer or an account reactivates only
/// what its own deactivation made inactive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InactiveCause {
    /// A call on the entity itself.
    Own,
    /// The account it belongs to.
    Account,
    /// The customer it belongs to.
    Customer,
}

impl InactiveCause {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Account => "account",
            Self::Customer => "customer",
        }
    }
}

/// The text in the database is not a cause that this version knows.
#[derive(Debug, thiserror::Error)]
#[error("unknown cause of inactivity")]
pub(crate) struct UnknownCause;

impl FromStr for InactiveCause {
    type Err = UnknownCause;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Own, Self::Account, Self::Customer];
        all.into_iter()
            .find(|cause| cause.as_str() == text)
            .ok_or(UnknownCause)
    }
}
