//! Either database, as the task that writes and those who read need it.

use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};

use super::connect::Connector;
use super::file::DatabaseFile;
use super::sql::{Connection, Dialect};
use super::{StoreError, postgres, readers};

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
    /// A database in memory has one connection for all.
    None,
    /// Those of a file, which is locked as long as this lives: for one statement, and for several
    /// of one state.
    Sqlite(Arc<readers::Readers>, SqlitePool, Arc<DatabaseFile>),
    Postgres(PgPool, Arc<postgres::Connector>),
}

impl Readers {
    /// Whether the database is still the one that was opened.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(.., file) => file.check(),
            Self::None | Self::Postgres(..) => Ok(()),
        }
    }

    /// A connection; `None` where the only connection is the one that writes.
    pub(super) async fn acquire(&self) -> Result<Option<Connection>, StoreError> {
        match self {
            Self::None => Ok(None),
            Self::Sqlite(readers, _, file) => {
                file.check()?;
                Ok(Some(Connection::SqliteReader(readers.acquire().await?)))
            }
            Self::Postgres(pool, connector) => {
                let connection = connector.reader(pool.acquire()).await?;
                Ok(Some(Connection::PostgresReader(connection)))
            }
        }
    }

    /// A connection that shows one state of the database, whatever is committed meanwhile; `None`
    /// where there are none but the one that writes.
    pub(super) async fn snapshot(&self) -> Result<Option<Connection>, StoreError> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        match self {
            Self::None => Ok(None),
            Self::Sqlite(_, pool, file) => {
                file.check()?;
                Ok(Some(Connection::SqliteSnapshot(pool.begin().await?)))
            }
            Self::Postgres(pool, connector) => {
                let transaction = connector.reader(pool.begin_with(begin)).await?;
                Ok(Some(Connection::PostgresSnapshot(transaction)))
            }
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::None => {}
            Self::Sqlite(readers, pool, _) => {
                readers.close().await;
                pool.close().await;
            }
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}
