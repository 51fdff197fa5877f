//! Why a journal's file cannot be used.

use std::io;
use std::path::PathBuf;

/// Why a journal's file cannot be used. Nothing was ordered, and the file is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileJournalError {
    /// The file system fails.
    #[error("the journal {path} cannot be used: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        #[source]
        error: io::Error,
    },
    /// Another process works with it.
    #[error("the journal {path} is in use by another process; wait until that has ended")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A line is damaged, and it is not only the end of an interrupted write.
    #[error(
        "the journal {path} is damaged in line {line}, from byte {offset} on: {reason}. Restore a copy of it; or open it with `repair`, which drops the rest from there and looks every row up before it is sent"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from one.
        line: u64,
        /// Where the line begins, in bytes from the beginning of the file.
        offset: u64,
        /// What is wrong there.
        reason: String,
    },
    /// The file is something else.
    #[error("{path} is not a journal of a bulk job: {reason}. Name another file")]
    NotAJournal {
        /// The file.
        path: PathBuf,
        /// What is wrong with its first line.
        reason: String,
    },
    /// The rows are not those with which the job began.
    #[error(
        "rows {from} to {to} (from zero, the last one excluded) are not those that the journal {path} was made with; run the job with its own rows, or begin another job with another journal"
    )]
    OtherRows {
        /// The file.
        path: PathBuf,
        /// The first row of the part that differs.
        from: u64,
        /// The row after the last one of the part.
        to: u64,
    },
}
