//! The database: opening it, its two kinds of connections, and one module for each table.
//!
//! Everything SQL stays in this room, so that another database can stand beside SQLite later.
//! Writers queue for a single connection, which is all SQLite serves at a time anyway; readers of
//! a file have connections of their own and never wait for a writer. A database in memory is one
//! connection for everybody.

pub(crate) mod accounts;
pub(crate) mod authorisations;
pub(crate) mod cards;
pub(crate) mod challenges;
pub(crate) mod customers;
pub(crate) mod idempotency;
mod migrations;
pub(crate) mod programme;
mod rows;
pub(crate) use rows::InactiveCause;
pub(crate) mod signing_keys;
pub(crate) mod steps;
pub(crate) mod transactions;

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Sqlite, SqlitePool, Transaction};

use crate::settings::Database;

/// A database transaction that owns its connection.
pub(crate) type Tx = Transaction<'static, Sqlite>;

/// The database cannot do what was asked of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A query failed, or a row holds what this version cannot read.
    #[error("the database refused a query")]
    Query(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error(
        "the database's schema cannot be brought up to date: was it written by a newer version, or is it not a sandbox database?"
    )]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The file cannot be opened or made.
    #[error(
        "the database {} cannot be opened: check that its folder exists and may be written, and \
         that the file is a sandbox's", path.display()
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// What is in the way.
        source: sqlx::Error,
    },
    /// Another sandbox has the file open. Two would not know of each other's running calls.
    #[error(
        "another sandbox works on the database {}: stop that one, or give this one a file of its \
         own", .0.display()
    )]
    InUse(PathBuf),
    /// A transaction was used after its end.
    #[error("the request's transaction has already ended")]
    Ended,
}

const READERS: u32 = 4;

/// An open database.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Held as long as the store lives.
    _lock: Option<Arc<File>>,
}

impl Store {
    /// Opens the database, makes it where it does not exist, and brings its schema up to date.
    pub(crate) async fn open(database: &Database) -> Result<Self, StoreError> {
        let lock = match database {
            Database::Memory => None,
            Database::File(path) => Some(Arc::new(reserve(path)?)),
        };
        let options = options(database);
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(|source| unopened(database.path(), source))?;
        migrations::migrator().run(&writer).await?;
        let readers = match database {
            Database::Memory => writer.clone(),
            Database::File(_) => pool(READERS).connect_lazy_with(options),
        };
        Ok(Self {
            writer,
            readers,
            _lock: lock,
        })
    }

    /// A transaction that may write. Others that want to wait until it ends.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Waits for the connections in use and closes the database.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Makes the file where it does not exist, and keeps other sandboxes away from it: which calls
/// still run is known to one process only. The lock is on a file beside, since SQLite has locks of
/// its own on the database; it is let go when the process ends, however it does.
fn reserve(path: &Path) -> Result<File, StoreError> {
    if path.is_dir() {
        return Err(unopened(
            path,
            io::Error::from(io::ErrorKind::IsADirectory).into(),
        ));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push("-lock");
    let lock = private(Path::new(&beside)).map_err(|error| unopened(path, error.into()))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => return Err(unopened(path, error.into())),
    }
    private(path).map_err(|error| unopened(path, error.into()))?;
    Ok(lock)
}

/// A file that only its owner may read, since it holds the secret of every token. SQLite gives the
/// files beside it the same permissions.
fn private(path: &Path) -> io::Result<File> {
    let mut file = OpenOptions::new();
    file.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    file.open(path)
}

fn unopened(path: &Path, source: sqlx::Error) -> StoreError {
    let path = path.to_owned();
    StoreError::Open { path, source }
}

fn options(database: &Database) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .foreign_keys(true)
        .create_if_missing(true);
    match database {
        Database::Memory => options.in_memory(true),
        Database::File(path) => on_disk(options, path),
    }
}

fn on_disk(options: SqliteConnectOptions, path: &Path) -> SqliteConnectOptions {
    options
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(10))
}

/// Connections live as long as the pool: a database in memory would vanish with its connection.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .min_connections(1)
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
}
