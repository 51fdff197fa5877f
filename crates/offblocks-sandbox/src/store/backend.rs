//! Either database, as the task that writes and those who read need it.

use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};

use super::connect::Connector;
use super::file::DatabaseFile;
use super::sql::{Connection, Dialect};
use super::{StoreError, postgres};

/// Opens the connection that writes.
#[derive(Debug)]
pub(super) enum Backend {
    Sqlite(Box<Connector>),
    Postgres(Arc<postgres::Connector>),
}

impl Backend {
    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Whether the database is still the one that was opened.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connector) => connector.check(),
            Self::Postgres(_) => Ok(()),
        }
    }

    pub(super) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        match self {
            Self::Sqlite(connector) => connector.connect().await,
            Self::Postgres(connector) => Ok(Connection::Postgres(connector.connect().await?)),
        }
    }
}

/// The connections that only read.
#[derive(Debug, Clone)]
pub(super) enum Readers {
    /// A database in memory has one connection for everybody.
    None,
    /// Those of a file, which is locked as long as this lives.
    Sqlite(SqlitePool, Arc<DatabaseFile>),
    Postgres(PgPool, Arc<postgres::Connector>),
}

impl Readers {
    /// A connection; `None` where there are none but the one that writes.
    pub(super) async fn acquire(&self) -> Result<Option<Connection>, StoreError> {
        match self {
            Self::None => Ok(None),
            Self::Sqlite(pool, file) => {
                file.check()?;
                Ok(Some(Connection::SqliteReader(pool.acquire().await?)))
            }
            Self::Postgres(pool, connector) => match pool.acquire().await {
                Ok(connection) => Ok(Some(Connection::PostgresReader(connection))),
                Err(error) => Err(connector.explain(error).await),
            },
        }
    }

    /// A connection that shows one state of the database, whatever is committed meanwhile; `None`
    /// where there are none but the one that writes.
    pub(super) async fn snapshot(&self) -> Result<Option<Connection>, StoreError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        match self {
            Self::None => Ok(None),
            Self::Sqlite(pool, file) => {
                file.check()?;
                Ok(Some(Connection::SqliteSnapshot(pool.begin().await?)))
            }
            Self::Postgres(pool, connector) => match pool.begin_with(begin).await {
                Ok(transaction) => Ok(Some(Connection::PostgresSnapshot(transaction))),
                Err(error) => Err(connector.explain(error).await),
            },
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::None => {}
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}
