//! Running a query on a connection to either database.

use super::query::{Query, query, sequence};
use super::{Connection, Row, in_time};

/// What a statement did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Done(u64);

impl Done {
    /// How many rows it wrote or removed.
    pub(crate) const fn rows_affected(self) -> u64 {
        self.0
    }
}

/// Runs `$method` of a prepared query on whichever connection it is.
macro_rules! on {
    ($query:expr, $connection:expr, $method:ident) => {
        match $connection {
            Connection::Sqlite(to) => {
                let (query, step) = to.joined($query)?;
                let done = query.for_sqlite().$method(&mut **to).await;
                to.ran(step, done).map(From::from)
            }
            Connection::SqliteReader(to) => {
                let done = $query.for_sqlite().$method(&mut **to).await;
                done.map(From::from)
            }
            Connection::SqliteSnapshot(to) => {
                let done = $query.for_sqlite().$method(&mut **to).await;
                done.map(From::from)
            }
            Connection::PostgresSnapshot(to) => {
                let done = in_time($query.for_postgres().$method(&mut **to)).await;
                done.map(From::from)
            }
            Connection::Postgres(to) => {
                let done = in_time($query.for_postgres().$method(&mut *to)).await;
                done.map(From::from)
            }
            Connection::PostgresReader(to) => {
                let done = in_time($query.for_postgres().$method(&mut **to)).await;
                done.map(From::from)
            }
        }
    };
}

impl Query {
    /// Runs it for what it does.
    pub(crate) async fn execute(self, connection: &mut Connection) -> Result<Done, sqlx::Error> {
        self.trace();
        // What it does is counted without what others did.
        connection.flush().await?;
        on!(self, connection, execute)
    }

    /// Runs it inside a transaction, for what it does there. It may wait for the next statement or for
    /// the end of the unit of work, which then fail in its place.
    pub(crate) async fn write(self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        match connection {
            Connection::Sqlite(to) => {
                self.trace();
                to.put_off(self).await
            }
            _ => self.execute(connection).await.map(drop),
        }
    }

    /// The first row it finds, if any.
    pub(in crate::store) async fn fetch_optional(
        self,
        connection: &mut Connection,
    ) -> Result<Option<Row>, sqlx::Error> {
        self.trace();
        let found: Found<Option<Row>> = on!(self, connection, fetch_optional)?;
        Ok(found.0)
    }

    /// Its only row.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] where there is none.
    pub(in crate::store) async fn fetch_one(
        self,
        connection: &mut Connection,
    ) -> Result<Row, sqlx::Error> {
        let row = self.fetch_optional(connection).await?;
        row.ok_or(sqlx::Error::RowNotFound)
    }

    /// Every row it finds, in its order.
    pub(in crate::store) async fn fetch_all(
        self,
        connection: &mut Connection,
    ) -> Result<Vec<Row>, sqlx::Error> {
        self.trace();
        let found: Found<Vec<Row>> = on!(self, connection, fetch_all)?;
        Ok(found.0)
    }

    /// Its only row, with the end of the transaction behind it.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] where there is none, and when the transaction cannot be committed.
    pub(in crate::store) async fn fetch_one_and_commit(
        self,
        connection: &mut Connection,
    ) -> Result<Row, sqlx::Error> {
        let Connection::Sqlite(_) = connection else {
            let row = self.fetch_one(connection).await?;
            connection.run("COMMIT").await?;
            return Ok(row);
        };
        // Whoever wants one row stops at it, in front of the end.
        self.trace();
        let all = sequence(vec![self, query("COMMIT")]);
        let found: Found<Vec<Row>> = on!(all, connection, fetch_all)?;
        found.0.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }
}

/// What a query found, made from the rows of either database.
struct Found<T>(T);

impl<R: Into<Row>> From<Option<R>> for Found<Option<Row>> {
    fn from(found: Option<R>) -> Self {
        Self(found.map(Into::into))
    }
}

impl<R: Into<Row>> From<Vec<R>> for Found<Vec<Row>> {
    fn from(found: Vec<R>) -> Self {
        Self(found.into_iter().map(Into::into).collect())
    }
}

impl From<sqlx::sqlite::SqliteQueryResult> for Done {
    fn from(result: sqlx::sqlite::SqliteQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl From<sqlx::postgres::PgQueryResult> for Done {
    fn from(result: sqlx::postgres::PgQueryResult) -> Self {
        Self(result.rows_affected())
    }
}
