//! Why an operation of the database failed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::error::ErrorKind;
use sqlx::postgres::PgDatabaseError;

use crate::settings::{Database, PostgresSchema};

/// An operation of the database failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A query failed, or a row holds a value that this version cannot read.
    #[error("the database rejected a query")]
    Query(#[source] Arc<sqlx::Error>),
    /// The database cannot be used at the moment. It can be used again once the reason is removed.
    #[error("{outage}")]
    Unavailable {
        /// What is in the way.
        outage: Outage,
        /// What the database said, where it said anything.
        source: Option<Arc<sqlx::Error>>,
    },
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
    /// The PostgreSQL server cannot be reached, or rejects the login.
    #[error(
        "the database {database} cannot be connected to: check that the server runs, that the \
         database exists, and that its user may use it with this password"
    )]
    Connect {
        /// The database.
        database: PostgresSchema,
        /// What is in the way.
        source: sqlx::Error,
    },
    /// Another sandbox has the file open. Two would not know of each other's running calls.
    #[error(
        "another sandbox works on the database {}: stop that one, or give this one a file of its \
         own", .0.display()
    )]
    InUse(PathBuf),
    /// The file has several names. SQLite names the files beside a database after it, so under
    /// each name it would see another state.
    #[error(
        "the database {} has hard links: remove the other names, or copy the file and name the \
         copy", .0.display()
    )]
    HardLinks(PathBuf),
    /// The file or schema is not a sandbox's database.
    #[error(
        "{database} is not a sandbox's database: {reason}. It was left as it is; name another one"
    )]
    Foreign {
        /// The file or schema.
        database: Database,
        /// What it is instead.
        reason: &'static str,
    },
    /// The database was written by a newer version.
    #[error(
        "the database {database} was written by a newer version (its schema is {version}, this \
         version knows {newest}): use that version, or name another database"
    )]
    Newer {
        /// The database.
        database: Database,
        /// Its schema.
        version: u32,
        /// The newest schema that this version knows.
        newest: u32,
    },
    /// The database has no key to sign webhook deliveries with.
    #[error(
        "the database has no key to sign webhook deliveries with: restart the sandbox, which makes \
         one where it is missing"
    )]
    NoWebhookKey,
    /// The key that webhook deliveries are signed with cannot be used.
    #[error("the key that webhook deliveries are signed with cannot be used")]
    WebhookKey(#[source] offblocks_signature::KeyError),
    /// A transaction was used after its end.
    #[error("the request's transaction has already ended")]
    Ended,
}

/// Why the database cannot be used at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Outage {
    /// Its disk is full, or it has reached the size it may have.
    #[error(
        "the database has no room left: free some space on its disk, or let it grow larger; then \
         repeat the call"
    )]
    Full,
    /// Another program holds a lock on it, or another sandbox writes for too long.
    #[error(
        "another program has locked the database: let that program finish or stop it, then repeat \
         the call"
    )]
    Locked,
    /// The file or schema was deleted, moved or replaced while the sandbox works on it.
    #[error(
        "the database was deleted, moved or replaced while the sandbox uses it: put it back, or \
         restart the sandbox"
    )]
    Gone,
    /// The database server cannot be reached, or does not serve at the moment.
    #[error(
        "the database server cannot be reached: start it or wait until it serves, then repeat the \
         call"
    )]
    Unreachable,
    /// The database server does not write, since it is a standby.
    #[error(
        "the database server does not write, since it is a standby: name the primary, or promote \
         this one, then repeat the call"
    )]
    ReadOnly,
    /// Reading or writing the file failed.
    #[error("the database file cannot be read or written: check its disk, then repeat the call")]
    Io,
    /// The transaction was rolled back together with another request's.
    #[error("the database rolled the call back together with another one: repeat the call")]
    RolledBack,
    /// All connections are in use for too long.
    #[error("the database is too busy: repeat the call")]
    Busy,
    /// The sandbox is stopping.
    #[error("the database is closed, since the sandbox stops")]
    Closed,
}

impl StoreError {
    /// A state of the database that no query has caused.
    pub(crate) const fn unavailable(outage: Outage) -> Self {
        let source = None;
        Self::Unavailable { outage, source }
    }

    /// The same error for another caller that waited for the same thing.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Query(error) => Self::Query(Arc::clone(error)),
            Self::Unavailable { outage, source } => Self::Unavailable {
                outage: *outage,
                source: source.clone(),
            },
            _ => Self::unavailable(Outage::Io),
        }
    }

    /// Logs that something failed, unless it was an outage. An outage is logged once, when it begins
    /// ([`Health::failed`](super::Health::failed)), and not for every call that meets it.
    pub(crate) fn log(&self, what: &str) {
        if !matches!(self, Self::Unavailable { .. }) {
            let error: &dyn std::error::Error = self;
            tracing::error!(error, "{what}");
        }
    }

    /// The file cannot be opened.
    pub(super) fn unopened(path: &Path, source: sqlx::Error) -> Self {
        let path = path.to_owned();
        Self::Open { path, source }
    }

    /// What is in the way, where it passes.
    pub(crate) fn outage(&self) -> Option<Outage> {
        match self {
            Self::Unavailable { outage, .. } => Some(*outage),
            Self::Connect { source, .. } => outage(source),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<sqlx::Error>> for StoreError {
    fn from(error: Arc<sqlx::Error>) -> Self {
        match outage(&error) {
            Some(outage) => Self::Unavailable {
                outage,
                source: Some(error),
            },
            None => Self::Query(error),
        }
    }
}

fn outage(error: &sqlx::Error) -> Option<Outage> {
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code()?;
            match error.try_downcast_ref::<PgDatabaseError>() {
                Some(_) => sqlstate(&code),
                None => primary(code.parse().ok()?),
            }
        }
        sqlx::Error::PoolTimedOut => Some(Outage::Busy),
        sqlx::Error::PoolClosed => Some(Outage::Closed),
        // Only a server is read from and written to by way of a socket.
        sqlx::Error::Io(_) => Some(Outage::Unreachable),
        sqlx::Error::WorkerCrashed => Some(Outage::Io),
        _ => None,
    }
}

/// Which rule of its table a row breaks that could not be written; `None` where something else failed.
pub(super) fn broken_rule(error: &sqlx::Error) -> Option<&'static str> {
    let error = error.as_database_error()?;
    Some(match error.kind() {
        ErrorKind::UniqueViolation => "another row before it has the same key",
        ErrorKind::ForeignKeyViolation => "it refers to a row that is not there",
        ErrorKind::NotNullViolation => "a value is missing in it",
        ErrorKind::CheckViolation => "a value in it is not allowed",
        _ => {
            let code = error.code()?;
            let is_rule = match error.try_downcast_ref::<PgDatabaseError>() {
                // Values out of range, other rules of the table, values that are too large.
                Some(_) => matches!(code.get(..2), Some("22" | "23" | "54")),
                // CONSTRAINT
                None => code.parse::<u32>().is_ok_and(|code| code & 0xff == 19),
            };
            is_rule.then_some("the database does not take its values")?
        }
    })
}

/// By PostgreSQL's code, whose first two characters are its class
/// (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn sqlstate(code: &str) -> Option<Outage> {
    match code {
        // Disk full.
        "53100" => Some(Outage::Full),
        // A lock, or the whole statement, took too long.
        "55P03" => Some(Outage::Locked),
        "57014" => Some(Outage::Busy),
        // The transaction was given up: for another one, or since it stood still for too long.
        "25P02" | "25P03" | "40001" | "40P01" => Some(Outage::RolledBack),
        // The database or its schema was dropped.
        "3D000" | "3F000" | "42P01" | "57P04" => Some(Outage::Gone),
        "25006" => Some(Outage::ReadOnly),
        // Connections, resources, interventions by an operator, errors of the system.
        _ => match code.get(..2)? {
            "08" | "28" | "57" => Some(Outage::Unreachable),
            "53" => Some(Outage::Busy),
            "58" => Some(Outage::Io),
            _ => None,
        },
    }
}

/// By SQLite's result code, whose lowest byte is the primary one
/// (<https://www.sqlite.org/rescode.html>).
const fn primary(code: u32) -> Option<Outage> {
    /// The file beside the database that all its connections map could not grow.
    const IOERR_SHMSIZE: u32 = 10 | (19 << 8);
    if code == IOERR_SHMSIZE {
        return Some(Outage::Full);
    }
    match code & 0xff {
        // BUSY, LOCKED
        5 | 6 => Some(Outage::Locked),
        // NOMEM, IOERR, CANTOPEN
        7 | 10 | 14 => Some(Outage::Io),
        // READONLY: also how a file that was moved shows itself (READONLY_DBMOVED).
        8 if code == 8 | (4 << 8) => Some(Outage::Gone),
        8 => Some(Outage::Io),
        13 => Some(Outage::Full),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_codes_are_told_apart() {
        for (code, expected) in [
            (5, Some(Outage::Locked)),
            (517, Some(Outage::Locked)),
            (13, Some(Outage::Full)),
            (4874, Some(Outage::Full)),
            (778, Some(Outage::Io)),
            (1032, Some(Outage::Gone)),
            (1, None),
            (19, None),
        ] {
            assert_eq!(primary(code), expected, "result code {code}");
        }
        for (code, expected) in [
            ("53100", Some(Outage::Full)),
            ("55P03", Some(Outage::Locked)),
            ("40001", Some(Outage::RolledBack)),
            ("57P01", Some(Outage::Unreachable)),
            ("25006", Some(Outage::ReadOnly)),
            ("08006", Some(Outage::Unreachable)),
            ("53300", Some(Outage::Busy)),
            ("42P01", Some(Outage::Gone)),
            ("23505", None),
            ("42601", None),
        ] {
            assert_eq!(sqlstate(code), expected, "SQLSTATE {code}");
        }
    }
}
