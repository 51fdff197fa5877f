//! The connection that writes to SQLite, with the statements that it has not run yet.
//!
//! The library runs each statement on a thread of its own, so that one statement costs two changes of
//! threads, which take several times as long as most statements. The outcome of a statement that only
//! writes is not read, unless it fails. So such statements wait for the next one, and all of them are
//! one step. A unit of work still reads what it has written. Statements that wait when it ends are run with
//! the first statement of the next unit that shares its transaction, or with the commit. Where that fails,
//! the transaction is lost with all of its units.

use std::ops::{Deref, DerefMut};

use sqlx::SqliteConnection;

use super::query::{Query, sequence};

/// How many statements wait at most. Each sequence of texts is compiled once and then kept, so that
/// few long ones may be made.
const MOST: usize = 16;

/// The connection that writes to SQLite.
#[derive(Debug)]
pub(crate) struct Writing {
    connection: SqliteConnection,
    waiting: Vec<Query>,
    /// How many of those that wait are of units of work that have ended.
    ended: usize,
    /// Whether anything was run since a unit of work began.
    has_run: bool,
    /// Whether a statement of a unit of work failed after its end, or was not waited for.
    is_lost: bool,
    kept: Kept,
}

/// What was read since its last change. No other connection writes to the database.
#[derive(Debug, Default)]
pub(in crate::store) struct Kept {
    /// The types of events with a subscription.
    pub(in crate::store) wanted: Option<Vec<String>>,
    /// The revision of who may call.
    pub(in crate::store) access: Option<i64>,
}

impl Writing {
    pub(in crate::store) fn new(connection: SqliteConnection) -> Self {
        Self {
            connection,
            waiting: Vec::new(),
            ended: 0,
            has_run: false,
            is_lost: false,
            kept: Kept::default(),
        }
    }

    pub(in crate::store) fn into_inner(self) -> SqliteConnection {
        self.connection
    }

    /// Lets a statement wait for the next one, together with those that wait already.
    pub(super) async fn put_off(&mut self, query: Query) -> Result<(), sqlx::Error> {
        self.waiting.push(query);
        match self.waiting.len() < MOST {
            true => Ok(()),
            false => self.flush().await,
        }
    }

    /// Runs what waits.
    pub(super) async fn flush(&mut self) -> Result<(), sqlx::Error> {
        let Some(last) = self.waiting.pop() else {
            return Ok(());
        };
        let (all, step) = self.joined(last)?;
        let done = all.for_sqlite().execute(&mut self.connection).await;
        self.ran(step, done).map(drop)
    }

    /// What waits with this query behind it, to be run at once.
    ///
    /// # Errors
    /// When the transaction is lost.
    pub(super) fn joined(&mut self, query: Query) -> Result<(Query, Step), sqlx::Error> {
        if self.is_lost {
            return Err(lost());
        }
        self.has_run = true;
        let step = Step {
            is_shared: std::mem::take(&mut self.ended) > 0,
        };
        // Until it has ended well: whoever waits for it may be dropped.
        self.is_lost = step.is_shared;
        let query = match self.waiting.is_empty() {
            true => query,
            false => {
                let mut all = std::mem::take(&mut self.waiting);
                all.push(query);
                sequence(all)
            }
        };
        Ok((query, step))
    }

    /// Takes note of how a step ended.
    pub(super) fn ran<T>(
        &mut self,
        step: Step,
        done: Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        self.is_lost = step.is_shared && done.is_err();
        done
    }

    /// A unit of work ended. Few statements wait for the next one, so that few long sequences are made.
    pub(super) async fn end_unit(&mut self) -> Result<(), sqlx::Error> {
        match self.waiting.len() < MOST / 2 {
            true => Ok(()),
            false => self.flush().await,
        }
    }

    /// Whether a statement of a unit of work failed after its end, or was not waited for.
    pub(super) const fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// A unit of work begins: nothing of it was run yet.
    pub(super) const fn begin_unit(&mut self) {
        self.has_run = false;
        self.ended = self.waiting.len();
    }

    pub(super) const fn kept(&mut self) -> &mut Kept {
        &mut self.kept
    }

    /// Forgets what waits of the unit of work, and what was read since. Whether that was all of the unit.
    pub(super) fn forget(&mut self) -> bool {
        self.waiting.truncate(self.ended);
        self.kept = Kept::default();
        !self.has_run
    }
}

/// One exchange with the database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Whether statements of units that have ended are among its own.
    is_shared: bool,
}

fn lost() -> sqlx::Error {
    sqlx::Error::Protocol("a unit of work of the same transaction failed".to_owned())
}

impl Deref for Writing {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.connection
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_immediate;
    use sqlx::{ConnectOptions as _, Executor as _, sqlite::SqliteConnectOptions};

    use super::super::{Connection, query};
    use super::*;

    async fn connection() -> Connection {
        with_things(&SqliteConnectOptions::new()).await
    }

    async fn with_things(options: &SqliteConnectOptions) -> Connection {
        let connection = options.connect().await.unwrap();
        let mut connection = Connection::Sqlite(Writing::new(connection));
        connection
            .run("CREATE TABLE things (name TEXT UNIQUE, size INTEGER)")
            .await
            .unwrap();
        connection
    }

    async fn add(connection: &mut Connection, name: &str, size: i64) -> Result<(), sqlx::Error> {
        let insert = query("INSERT INTO things (name, size) VALUES ($1, $2)");
        insert.bind(name).bind(size).write(connection).await
    }

    async fn size(connection: &mut Connection, name: &str) -> Option<i64> {
        let query = query("SELECT size FROM things WHERE name = $1").bind(name);
        let row = query.fetch_optional(connection).await.unwrap();
        row.map(|row| row.try_get("size").unwrap())
    }

    #[tokio::test]
    async fn what_is_written_is_there_for_the_next_statement() {
        let mut connection = connection().await;
        for number in 0..40 {
            add(&mut connection, &format!("thing {number}"), number)
                .await
                .unwrap();
        }
        assert_eq!(size(&mut connection, "thing 0").await, Some(0));
        assert_eq!(size(&mut connection, "thing 39").await, Some(39));
        add(&mut connection, "one", 1).await.unwrap();
        let update = query("UPDATE things SET size = size + 1 WHERE name = $1").bind("one");
        let done = update.execute(&mut connection).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "of this statement alone");
        assert_eq!(size(&mut connection, "one").await, Some(2));
    }

    #[tokio::test]
    async fn a_statement_fails_where_it_is_run() {
        let mut connection = connection().await;
        add(&mut connection, "one", 1).await.unwrap();
        add(&mut connection, "one", 2).await.unwrap();
        assert!(connection.flush().await.is_err(), "the name is taken");
        assert_eq!(size(&mut connection, "one").await, Some(1));
        connection.begin_unit();
        add(&mut connection, "two", 2).await.unwrap();
        assert!(connection.forget(), "nothing was run");
        assert_eq!(size(&mut connection, "two").await, None);
        assert!(!connection.forget());
    }

    #[tokio::test]
    async fn what_waits_of_a_unit_that_ended_stays() {
        let mut connection = connection().await;
        connection.begin_unit();
        add(&mut connection, "one", 1).await.unwrap();
        connection.end_unit().await.unwrap();
        connection.begin_unit();
        add(&mut connection, "two", 2).await.unwrap();
        assert!(connection.forget(), "nothing of the second one was run");
        assert_eq!(size(&mut connection, "one").await, Some(1));
        assert_eq!(size(&mut connection, "two").await, None);
    }

    #[tokio::test]
    async fn a_failure_of_a_unit_that_ended_loses_all() {
        let mut connection = connection().await;
        add(&mut connection, "one", 1).await.unwrap();
        add(&mut connection, "one", 2).await.unwrap();
        connection.end_unit().await.unwrap();
        connection.begin_unit();
        let read = || query("SELECT size FROM things WHERE name = $1").bind("one");
        assert!(read().fetch_optional(&mut connection).await.is_err());
        assert!(connection.is_lost());
        let again = read().fetch_optional(&mut connection).await;
        assert!(matches!(again, Err(sqlx::Error::Protocol(_))));
    }

    #[tokio::test]
    async fn a_step_that_is_not_waited_for_loses_all() {
        let folder = tempfile::tempdir().unwrap();
        let file = SqliteConnectOptions::new()
            .filename(folder.path().join("things.db"))
            .create_if_missing(true);
        let mut other = file.connect().await.unwrap();
        let mut connection = with_things(&file).await;
        // The step cannot end before it is dropped, however the threads run: it waits for this lock.
        other.execute("BEGIN EXCLUSIVE").await.unwrap();
        add(&mut connection, "one", 1).await.unwrap();
        connection.end_unit().await.unwrap();
        connection.begin_unit();
        let read = query("SELECT size FROM things").fetch_all(&mut connection);
        assert!(poll_immediate(read).await.is_none(), "the lock is not held");
        assert!(connection.is_lost());
        other.execute("ROLLBACK").await.unwrap();
    }

    #[tokio::test]
    async fn a_failure_of_its_own_loses_one_unit() {
        let mut connection = connection().await;
        connection.begin_unit();
        add(&mut connection, "one", 1).await.unwrap();
        connection.flush().await.unwrap();
        add(&mut connection, "one", 2).await.unwrap();
        assert!(connection.flush().await.is_err());
        assert!(!connection.is_lost());
    }

    #[tokio::test]
    async fn the_last_row_comes_with_the_end_of_the_transaction() {
        let mut connection = connection().await;
        connection.run("BEGIN IMMEDIATE").await.unwrap();
        add(&mut connection, "one", 1).await.unwrap();
        let count = query("SELECT count(*) AS size FROM things");
        let row = count.fetch_one_and_commit(&mut connection).await.unwrap();
        assert_eq!(row.try_get::<i64>("size").unwrap(), 1);
        let ended = connection.run("BEGIN IMMEDIATE").await;
        assert!(
            ended.is_ok(),
            "the transaction before has not ended: {ended:?}"
        );
    }
}
