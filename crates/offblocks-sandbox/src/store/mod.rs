//! The database: opening it, its two kinds of connections, and one module for each table.
//!
//! All SQL is in this module. The tables' modules write SQL that both databases accept, through
//! [`sql`], and name neither of them: a function takes a `&mut` [`Connection`], runs
//! `sql::query("... $1 ...").bind(value)`, and reads a `Row` by column name with `try_get` or with
//! the functions of `rows`.
//! One task owns the connection that writes, and shares its commits among the callers that wait
//! ([`writer`]). SQLite has only one writer at a time. In PostgreSQL the writers of all processes take
//! turns ([`sql`] says why). Readers have their own connections and never wait for a writer. A database
//! in memory has one connection for all.
//! The code for SQLite alone is in `connect`, `file`, `inode`, `readers` and `recognise`. The code for
//! PostgreSQL alone is in `postgres`. The differences of their SQL are in `sql/dialect.rs`.

pub(crate) mod accounts;
pub(crate) mod authorisations;
mod backend;
mod beside;
pub(crate) mod cards;
pub(crate) mod challenges;
pub(crate) mod changes;
mod connect;
pub(crate) mod control;
pub(crate) mod customers;
mod error;
pub(crate) mod extent;
pub(crate) mod faults;
mod file;
mod health;
pub(crate) mod idempotency;
mod inode;
pub(crate) mod ledger;
mod marks;
mod migrations;
pub(crate) mod outbox;
pub(crate) mod overview;
pub(crate) mod paged;
pub(crate) mod pages;
pub(crate) mod population;
mod postgres;
pub(crate) mod programme;
pub(crate) mod programmes;
mod readers;
mod recognise;
mod rows;
pub(crate) mod signing_keys;
pub(crate) mod sql;
pub(crate) mod steps;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
pub(crate) mod transactions;
pub(crate) mod transfer;
pub(crate) mod webhooks;
mod writer;

use std::collections::HashSet;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

pub(crate) use beside::{delete, make_programmes_folder, programmes_folder, programmes_in};
pub use error::{Outage, StoreError};
pub(crate) use health::Health;
pub(crate) use migrations::newest as schema_version;
pub(crate) use postgres::KeyLock;
pub(crate) use rows::InactiveCause;
pub(crate) use rows::Of;
pub(crate) use sql::Connection;
pub(crate) use writer::Tx;

use crate::settings::{Database, PostgresSchema, Settings};
use backend::{Backend, Readers};
use connect::Connector;
use marks::{Deliveries, Marks, Shown};
use postgres::Session;
use writer::Writer;

/// An open database.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    writer: Writer,
    readers: Readers,
    shown: Arc<Shown>,
    /// The session by which other processes on the same database see this one. SQLite has only one process.
    session: Option<Session>,
    health: Arc<Health>,
}

impl Store {
    /// Whether there is nothing yet where the database is to be.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or the schema is not a sandbox's.
    pub(crate) async fn is_new(database: &Database) -> Result<bool, StoreError> {
        match database {
            Database::Memory => Ok(true),
            Database::File(path) => {
                Ok(std::fs::metadata(path).map_or(true, |file| file.len() == 0))
            }
            Database::Postgres(schema) => {
                postgres::is_new(&postgres::Connector::new(schema)?).await
            }
        }
    }

    /// Whether there is no such schema yet.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub(crate) async fn is_missing(schema: &PostgresSchema) -> Result<bool, StoreError> {
        postgres::is_missing(&postgres::Connector::new(schema)?).await
    }

    /// Drops a schema, where it is a sandbox's or empty.
    ///
    /// # Errors
    /// When it belongs to another program, or PostgreSQL cannot be reached.
    pub(crate) async fn drop_schema(schema: &PostgresSchema) -> Result<(), StoreError> {
        postgres::drop_schema(&postgres::Connector::new(schema)?).await
    }

    /// Opens the database, makes it where it does not exist, and brings its schema up to date.
    pub(crate) async fn open(settings: &Settings) -> Result<Self, StoreError> {
        match &settings.database {
            Database::Postgres(schema) => Self::open_postgres(schema).await,
            Database::Memory | Database::File(_) => Self::open_sqlite(settings).await,
        }
    }

    async fn open_sqlite(settings: &Settings) -> Result<Self, StoreError> {
        let health = Arc::<Health>::default();
        let (connector, mut connection) = Connector::open(settings).await?;
        migrations::run(&mut connection).await?;
        connect::keep_savepoints_in_memory(&mut connection).await?;
        let shown = Arc::new(Shown::new(Marks::read(&mut connection).await?));
        let pools = (connector.readers().await?, connector.snapshots().await?);
        let readers = match (pools, connector.file()) {
            ((Some(readers), Some(pool)), Some(file)) => {
                Readers::Sqlite(readers, pool, Arc::clone(file))
            }
            _ => Readers::None,
        };
        let backend = Backend::Sqlite(Box::new(connector));
        let (shows, notes) = (Arc::clone(&shown), Arc::clone(&health));
        let writer = Writer::start(backend, Some(connection), shows, None, notes);
        Ok(Self {
            writer,
            readers,
            shown,
            session: None,
            health,
        })
    }

    async fn open_postgres(schema: &PostgresSchema) -> Result<Self, StoreError> {
        let health = Arc::<Health>::default();
        let connector = Arc::new(postgres::Connector::new(schema)?);
        postgres::open(&connector).await?;
        let pool = connector.readers();
        let mut reader = Connection::PostgresReader(pool.acquire().await?);
        let shown = Arc::new(Shown::new(Marks::read(&mut reader).await?));
        drop(reader);
        let (shows, notes) = (Arc::clone(&shown), Arc::clone(&health));
        let session = Session::open(&connector, pool.clone(), shows, notes).await?;
        let readers = Readers::Postgres(pool, Arc::clone(&connector));
        let (shows, notes) = (Arc::clone(&shown), Arc::clone(&health));
        let instance = Some(session.instance().clone());
        // The connection that writes is opened by the first write.
        let writer = Writer::start(Backend::Postgres(connector), None, shows, instance, notes);
        Ok(Self {
            writer,
            readers,
            shown,
            session: Some(session),
            health,
        })
    }

    /// A transaction that may write. Other writers wait until it ends.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        self.writer.write().await
    }

    /// As [`Store::begin`], for work that may change every page of the database: it has a commit of its own,
    /// and takes no more memory than other work.
    pub(crate) async fn begin_much(&self) -> Result<Tx, StoreError> {
        self.writer.write_much().await
    }

    /// A connection to read with. Several statements may see different states of the database.
    pub(crate) async fn read(&self) -> Result<Reader, StoreError> {
        match self.readers.acquire().await? {
            Some(connection) => Ok(Reader::Own(connection)),
            None => Ok(Reader::Shared(self.writer.read().await?)),
        }
    }

    /// A connection to read with, on which all statements see the same state of the database.
    pub(crate) async fn snapshot(&self) -> Result<Reader, StoreError> {
        match self.readers.snapshot().await? {
            Some(connection) => Ok(Reader::Own(connection)),
            None => Ok(Reader::Shared(self.writer.read().await?)),
        }
    }

    /// When the next scheduled step is due, as of the last commit that this process knows of.
    pub(crate) fn next_due(&self) -> watch::Receiver<Option<DateTime<Utc>>> {
        self.shown.next_due()
    }

    /// When the next scheduled step is due, as of the last commit in any process.
    pub(crate) async fn next_due_now(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        if self.session.is_none() {
            return Ok(*self.shown.next_due().borrow());
        }
        let mut reader = self.read().await?;
        Ok(self.shown.look(&mut reader).await?.next_due)
    }

    /// Whether a scheduled step may be due at this instant. Where other processes commit too, only the
    /// database can say this; otherwise the last commit is enough. Calls whose work is in a commit under
    /// way have no response yet.
    pub(crate) fn may_have_due(&self, now: DateTime<Utc>) -> bool {
        self.session.is_some() || self.shown.is_due(now)
    }

    /// Changes whenever there may be something to deliver.
    pub(crate) fn deliveries(&self) -> watch::Receiver<Deliveries> {
        self.shown.deliveries()
    }

    /// Changes whenever the control plane changes what it keeps, in any process.
    pub(crate) fn control(&self) -> watch::Receiver<i64> {
        self.shown.control()
    }

    /// The revision of tokens and signing keys, as of the last commit in any process. What was read under
    /// the same revision is still valid.
    pub(crate) async fn access(&self) -> Result<i64, StoreError> {
        match self.session {
            None => Ok(self.shown.access()),
            Some(_) => control::access(&mut *self.read().await?).await,
        }
    }

    /// The version of the data. What was read under the same version is still valid. `None` where
    /// other processes commit too, while a commit is under way, when something is due at this
    /// instant, and where the database cannot be read.
    pub(crate) fn version(&self, now: DateTime<Utc>) -> Option<u64> {
        let own = self.session.is_none() && !self.shown.is_due(now);
        self.shown
            .version()
            .filter(|_| own && self.readers.check().is_ok())
    }

    /// Claims deliveries for this process. Returns those that no other process has claimed.
    pub(crate) async fn claim_deliveries(
        &self,
        wanted: Vec<i64>,
    ) -> Result<HashSet<i64>, StoreError> {
        let Some(session) = &self.session else {
            return Ok(wanted.into_iter().collect());
        };
        let Some(instance) = session.instance().number() else {
            return Err(StoreError::unavailable(Outage::Unreachable));
        };
        let mut connection = self.read().await?;
        outbox::claim(&mut connection, &wanted, instance).await
    }

    /// Whether other processes can work on the database at the same time.
    pub(crate) const fn is_shared(&self) -> bool {
        self.session.is_some()
    }

    /// Keeps other processes from claiming the same name until the lock is dropped; `None` where
    /// one of them has claimed it. No lock is needed where there are no other processes.
    pub(crate) async fn claim_key(
        &self,
        name: impl Into<String>,
    ) -> Result<Option<Option<KeyLock>>, StoreError> {
        match &self.session {
            Some(session) => Ok(session.claim(name.into()).await?.map(Some)),
            None => Ok(Some(None)),
        }
    }

    /// Whether the database works.
    pub(crate) const fn health(&self) -> &Arc<Health> {
        &self.health
    }

    /// Tells the other processes which revision of what the control plane keeps this one uses; `None` when
    /// it uses none any more.
    pub(crate) fn uses(&self, revision: Option<i64>) {
        if let Some(session) = &self.session {
            session.uses(revision);
        }
    }

    /// Whether a process still uses an earlier revision of what the control plane keeps than the one
    /// that this process knows of.
    pub(crate) async fn is_one_behind(&self) -> Result<bool, StoreError> {
        if self.session.is_none() {
            return Ok(false);
        }
        let revision = *self.shown.control().borrow();
        Ok(postgres::is_behind(&mut *self.read().await?, revision).await?)
    }

    /// Waits for the connections in use and closes the database.
    pub(crate) async fn close(&self) {
        if let Some(session) = &self.session {
            self.writer.close().await;
            session.close().await;
        }
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A connection to read with.
#[derive(Debug)]
pub(crate) enum Reader {
    /// One of those that only read.
    Own(Connection),
    /// The only one of a database in memory.
    Shared(Tx),
}

impl Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Self::Own(connection) => connection,
            Self::Shared(connection) => connection,
        }
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Connection {
        match self {
            Self::Own(connection) => connection,
            Self::Shared(connection) => connection,
        }
    }
}
