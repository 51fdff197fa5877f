//! A connection to either database.

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, Executor as _, PgConnection, Postgres, Sqlite, Transaction};

use super::dialect::Dialect;
use super::writing::{Kept, Writing};
use super::{in_time, query};
use crate::store::readers::InUse;

/// A connection to one of the databases that a sandbox can have.
#[derive(Debug)]
pub(crate) enum Connection {
    /// The one that writes to SQLite.
    Sqlite(Writing),
    /// One that reads an SQLite file, each statement what is there by then.
    SqliteReader(InUse),
    /// One that reads an SQLite file as it was at the first statement.
    SqliteSnapshot(Transaction<'static, Sqlite>),
    /// The one that writes to PostgreSQL.
    Postgres(PgConnection),
    /// One that reads from PostgreSQL, each statement what is there by then.
    PostgresReader(PoolConnection<Postgres>),
    /// One that reads from PostgreSQL what was there at the first statement.
    PostgresSnapshot(Transaction<'static, Postgres>),
}

impl Connection {
    /// Which SQL it understands.
    pub(in crate::store) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) | Self::SqliteReader(_) | Self::SqliteSnapshot(_) => Dialect::Sqlite,
            Self::Postgres(_) | Self::PostgresReader(_) | Self::PostgresSnapshot(_) => {
                Dialect::Postgres
            }
        }
    }

    /// Runs statements without arguments, one or several, whose rows are not read.
    pub(in crate::store) async fn run(
        &mut self,
        statements: &'static str,
    ) -> Result<(), sqlx::Error> {
        let statements = sqlx::raw_sql(statements);
        match self {
            Self::Sqlite(connection) => {
                connection.flush().await?;
                (**connection).execute(statements).await.map(drop)
            }
            Self::SqliteReader(connection) => (**connection).execute(statements).await.map(drop),
            Self::SqliteSnapshot(connection) => connection.execute(statements).await.map(drop),
            Self::Postgres(connection) => in_time(connection.execute(statements)).await.map(drop),
            Self::PostgresReader(connection) => {
                in_time(connection.execute(statements)).await.map(drop)
            }
            Self::PostgresSnapshot(connection) => {
                in_time(connection.execute(statements)).await.map(drop)
            }
        }
    }

    /// Lets a statement without arguments wait for the next one, where that saves a step.
    pub(in crate::store) async fn put_off(
        &mut self,
        statement: &'static str,
    ) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.put_off(query(statement)).await,
            _ => self.run(statement).await,
        }
    }

    /// Runs what waits.
    pub(in crate::store) async fn flush(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.flush().await,
            _ => Ok(()),
        }
    }

    /// A unit of work begins.
    pub(in crate::store) const fn begin_unit(&mut self) {
        if let Self::Sqlite(connection) = self {
            connection.begin_unit();
        }
    }

    /// A unit of work ended, and is to stay.
    ///
    /// # Errors
    /// When a statement of it that waited fails.
    pub(in crate::store) async fn end_unit(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.end_unit().await,
            _ => Ok(()),
        }
    }

    /// Whether the transaction is lost, because a statement of a unit of work failed after its end, or
    /// was not waited for.
    pub(in crate::store) const fn is_lost(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.is_lost(),
            _ => false,
        }
    }

    /// What is kept of what was read on the connection that writes. Whoever changes it in the database
    /// takes it out here. In PostgreSQL other processes change it too, so nothing is kept.
    pub(in crate::store) const fn kept(&mut self) -> Option<&mut Kept> {
        match self {
            Self::Sqlite(connection) => Some(connection.kept()),
            _ => None,
        }
    }

    /// Forgets what is kept, because tables are changed that it was read from.
    pub(in crate::store) fn forget_kept(&mut self) {
        if let Some(kept) = self.kept() {
            *kept = Kept::default();
        }
    }

    /// Forgets what waits, because the unit of work is rolled back. Whether that is known to have been
    /// all of it.
    pub(in crate::store) fn forget(&mut self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.forget(),
            _ => false,
        }
    }

    /// Says whether it is inside a transaction that its owner ends, not the pool that it is from.
    pub(in crate::store) const fn set_held(&mut self, held: bool) {
        if let Self::SqliteReader(connection) = self {
            connection.is_held = held;
        }
    }

    /// Ends it in an orderly way.
    pub(in crate::store) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => connection.into_inner().close().await,
            Self::Postgres(connection) => connection.close().await,
            Self::SqliteReader(connection) => {
                drop(connection);
                Ok(())
            }
            Self::PostgresReader(connection) => connection.close().await,
            Self::SqliteSnapshot(transaction) => transaction.rollback().await,
            Self::PostgresSnapshot(transaction) => transaction.rollback().await,
        }
    }
}
