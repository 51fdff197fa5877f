//! Rows of any table, read in pages and written in batches, as plain values.

use std::fmt::Write as _;

use super::error::broken_rule;
use super::paged::PAGE;
use super::sql::{self, AssertSqlSafe, Connection, Query, Row, Value};
use super::tables::{Kind, Subject, TABLES, Table};
use super::{Reader, StoreError};

/// How many arguments one statement may have in both databases; SQLite takes the fewest.
const ARGUMENTS: usize = 32_766;

/// A row's values, in the order of the columns that were asked for.
pub(crate) type Cells = Vec<Value>;

/// The rows after one with this key, or the first ones, in the order of the key.
pub(crate) async fn page(
    conn: &mut Connection,
    table: &Table,
    after: Option<&Cells>,
) -> Result<Vec<Cells>, StoreError> {
    let text = selection(table, after.is_some());
    let after = after.cloned().unwrap_or_default();
    let query = after
        .into_iter()
        .fold(sql::query(AssertSqlSafe(text)), Query::bind);
    let rows = query.fetch_all(conn).await?;
    read(&rows, table)
}

fn selection(table: &Table, goes_on: bool) -> String {
    let columns = table.columns.iter().map(|&(name, _)| name);
    let (columns, key) = (columns.collect::<Vec<_>>().join(", "), table.key.join(", "));
    let begin = if goes_on {
        let places = (1..=table.key.len()).map(|number| format!("${number}"));
        format!(
            "WHERE ({key}) > ({}) ",
            places.collect::<Vec<_>>().join(", ")
        )
    } else {
        String::new()
    };
    let name = table.name;
    format!("SELECT {columns} FROM {name} {begin}ORDER BY {key} LIMIT {PAGE}")
}

fn read(rows: &[Row], table: &Table) -> Result<Vec<Cells>, StoreError> {
    let cells = rows.iter().map(|row| cells(row, table));
    Ok(cells.collect::<Result<_, _>>()?)
}

/// A row's values of the table's key, to continue after it.
pub(crate) fn key_of(table: &Table, row: &Cells) -> Cells {
    let place = |key: &&str| table.columns.iter().position(|(name, _)| name == key);
    let places = table.key.iter().filter_map(place);
    places.map(|place| row[place].clone()).collect()
}

/// Rows cannot be written.
#[derive(Debug)]
pub(crate) enum NotWritten {
    /// One of them breaks a rule of its table.
    Row {
        /// Its place among the rows, from 0.
        place: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The database failed.
    Store(StoreError),
}

impl From<sqlx::Error> for NotWritten {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// As [`insert`], for rows that others made: an error says which of them the database does not take.
/// The transaction is to be rolled back then.
pub(crate) async fn insert_foreign(
    conn: &mut Connection,
    table: &str,
    columns: &[&str],
    mut rows: Vec<Cells>,
) -> Result<(), NotWritten> {
    conn.forget_kept();
    let needs_guard = conn.dialect().is_stopped_by_errors();
    let mut place = 0;
    while !rows.is_empty() {
        let rest = rows.split_off(most(columns).min(rows.len()));
        let batch = std::mem::replace(&mut rows, rest);
        let length = batch.len();
        if needs_guard {
            conn.run("SAVEPOINT guard").await?;
        }
        let written = filled(table, columns, batch.clone()).execute(conn).await;
        if let Err(error) = written {
            if broken_rule(&error).is_none() {
                return Err(error.into());
            }
            if needs_guard {
                conn.run("ROLLBACK TO guard").await?;
            }
            return Err(first_refused(conn, table, columns, batch, place).await);
        }
        if needs_guard {
            conn.run("RELEASE guard").await?;
        }
        place += length;
    }
    Ok(())
}

/// Which of these rows is the first that cannot be written. The first of all is at `place`.
async fn first_refused(
    conn: &mut Connection,
    table: &str,
    columns: &[&str],
    rows: Vec<Cells>,
    place: usize,
) -> NotWritten {
    for (number, row) in rows.into_iter().enumerate() {
        if let Err(error) = filled(table, columns, vec![row]).execute(conn).await {
            return match broken_rule(&error) {
                Some(reason) => NotWritten::Row {
                    place: place + number,
                    reason,
                },
                None => error.into(),
            };
        }
    }
    // Each can be written by itself, but not all of them at once.
    let reason = "the database does not take it together with those after it";
    NotWritten::Row { place, reason }
}

/// Writes rows of these columns, in as few statements as can be.
pub(crate) async fn insert(
    conn: &mut Connection,
    table: &str,
    columns: &[&str],
    mut rows: Vec<Cells>,
) -> Result<(), StoreError> {
    conn.forget_kept();
    while !rows.is_empty() {
        let rest = rows.split_off(most(columns).min(rows.len()));
        let batch = std::mem::replace(&mut rows, rest);
        filled(table, columns, batch).execute(conn).await?;
    }
    Ok(())
}

/// How many rows one statement may write.
fn most(columns: &[&str]) -> usize {
    (ARGUMENTS / columns.len().max(1)).min(PAGE)
}

/// Lets the next rows have numbers behind those that were written with theirs.
pub(crate) async fn renumber(conn: &mut Connection) -> Result<(), StoreError> {
    for table in TABLES.iter().filter(|table| table.key == ["seq"]) {
        if let Some(text) = conn.dialect().renumber(table.name) {
            let query = sql::query(AssertSqlSafe(text));
            query.fetch_all(conn).await?;
        }
    }
    Ok(())
}

/// Removes every row of the tables of these subjects.
pub(crate) async fn clear(conn: &mut Connection, subjects: &[Subject]) -> Result<(), StoreError> {
    conn.forget_kept();
    for table in TABLES.iter().rev() {
        if subjects.contains(&table.subject) {
            let text = format!("DELETE FROM {}", table.name);
            sql::query(AssertSqlSafe(text)).execute(conn).await?;
        }
    }
    Ok(())
}

/// The last `seq` of a table, zero where it is empty.
pub(crate) async fn last_seq(conn: &mut Connection, table: &str) -> Result<i64, StoreError> {
    let text = format!("SELECT max(seq) AS seq FROM {table}");
    let row = sql::query(AssertSqlSafe(text)).fetch_one(conn).await?;
    Ok(row.try_get::<Option<i64>>("seq")?.unwrap_or(0))
}

fn filled(table: &str, columns: &[&str], rows: Vec<Cells>) -> Query {
    let text = statement(table, columns, rows.len());
    let values = rows.into_iter().flatten();
    values.fold(sql::query(AssertSqlSafe(text)), Query::bind)
}

fn statement(table: &str, columns: &[&str], rows: usize) -> String {
    let mut text = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    let mut number = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            number += 1;
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a text cannot fail.
            let _ = write!(text, "{comma}${number}");
        }
        text.push(')');
    }
    text
}

fn cells(row: &Row, table: &Table) -> Result<Cells, sqlx::Error> {
    let cell = |&(name, kind): &(&str, Kind)| {
        Ok(match kind {
            Kind::Text => Value::Text(row.try_get(name)?),
            Kind::Integer => Value::Integer(row.try_get(name)?),
            Kind::Bytes => Value::Bytes(row.try_get(name)?),
        })
    };
    table.columns.iter().map(cell).collect()
}

impl Reader {
    /// Lets the reads from here on see one state of the database, until [`Reader::release`]. The
    /// only connection of a database in memory is not used by others meanwhile.
    pub(crate) async fn hold(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Own(connection) => {
                let begin = connection.dialect().hold();
                connection.set_held(true);
                Ok(connection.run(begin).await?)
            }
            Self::Shared(_) => Ok(()),
        }
    }

    /// Lets the connection see what others write again.
    pub(crate) async fn release(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Own(connection) => {
                connection.run("ROLLBACK").await?;
                connection.set_held(false);
                Ok(())
            }
            Self::Shared(_) => Ok(()),
        }
    }
}
