//! Why a snapshot cannot be written or read.

use std::io;

use crate::store::StoreError;

/// A snapshot cannot be written or read. After a failed restore everything is as it was before.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It cannot be written to its destination.
    #[error("the snapshot cannot be written")]
    Write(#[source] io::Error),
    /// It cannot be read from its source.
    #[error("the snapshot cannot be read")]
    Read(#[source] io::Error),
    /// It is something else.
    #[error(
        "line 1: this is not a snapshot of a sandbox ({reason}): name a file that a snapshot was written to"
    )]
    Foreign {
        /// What is wrong with its first line.
        reason: String,
    },
    /// A newer version wrote it.
    #[error(
        "line {line}: a newer version wrote this snapshot ({reason}): restore it with that version"
    )]
    Newer {
        /// The line, from 1.
        line: u64,
        /// What this version does not know.
        reason: String,
    },
    /// It was changed, or a part of it is missing.
    #[error("line {line}, column {column}: the snapshot is damaged: {reason}; nothing was changed")]
    Damaged {
        /// The line, from 1.
        line: u64,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for SnapshotError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
