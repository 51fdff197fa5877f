//! A connection to either database.

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Executor as _, Sqlite, SqliteConnection};

/// A connection to one of the databases that a sandbox can have.
#[derive(Debug)]
pub(crate) enum Connection {
    /// The one that writes to SQLite.
    Sqlite(SqliteConnection),
    /// One that reads an SQLite file.
    SqliteReader(PoolConnection<Sqlite>),
}

impl Connection {
    /// Runs statements without arguments, one or several, whose rows nobody wants.
    pub(in crate::store) async fn run(
        &mut self,
        statements: &'static str,
    ) -> Result<(), sqlx::Error> {
        let statements = sqlx::raw_sql(statements);
        match self {
            Self::Sqlite(connection) => connection.execute(statements).await.map(drop),
            Self::SqliteReader(connection) => connection.execute(statements).await.map(drop),
        }
    }

    /// Ends it in an orderly way.
    pub(in crate::store) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.close().await,
            Self::SqliteReader(connection) => connection.close().await,
        }
    }
}
