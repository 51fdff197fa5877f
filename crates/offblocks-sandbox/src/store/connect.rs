//! Connections to SQLite.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool};

use super::file::DatabaseFile;
use super::readers::Readers;
use super::recognise::Origin;
use super::sql::{Connection, Writing};
use super::{StoreError, migrations};
use crate::settings::{Database, Settings};

/// How many connections read a file one statement at a time, and how many read several that see one
/// state.
const READERS: u32 = 2;
const SNAPSHOTS: u32 = 3;

/// How long a connection waits for a lock of another program, and a reader for a connection.
const WAIT_TIMEOUT: Duration = Duration::from_secs(1);

/// The size of a page, which SQLite's own default is too.
const PAGE: u64 = 4096;

/// Opens connections to one database.
#[derive(Debug)]
pub(super) struct Connector {
    options: SqliteConnectOptions,
    file: Option<Arc<DatabaseFile>>,
    /// Never used: a database in memory lives as long as any connection to it is open.
    _anchor: Option<SqliteConnection>,
}

impl Connector {
    /// Opens a database, with the first connection to it.
    pub(super) async fn open(settings: &Settings) -> Result<(Self, Connection), StoreError> {
        let (options, file) = match &settings.database {
            Database::Memory | Database::Postgres(_) => (in_memory(), None),
            Database::File(path) => {
                let file = DatabaseFile::open(path).await?;
                if file.origin() == Origin::New {
                    begin(path).await?;
                }
                (on_disk(path), Some(Arc::new(file)))
            }
        };
        let options = limited(options, settings.max_database_size);
        let failed = |error| StoreError::unopened(settings.database.path(), error);
        let connection = options.connect().await.map_err(failed)?;
        let anchor = match &file {
            None => Some(options.connect().await?),
            Some(_) => None,
        };
        let connector = Self {
            options,
            file,
            _anchor: anchor,
        };
        Ok((connector, Connection::Sqlite(Writing::new(connection))))
    }

    pub(super) const fn file(&self) -> Option<&Arc<DatabaseFile>> {
        self.file.as_ref()
    }

    /// Whether the file is still the one that was opened.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match &self.file {
            Some(file) => file.check(),
            None => Ok(()),
        }
    }

    pub(super) async fn connect(&self) -> Result<Connection, sqlx::Error> {
        let connection = self.options.connect().await?;
        let mut connection = Connection::Sqlite(Writing::new(connection));
        keep_savepoints_in_memory(&mut connection).await?;
        Ok(connection)
    }

    /// Connections that read one statement at a time. `None` for a database in memory.
    pub(super) async fn readers(&self) -> Result<Option<Arc<Readers>>, sqlx::Error> {
        match &self.file {
            None => Ok(None),
            Some(_) => Readers::open(&self.options, READERS, WAIT_TIMEOUT)
                .await
                .map(Some),
        }
    }

    /// Connections that read several statements of one state, all of them open: later the process
    /// may have no file descriptor left. `None` for a database in memory.
    pub(super) async fn snapshots(&self) -> Result<Option<SqlitePool>, sqlx::Error> {
        if self.file.is_none() {
            return Ok(None);
        }
        let pool = SqlitePoolOptions::new()
            .max_connections(SNAPSHOTS)
            .acquire_timeout(WAIT_TIMEOUT)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(self.options.clone())
            .await?;
        let mut open = Vec::new();
        for _ in 0..SNAPSHOTS {
            open.push(pool.acquire().await?);
        }
        drop(open);
        Ok(Some(pool))
    }
}

/// Savepoints are kept in memory from here on. Migrations, which may sort a whole table, come before.
pub(super) async fn keep_savepoints_in_memory(
    connection: &mut Connection,
) -> Result<(), sqlx::Error> {
    match connection.dialect().savepoints() {
        (Some(statement), _) => connection.run(statement).await,
        (None, _) => Ok(()),
    }
}

/// A database in memory that several connections can share, so that it outlives any one of them.
/// The name is unique within the process, and no other process sees it.
fn in_memory() -> SqliteConnectOptions {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // SQLite shares databases of this kind by name when the name begins with a slash.
    common()
        .filename(format!("/offblocks-sandbox-{number}"))
        .vfs("memdb")
        .create_if_missing(true)
}

/// The file exists by now. One that was deleted meanwhile is not made anew.
fn on_disk(path: &Path) -> SqliteConnectOptions {
    common()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
}

/// Makes an empty file a sandbox's.
async fn begin(path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::unopened(path, error);
    let options = common().filename(path).create_if_missing(false);
    let mut connection = options.connect().await.map_err(failed)?;
    migrations::mark(&mut connection).await?;
    connection.close().await.map_err(failed)
}

fn common() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .foreign_keys(true)
        .busy_timeout(WAIT_TIMEOUT)
        // Statements that write many rows are thousands of characters long, and a busy disk makes
        // any of them slow.
        .disable_statement_logging()
}

fn limited(options: SqliteConnectOptions, size: Option<u64>) -> SqliteConnectOptions {
    match size {
        Some(size) => options.pragma("max_page_count", (size / PAGE).max(1).to_string()),
        None => options,
    }
}
