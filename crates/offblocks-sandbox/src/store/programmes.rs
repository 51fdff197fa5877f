//! Which programmes a PostgreSQL database has, and in which schemas.

use super::sql::{self, Connection, Row};
use super::{StoreError, control, rows};

/// What is done with a programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// A process makes its schema.
    Making,
    /// It can be used.
    Ready,
    /// A process drops its schema.
    Dropping,
}

impl State {
    const ALL: [Self; 3] = [Self::Making, Self::Ready, Self::Dropping];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Making => "making",
            Self::Ready => "ready",
            Self::Dropping => "dropping",
        }
    }
}

/// A programme as it is listed.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) schema: String,
    /// `None` where another version knows more.
    pub(crate) state: Option<State>,
}

/// All of them, in the order of their names.
pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<Listed>, StoreError> {
    let query = sql::query("SELECT name, schema_name, state FROM programmes ORDER BY name");
    rows::all(conn, query, listed).await
}

/// One of them.
pub(crate) async fn find(conn: &mut Connection, name: &str) -> Result<Option<Listed>, StoreError> {
    let query = sql::query("SELECT name, schema_name, state FROM programmes WHERE name = $1");
    rows::one(conn, query.bind(name), listed).await
}

/// Lists one that is being made.
pub(crate) async fn add(conn: &mut Connection, name: &str, schema: &str) -> Result<(), StoreError> {
    sql::query("INSERT INTO programmes (name, schema_name, state) VALUES ($1, $2, $3)")
        .bind(name)
        .bind(schema)
        .bind(State::Making.as_str())
        .write(conn)
        .await?;
    Ok(())
}

/// Says what is done with a programme from now on.
pub(crate) async fn set(conn: &mut Connection, name: &str, state: State) -> Result<(), StoreError> {
    sql::query("UPDATE programmes SET state = $1 WHERE name = $2")
        .bind(state.as_str())
        .bind(name)
        .write(&mut *conn)
        .await?;
    control::changed(conn).await
}

/// Lists a programme no longer.
pub(crate) async fn remove(conn: &mut Connection, name: &str) -> Result<(), StoreError> {
    let query = sql::query("DELETE FROM programmes WHERE name = $1").bind(name);
    query.write(&mut *conn).await?;
    control::changed(conn).await
}

fn listed(row: &Row) -> Result<Listed, sqlx::Error> {
    let state: String = row.try_get("state")?;
    Ok(Listed {
        name: row.try_get("name")?,
        schema: row.try_get("schema_name")?,
        state: State::ALL.into_iter().find(|known| known.as_str() == state),
    })
}
