//! The schema's history, embedded in the program.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Row as _, SqlSafeStr as _, SqliteConnection};

use super::StoreError;
use super::recognise::APPLICATION_ID;

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
];

fn migrator() -> Migrator {
    Migrator::with_migrations(HISTORY.iter().map(migration).collect())
}

/// The schema of the first version, for tests that open an old database.
#[cfg(test)]
pub(super) fn first_version() -> Migrator {
    Migrator::with_migrations(HISTORY.iter().take(1).map(migration).collect())
}

/// The version of the schema after all of them.
pub(crate) fn newest() -> u32 {
    let newest = HISTORY.iter().map(|&(version, ..)| version).max();
    newest
        .and_then(|version| version.try_into().ok())
        .expect("there is a version, and they are small")
}

/// Brings the schema up to date, and says in the file's header whose it is.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    migrator().run(&mut *connection).await?;
    mark(connection).await?;
    let version = newest();
    set(connection, "user_version", version).await
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

fn migration(&(version, name, sql): &(i64, &'static str, &'static str)) -> Migration {
    let description = Cow::Borrowed(name);
    Migration::new(
        version,
        description,
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    )
}
