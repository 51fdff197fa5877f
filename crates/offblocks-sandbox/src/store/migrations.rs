//! The schema's history, embedded in the program.

use std::borrow::Cow;

use sqlx::migrate::{Migrate, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Row as _, SqlSafeStr as _, SqliteConnection};

use super::StoreError;
use super::sql::{Connection, Dialect};

/// What SQLite calls the application id of a sandbox's database: "OffB" in ASCII.
pub(super) const APPLICATION_ID: u32 = u32::from_be_bytes(*b"OffB");

/// Every version in order. A published one never changes; what comes later is a new file.
const HISTORY: &[(i64, &str, &str)] = &[
    (1, "sandbox", include_str!("migrations/0001_sandbox.sql")),
    (
        2,
        "secret scheme",
        include_str!("migrations/0002_secret_scheme.sql"),
    ),
    (3, "webhooks", include_str!("migrations/0003_webhooks.sql")),
    (4, "ledger", include_str!("migrations/0004_ledger.sql")),
    (5, "claims", include_str!("migrations/0005_claims.sql")),
    (6, "control", include_str!("migrations/0006_control.sql")),
    (7, "pages", include_str!("migrations/0007_pages.sql")),
    (8, "shared", include_str!("migrations/0008_shared.sql")),
    (9, "attempts", include_str!("migrations/0009_attempts.sql")),
];

fn migrator(dialect: Dialect) -> Migrator {
    let history = HISTORY.iter().map(|version| migration(version, dialect));
    Migrator::with_migrations(history.collect())
}

/// The schema of the first version, for tests that open an old database.
#[cfg(test)]
pub(super) fn first_version() -> Migrator {
    let first = migration(&HISTORY[0], Dialect::Sqlite);
    Migrator::with_migrations(vec![first])
}

/// The version of the schema after all of them.
pub(crate) fn newest() -> u32 {
    let newest = HISTORY.iter().map(|&(version, ..)| version).max();
    newest
        .and_then(|version| version.try_into().ok())
        .expect("there is a version, and they are small")
}

/// Brings the schema up to date. An SQLite file says in its header whose it is.
pub(super) async fn run(connection: &mut Connection) -> Result<(), StoreError> {
    let mut migrator = migrator(connection.dialect());
    match connection {
        Connection::Sqlite(connection) => {
            let connection = &mut **connection;
            direct(&migrator, connection).await?;
            mark(connection).await?;
            set(connection, "user_version", newest()).await
        }
        Connection::Postgres(connection) => {
            // The caller holds a lock of the schema; the library's own is one for the whole database.
            migrator.set_locking(false);
            direct(&migrator, connection).await
        }
        _ => unreachable!("readers are made once the schema is up to date"),
    }
}

/// On a connection of a known kind. `Migrator::run` takes any kind, and its future can then not be sent
/// to another thread.
async fn direct<C: Migrate + Send>(
    migrator: &Migrator,
    connection: &mut C,
) -> Result<(), StoreError> {
    Ok(migrator.run_direct(None, connection, false).await?)
}

/// Writes the application id, before anything else where the file is new: then it is in the
/// database itself, and not only in the write-ahead log.
pub(super) async fn mark(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    set(connection, "application_id", APPLICATION_ID).await
}

async fn set(
    connection: &mut SqliteConnection,
    pragma: &str,
    value: u32,
) -> Result<(), StoreError> {
    let query = sqlx::query(AssertSqlSafe(format!("PRAGMA {pragma}")));
    let found: u32 = query.fetch_one(&mut *connection).await?.try_get(0)?;
    if found != value {
        let query = sqlx::query(AssertSqlSafe(format!("PRAGMA {pragma} = {value}")));
        query.execute(connection).await?;
    }
    Ok(())
}

fn migration(
    &(version, name, sql): &(i64, &'static str, &'static str),
    dialect: Dialect,
) -> Migration {
    let sql = match dialect.schema(sql) {
        Cow::Borrowed(sql) => sql.into_sql_str(),
        Cow::Owned(sql) => AssertSqlSafe(sql).into_sql_str(),
    };
    let description = Cow::Borrowed(name);
    Migration::new(version, description, MigrationType::Simple, sql, false)
}
