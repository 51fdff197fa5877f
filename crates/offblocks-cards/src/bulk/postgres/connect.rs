//! Connections for a worker.

use std::str::FromStr as _;
use std::time::Duration;

use offblocks_client::reqwest::Url;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::error::PostgresJournalError;

/// How long a worker waits for a connection.
const WAIT_TIMEOUT: Duration = Duration::from_secs(30);

/// The parameters of a URL that name files, with their other spellings.
const FILES: &[&str] = &[
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
];

/// Connections to the database of this URL, `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, this many
/// at most. What the URL leaves out is taken from `PGHOST`, `PGPASSWORD`, `PGPASSFILE` and so on. A
/// statement that takes longer than half a minute fails.
///
/// With the feature `postgres-tls` they are encrypted as the URL's `sslmode` says. Without `sslmode` they are
/// encrypted where the server offers it. With `verify-full` the server's certificate must be valid, by the
/// roots that browsers use or those of the file `sslrootcert`. A pool that you make yourself can be used too.
///
/// # Errors
/// When the URL is not valid, or names a file that cannot be read; the error does not repeat the URL.
/// Nothing is connected yet.
pub fn connect(url: &str, connections: u32) -> Result<PgPool, PostgresJournalError> {
    let invalid = || {
        PostgresJournalError::Database(
            "the URL is not valid: write postgres://USER:PASSWORD@HOST:PORT/DATABASE".into(),
        )
    };
    let options = PgConnectOptions::from_str(url).map_err(|_| invalid())?;
    check_files(&Url::parse(url).map_err(|_| invalid())?)?;
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("offblocks-bulk"),
    };
    let options = options.options([("statement_timeout", "30s"), ("lock_timeout", "20s")]);
    Ok(PgPoolOptions::new()
        .max_connections(connections.max(2))
        .acquire_timeout(WAIT_TIMEOUT)
        .connect_lazy_with(options))
}

/// The code that opens the files later does not say which of them it could not open.
fn check_files(url: &Url) -> Result<(), PostgresJournalError> {
    for (name, file) in url.query_pairs() {
        if !FILES.contains(&&*name) {
            continue;
        }
        std::fs::File::open(&*file).map_err(|error| {
            let reason = format!("{file}, which {name} names, cannot be read: {error}");
            PostgresJournalError::Database(reason.into())
        })?;
    }
    Ok(())
}
