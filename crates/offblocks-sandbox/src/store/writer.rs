//! The task that owns the connection that writes.
//!
//! A caller that writes gets the connection inside a transaction, and gives it back with
//! [`Tx::commit`] or by dropping it. The transaction belongs to the task. When a unit of work ends, the task
//! takes the callers that wait into the same transaction, each after a savepoint. It commits once for all of
//! them, and notifies each of them only then. So durable writes share the disk's latency. No client can leave
//! the connection inside a transaction: only this task begins, commits and rolls back, and no caller can
//! cancel it.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::backend::Backend;
use super::health::Health;
use super::marks::{Marks, Shown};
use super::postgres::{self, Instance, Notice};
use super::sql::{Connection, Dialect};
use super::{Outage, StoreError};

/// How many units of work may wait for the connection before more of them wait for a place.
const QUEUE: usize = 1024;

type Granted = oneshot::Sender<Result<Tx, StoreError>>;
type Committed = oneshot::Sender<Result<(), StoreError>>;

enum Request {
    Write(Granted),
    WriteMuch(Granted),
    Read(Granted),
    Close(oneshot::Sender<()>),
}

/// How to reach the task.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    requests: mpsc::Sender<Request>,
}

impl Writer {
    /// Starts the task. It ends when it is closed, or when its last handle is dropped. With an
    /// `instance`, other processes are notified of the work that its commits make.
    pub(super) fn start(
        backend: Backend,
        connection: Option<Connection>,
        shown: Arc<Shown>,
        instance: Option<Instance>,
        health: Arc<Health>,
    ) -> Self {
        let (requests, incoming) = mpsc::channel(QUEUE);
        let task = Task {
            backend,
            connection,
            incoming,
            postponed: None,
            shown,
            instance,
            health,
        };
        tokio::spawn(task.run());
        Self { requests }
    }

    /// The connection inside a transaction, once it is this caller's turn.
    pub(super) async fn write(&self) -> Result<Tx, StoreError> {
        self.ask(Request::Write).await
    }

    /// As [`Writer::write`], for work that may change every page of the database.
    pub(super) async fn write_much(&self) -> Result<Tx, StoreError> {
        self.ask(Request::WriteMuch).await
    }

    /// The connection outside of any transaction, once it is this caller's turn.
    pub(super) async fn read(&self) -> Result<Tx, StoreError> {
        self.ask(Request::Read).await
    }

    /// Waits for the units of work before, and closes the connection.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.requests.send(Request::Close(done)).await.is_ok() {
            // An error means that the task has ended, which is what was asked for.
            let _ = closed.await;
        }
    }

    async fn ask(&self, kind: fn(Granted) -> Request) -> Result<Tx, StoreError> {
        const CLOSED: StoreError = StoreError::unavailable(Outage::Closed);
        let (granted, grant) = oneshot::channel();
        let sent = self.requests.send(kind(granted)).await;
        sent.map_err(|_| CLOSED)?;
        grant.await.unwrap_or(Err(CLOSED))
    }
}

/// The connection, lent for one unit of work. Dropped without [`Tx::commit`], the work is rolled
/// back.
#[derive(Debug)]
pub(crate) struct Tx(Option<Lent>);

#[derive(Debug)]
struct Lent {
    connection: Connection,
    back: oneshot::Sender<Returned>,
}

#[derive(Debug)]
struct Returned {
    connection: Connection,
    /// Whom to tell once the work is durable; `None` rolls it back.
    committed: Option<Committed>,
}

impl Tx {
    fn lend(connection: Connection) -> (Self, oneshot::Receiver<Returned>) {
        let (back, returned) = oneshot::channel();
        (Self(Some(Lent { connection, back })), returned)
    }

    /// Makes the work durable. It is when this returns.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        let (committed, outcome) = oneshot::channel();
        self.give_back(Some(committed));
        let ended = Err(StoreError::unavailable(Outage::Closed));
        outcome.await.unwrap_or(ended)
    }

    fn give_back(&mut self, committed: Option<Committed>) {
        if let Some(Lent { connection, back }) = self.0.take() {
            // Without the task there is nobody to give it to, and dropping it rolls back.
            let _ = back.send(Returned {
                connection,
                committed,
            });
        }
    }
}

impl Deref for Tx {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        let lent = self.0.as_ref();
        &lent.expect("only commit and drop give it back").connection
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Connection {
        let lent = self.0.as_mut();
        &mut lent.expect("only commit and drop give it back").connection
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        self.give_back(None);
    }
}

struct Task {
    backend: Backend,
    /// `None` before it is needed, and after a failure: a connection whose transaction could not be
    /// ended is closed.
    connection: Option<Connection>,
    incoming: mpsc::Receiver<Request>,
    /// What came while a batch was open and does not belong into it.
    postponed: Option<Request>,
    shown: Arc<Shown>,
    instance: Option<Instance>,
    health: Arc<Health>,
}

impl Task {
    async fn run(mut self) {
        while let Some(request) = self.next().await {
            match request {
                Request::Write(first) => self.write(first, false).await,
                Request::WriteMuch(alone) => self.write_much(alone).await,
                Request::Read(granted) => self.read(granted).await,
                Request::Close(done) => {
                    self.close().await;
                    // Whoever asked may have gone away meanwhile.
                    let _ = done.send(());
                    return;
                }
            }
        }
        self.close().await;
    }

    async fn next(&mut self) -> Option<Request> {
        match self.postponed.take() {
            Some(request) => Some(request),
            None => self.incoming.recv().await,
        }
    }

    async fn close(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the database could not be closed cleanly"
            );
        }
    }

    async fn read(&mut self, granted: Granted) {
        let connection = match self.connection().await {
            Ok(connection) => connection,
            Err(error) => return reject(granted, error),
        };
        let (tx, returned) = Tx::lend(connection);
        // A caller that has gone away drops what it was sent, which gives the connection back.
        let _ = granted.send(Ok(tx));
        self.connection = returned.await.ok().map(|returned| returned.connection);
    }

    /// Runs a unit of work by itself. What it takes to undo it is kept in a file, and not in memory.
    async fn write_much(&mut self, alone: Granted) {
        let (in_memory, in_a_file) = self.backend.dialect().savepoints();
        if let Err(error) = self.prepare(in_a_file).await {
            return self.reject_all(alone, error);
        }
        self.write(alone, true).await;
        if self.connection.is_some() && self.prepare(in_memory).await.is_err() {
            self.connection = None;
        }
    }

    /// Runs a statement outside of any transaction.
    async fn prepare(&mut self, statement: Option<&'static str>) -> Result<(), StoreError> {
        let Some(statement) = statement else {
            return Ok(());
        };
        let mut connection = self.connection().await?;
        connection.run(statement).await?;
        self.connection = Some(connection);
        Ok(())
    }

    /// Runs the callers that wait in one transaction, unless the first one is to be alone, and commits it.
    async fn write(&mut self, first: Granted, is_alone: bool) {
        let mut connection = match self.begin().await {
            Ok(connection) => connection,
            Err(error) => return self.reject_all(first, error),
        };
        let began = Instant::now();
        let is_over = |turn: Option<Duration>| turn.is_some_and(|turn| began.elapsed() >= turn);
        let mut frame = Frame::new(self.backend.dialect());
        let mut done = Vec::new();
        let mut next = Some(first);
        while let Some(granted) = next {
            match unit(connection, granted, &mut frame).await {
                Ok((returned, committed)) => {
                    connection = returned;
                    done.extend(committed);
                }
                // The connection is gone, and with it the transaction of those before.
                Err(error) => return self.fail(done, error.as_ref()),
            }
            next = match is_alone || is_over(self.backend.dialect().turn()) {
                true => None,
                false => self.another(done.len()),
            };
        }
        let committing = self.shown.committing();
        match self.commit(&mut connection).await {
            Ok(marks) => {
                self.connection = Some(connection);
                self.shown.show(marks);
                drop(committing);
                self.succeed(done);
            }
            Err(error) => {
                drop(committing);
                self.fail(done, Some(&Arc::new(error)));
            }
        }
    }

    /// The connection, opened again where it had to be closed.
    async fn connection(&mut self) -> Result<Connection, StoreError> {
        self.backend.check()?;
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => Ok(self.backend.connect().await?),
        }
    }

    async fn begin(&mut self) -> Result<Connection, StoreError> {
        let begin = self.backend.dialect().begin();
        let was_open = self.connection.is_some();
        let mut connection = self.connection().await?;
        let Err(error) = connection.run(begin).await else {
            return Ok(connection);
        };
        let error = StoreError::from(error);
        if !was_open || error.outage() != Some(Outage::Unreachable) {
            return Err(error);
        }
        // The server was restarted since. Nothing was done on the old connection.
        let mut connection = self.backend.connect().await?;
        connection.run(begin).await?;
        Ok(connection)
    }

    /// The callers that wait to write and may still join the batch.
    fn another(&mut self, done: usize) -> Option<Granted> {
        if done >= self.backend.dialect().batch() {
            return None;
        }
        match self.incoming.try_recv().ok()? {
            Request::Write(granted) => Some(granted),
            other => {
                self.postponed = Some(other);
                None
            }
        }
    }

    async fn commit(&self, connection: &mut Connection) -> Result<Marks, sqlx::Error> {
        let Some(instance) = &self.instance else {
            return Marks::read_and_commit(connection).await;
        };
        let marks = Marks::read(connection).await?;
        if self.shown.differs(marks) {
            postgres::notify(connection, Notice::Changed, instance).await?;
        }
        connection.run("COMMIT").await?;
        Ok(marks)
    }

    fn succeed(&self, done: Vec<Committed>) {
        self.health.works();
        for committed in done {
            // A caller that has gone away needs no telling.
            let _ = committed.send(Ok(()));
        }
    }

    fn fail(&self, done: Vec<Committed>, error: Option<&Arc<sqlx::Error>>) {
        let reason = || match error {
            Some(error) => StoreError::from(Arc::clone(error)),
            None => StoreError::unavailable(Outage::RolledBack),
        };
        if !done.is_empty() || error.is_some() {
            self.health.failed(&reason());
        }
        for committed in done {
            let _ = committed.send(Err(reason()));
        }
    }

    /// Rejects the callers that wait: each of them has waited for the same thing already, and would wait
    /// as long again.
    fn reject_all(&mut self, first: Granted, error: StoreError) {
        self.health.failed(&error);
        let waiting = std::iter::from_fn(|| self.another(0)).collect::<Vec<_>>();
        for granted in waiting {
            reject(granted, error.again());
        }
        reject(first, error);
    }
}

/// What holds a unit of work, so that it can be rolled back by itself: the transaction for the first one,
/// and a savepoint for those that join it. Each statement is a step of its own, so none is made that is
/// not needed.
struct Frame {
    dialect: Dialect,
    /// Whether the transaction has work in it that stays.
    is_shared: bool,
    /// Whether a savepoint was made before.
    has_savepoint: bool,
}

impl Frame {
    const fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            is_shared: false,
            has_savepoint: false,
        }
    }

    /// Before a unit's work.
    async fn open(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        connection.begin_unit();
        if !self.is_shared {
            return Ok(());
        }
        let again = std::mem::replace(&mut self.has_savepoint, true);
        let statement = self.dialect.savepoint(again);
        connection.put_off(statement).await
    }

    /// After work that is to stay. Statements of it that were not run yet may wait for the next unit.
    async fn keep(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        if let Some(release) = self.dialect.release()
            && self.is_shared
        {
            connection.put_off(release).await?;
        }
        connection.end_unit().await?;
        self.is_shared = true;
        Ok(())
    }

    /// After work that does not stay.
    async fn roll_back(&mut self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        if connection.forget() {
            return Ok(());
        }
        if self.is_shared {
            return connection.run(self.dialect.roll_back()).await;
        }
        connection.run("ROLLBACK").await?;
        connection.run(self.dialect.begin()).await
    }
}

/// Lends the connection for one unit of work.
///
/// # Errors
/// When the transaction around it is lost; with what the database said, where it said anything
/// that explains it. The connection is closed then.
async fn unit(
    mut connection: Connection,
    granted: Granted,
    frame: &mut Frame,
) -> Result<(Connection, Option<Committed>), Option<Arc<sqlx::Error>>> {
    if let Err(error) = frame.open(&mut connection).await {
        let error = Arc::new(error);
        reject(granted, Arc::clone(&error).into());
        return Err(Some(error));
    }
    let (tx, returned) = Tx::lend(connection);
    // A caller that has gone away drops what it was sent, which gives the connection back.
    let _ = granted.send(Ok(tx));
    let Returned {
        mut connection,
        mut committed,
    } = returned.await.map_err(|_| None)?;
    if !connection.is_lost()
        && let Some(waiting) = committed.take()
    {
        match frame.keep(&mut connection).await {
            Ok(()) => committed = Some(waiting),
            Err(error) => {
                // A caller that has gone away needs no telling.
                let _ = waiting.send(Err(error.into()));
            }
        }
    }
    if connection.is_lost() {
        // A savepoint that is still there may be that of the unit before, so none is rolled back to.
        if let Some(waiting) = committed {
            let _ = waiting.send(Err(StoreError::unavailable(Outage::RolledBack)));
        }
        return Err(None);
    }
    if committed.is_none() && frame.roll_back(&mut connection).await.is_err() {
        // SQLite itself rolls everything back when a disk is full, and the savepoint with it.
        return Err(None);
    }
    Ok((connection, committed))
}

fn reject(granted: Granted, error: StoreError) {
    // A caller that has gone away needs no telling.
    let _ = granted.send(Err(error));
}
