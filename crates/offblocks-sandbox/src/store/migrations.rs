//! The schema's history, embedded in the program.

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Every version in order. A published one never changes; what comes later is a new file.
const HISTORY: &[(i64, &str, &str)] = &[
    (1, "sandbox", include_str!("migrations/0001_sandbox.sql")),
    (3, "webhooks", include_str!("migrations/0003_webhooks.sql")),
];

pub(super) fn migrator() -> Migrator {
    Migrator::with_migrations(HISTORY.iter().map(migration).collect())
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
