//! The database: opening it, its two kinds of connections, and one module for each table.
//!
//! Everything SQL stays in this room. The tables' modules write what both databases take, through
//! [`sql`], and name neither of them: a function takes a `&mut` [`Connection`], runs
//! `sql::query("... $1 ...").bind(value)`, and reads a `Row` by column name with `try_get` or with
//! the functions of `rows`.
//! One task owns the connection that writes, which is all SQLite serves at a time anyway, and
//! shares its commits among those who wait ([`writer`]). Readers of a file have connections of
//! their own and never wait for a writer. A database in memory is one connection for everybody.

pub(crate) mod accounts;
pub(crate) mod authorisations;
mod beside;
pub(crate) mod cards;
pub(crate) mod challenges;
pub(crate) mod changes;
mod connect;
pub(crate) mod customers;
mod error;
pub(crate) mod extent;
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
pub(crate) mod population;
pub(crate) mod programme;
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

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::SqlitePool;
use tokio::sync::watch;

pub(crate) use beside::{delete, make_programmes_folder, programmes_folder, programmes_in};
pub use error::{Outage, StoreError};
pub(crate) use health::Health;
pub(crate) use migrations::newest as schema_version;
pub(crate) use rows::InactiveCause;
pub(crate) use sql::Connection;
pub(crate) use writer::Tx;

use crate::settings::Settings;
use connect::Connector;
use file::DatabaseFile;
use marks::Marks;
use writer::Writer;

/// An open database.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    writer: Writer,
    /// `None` for a database in memory, whose only connection reads too.
    readers: Option<SqlitePool>,
    /// Locked as long as the store lives.
    file: Option<Arc<DatabaseFile>>,
    health: Arc<Health>,
}

impl Store {
    /// Opens the database, makes it where it does not exist, and brings its schema up to date.
    pub(crate) async fn open(settings: &Settings) -> Result<Self, StoreError> {
        let health = Arc::<Health>::default();
        let (connector, mut connection) = Connector::open(settings).await?;
        migrations::run(&mut connection).await?;
        let mut connection = Connection::Sqlite(connection);
        let marks = Marks::read(&mut connection).await?;
        let readers = connector.readers().await?;
        let file = connector.file().cloned();
        let writer = Writer::start(connector, connection, marks, Arc::clone(&health));
        Ok(Self {
            writer,
            readers,
            file,
            health,
        })
    }

    /// A transaction that may write. Others that want to wait until it ends.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        self.writer.write().await
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<Reader, StoreError> {
        let Some(readers) = &self.readers else {
            return Ok(Reader::Shared(self.writer.read().await?));
        };
        if let Some(file) = &self.file {
            file.check()?;
        }
        Ok(Reader::Own(Connection::SqliteReader(
            readers.acquire().await?,
        )))
    }

    /// When the next scheduled step is due, as of the last commit.
    pub(crate) const fn next_due(&self) -> &watch::Receiver<Option<DateTime<Utc>>> {
        self.writer.next_due()
    }

    /// The last delivery of a webhook there is, as of the last commit.
    pub(crate) const fn last_delivery(&self) -> &watch::Receiver<Option<i64>> {
        self.writer.last_delivery()
    }

    /// Whether the database works.
    pub(crate) const fn health(&self) -> &Arc<Health> {
        &self.health
    }

    /// Waits for the connections in use and closes the database.
    pub(crate) async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
    }
}

/// A connection to read with.
#[derive(Debug)]
pub(crate) enum Reader {
    /// One of a file's.
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
