//! Work that runs to its end.

use std::future::{Future, pending};
use std::panic::resume_unwind;

use super::error::PostgresJournalError;

/// Does this in a task of its own, so that it runs to its end though the caller is dropped.
///
/// A transaction that is dropped while it begins would stay open: sqlx 0.9 does not record that the server
/// has begun it, and gives its connection, with the locks it holds, to the next caller.
pub(super) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, PostgresJournalError>> + Send + 'static,
) -> Result<T, PostgresJournalError> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(ended) if ended.is_panic() => resume_unwind(ended.into_panic()),
        // The runtime shuts down, and this future with it.
        Err(_) => pending().await,
    }
}
