//! Why a journal in PostgreSQL cannot be used.

use crate::bulk::journal::JournalError;

/// Why a journal in PostgreSQL cannot be used. Nothing was ordered by the call that returned it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostgresJournalError {
    /// The database fails, or cannot be reached.
    #[error("the database of the job failed: {0}; remove the cause and start again")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The tables cannot be made, or belong to a newer version.
    #[error(
        "the tables of the schema {schema} cannot be brought up to date: {error}; update this \
         program, or name another schema"
    )]
    Tables {
        /// The schema.
        schema: String,
        /// What the database says.
        #[source]
        error: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The name of the schema cannot be used.
    #[error(
        "{0:?} is not a valid name of a schema: write up to 50 lower case letters, digits and _, \
         not beginning with a digit or pg_"
    )]
    Schema(String),
    /// There is no job of this name, or its rows are not all there yet.
    #[error("there is no job {0:?} with all its rows; start it with its rows first")]
    NoJob(String),
    /// The rows are not those with which the job began.
    #[error(
        "the rows from {from} on (from zero) are not those that the job {job:?} began with; run the \
         job with its own rows, or begin another job under another name"
    )]
    OtherRows {
        /// The job.
        job: String,
        /// The first row of the part that differs.
        from: u64,
    },
    /// A value in the tables is not one that this version writes.
    #[error(
        "row {row} of the job holds a value that this version does not know; install a newer version"
    )]
    Value {
        /// The number of the row.
        row: u64,
    },
}

impl From<sqlx::Error> for PostgresJournalError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<PostgresJournalError> for JournalError {
    fn from(error: PostgresJournalError) -> Self {
        Self::new(error)
    }
}
