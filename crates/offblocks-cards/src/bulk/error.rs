//! Why a run of a job stopped before its end.

use offblocks_client::Error;

use super::journal::JournalError;

/// Why a run stopped before all rows had ended. The other rows are still open: remove the cause and run
/// the job again with the same journal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BulkError {
    /// A call failed in a way that concerns every row: no credentials, no key, or a server that responded
    /// to no row within [`patience`](super::BulkOptions::patience).
    #[error("the run stopped at row {row}; run the job again with the same journal: {error}")]
    Call {
        /// The number of the row at which it stopped.
        row: u64,
        /// The failure.
        #[source]
        error: Error,
    },
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
}
