//! Whether a file is a sandbox's database, found out without changing anything.
//!
//! A sandbox's database carries an application id and the version of its schema in the header of
//! the file (<https://www.sqlite.org/fileformat.html>, section 1.3). Databases of the first
//! version have no application id yet; they are known by their migrations.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::beside::beside;
use super::{StoreError, migrations};
use crate::settings::Database;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const HEADER: u64 = 100;
const USER_VERSION: usize = 60;
const APPLICATION: usize = 68;

/// What a file was before it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Nothing: it is empty.
    New,
    /// A sandbox's database.
    Sandbox,
}

/// What the file is.
///
/// # Errors
/// When it is not a sandbox's, or a newer version's.
pub(super) async fn origin(path: &Path, file: &File) -> Result<Origin, StoreError> {
    let header = header(file).map_err(|error| StoreError::unopened(path, error.into()))?;
    if header.is_empty() {
        return Ok(Origin::New);
    }
    let foreign = |reason| StoreError::Foreign {
        database: Database::File(path.to_owned()),
        reason,
    };
    if !header.starts_with(MAGIC) || (header.len() as u64) < HEADER {
        return Err(foreign("it is not an SQLite database"));
    }
    match number(&header, APPLICATION) {
        migrations::APPLICATION_ID => {}
        0 if is_of_first_version(path).await => return Ok(Origin::Sandbox),
        0 => return Err(foreign("it holds other tables")),
        _ => return Err(foreign("it belongs to another application")),
    }
    let (version, newest) = (number(&header, USER_VERSION), migrations::newest());
    if version > newest {
        return Err(StoreError::Newer {
            database: Database::File(path.to_owned()),
            version,
            newest,
        });
    }
    Ok(Origin::Sandbox)
}

fn header(mut file: &File) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    io::Read::by_ref(&mut file)
        .take(HEADER)
        .read_to_end(&mut header)?;
    Ok(header)
}

fn number(header: &[u8], offset: usize) -> u32 {
    let bytes = header[offset..].first_chunk();
    u32::from_be_bytes(*bytes.expect("the caller checked the header's length"))
}

async fn is_of_first_version(path: &Path) -> bool {
    let log = beside(path, "-wal");
    let found = match std::fs::metadata(&log) {
        Ok(log) if log.len() > 0 => in_copy(path).await,
        _ => in_place(path).await,
    };
    found.unwrap_or(false)
}

/// Looks into the file itself. An immutable one is neither locked nor given files beside it.
async fn in_place(path: &Path) -> Result<bool, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path);
    has_migrations(options.read_only(true).immutable(true).connect().await?).await
}

/// Looks into a copy, since reading a database with a write-ahead log changes the files beside it.
async fn in_copy(path: &Path) -> Result<bool, sqlx::Error> {
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.db");
    std::fs::copy(path, &copy)?;
    std::fs::copy(beside(path, "-wal"), beside(&copy, "-wal"))?;
    has_migrations(SqliteConnectOptions::new().filename(copy).connect().await?).await
}

async fn has_migrations(mut connection: SqliteConnection) -> Result<bool, sqlx::Error> {
    let query = sqlx::query(
        "SELECT 1 FROM _sqlx_migrations WHERE version = 1 AND description = 'sandbox' \
         AND EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'scheduled_steps')",
    );
    let found = query.fetch_optional(&mut connection).await?;
    connection.close().await?;
    Ok(found.is_some())
}
