//! The schema that the tables are in, and its versions.

use std::fmt;
use std::sync::Arc;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection as _, PgPool, SqlSafeStr as _};

use super::error::PostgresJournalError;

/// The schema unless another one is named.
const DEFAULT: &str = "offblocks_bulk";

/// Every version in order. A published one never changes; what comes later is a new file.
const HISTORY: &[(i64, &str, &str)] = &[(
    1,
    "bulk jobs",
    include_str!("migrations/0001_bulk_jobs.sql"),
)];

/// The name of a schema that needs no quoting.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Schema(Arc<str>);

impl Default for Schema {
    fn default() -> Self {
        Self(DEFAULT.into())
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Schema {
    /// # Errors
    /// When the name cannot be used.
    pub(super) fn new(name: &str) -> Result<Self, PostgresJournalError> {
        let right = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let bytes = name.as_bytes();
        let begins = bytes.first().is_some_and(|first| !first.is_ascii_digit());
        let own = !name.starts_with("pg_") && name != "information_schema";
        match begins && own && bytes.iter().all(right) && bytes.len() <= 50 {
            true => Ok(Self(name.into())),
            false => Err(PostgresJournalError::Schema(name.to_owned())),
        }
    }

    /// A statement on the tables of the schema, which it names with an `@` before them.
    pub(super) fn sql(&self, statement: &'static str) -> AssertSqlSafe<String> {
        // The name has only letters, digits and underscores.
        AssertSqlSafe(statement.replace('@', &format!("{}.", self.0)))
    }

    /// Makes the schema where it does not exist, and brings its tables up to date. Of several
    /// workers that start at once one does this, and the others wait.
    pub(super) async fn prepare(&self, pool: &PgPool) -> Result<(), PostgresJournalError> {
        // It is closed afterwards, because it is left with settings of its own.
        let mut connection = pool.acquire().await?.detach();
        let lock = "SELECT pg_advisory_lock(hashtextextended('offblocks bulk ' || $1, 0))";
        sqlx::query(lock)
            .bind(&*self.0)
            .execute(&mut connection)
            .await?;
        let exists: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)")
                .bind(&*self.0)
                .fetch_one(&mut connection)
                .await?;
        if !exists {
            let create = AssertSqlSafe(format!("CREATE SCHEMA {}", self.0));
            sqlx::query(create).execute(&mut connection).await?;
        }
        let path = AssertSqlSafe(format!("SET search_path TO {}", self.0));
        sqlx::query(path).execute(&mut connection).await?;
        let migrated = migrator().run(&mut connection).await;
        migrated.map_err(|error| PostgresJournalError::Tables {
            schema: self.0.to_string(),
            error: error.into(),
        })?;
        Ok(connection.close().await?)
    }
}

fn migrator() -> Migrator {
    let history = HISTORY.iter().map(|&(version, description, statements)| {
        let kind = MigrationType::Simple;
        Migration::new(
            version,
            description.into(),
            kind,
            statements.into_sql_str(),
            false,
        )
    });
    let mut migrator = Migrator::with_migrations(history.collect());
    // The lock of the schema is held; the library's own is one for the whole database.
    migrator.set_locking(false);
    migrator
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_need_quoting_are_rejected() {
        for name in ["offblocks_bulk", "job_7", "_x"] {
            assert!(Schema::new(name).is_ok(), "{name}");
        }
        let long = "a".repeat(51);
        for name in ["", "7up", "pg_mine", "Jobs", "a-b", "a\"b", &long] {
            assert!(Schema::new(name).is_err(), "{name}");
        }
    }
}
