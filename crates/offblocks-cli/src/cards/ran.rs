//! What a run of a job did, and how a person interrupts it.

use std::io::{self, Write as _};

use offblocks_cards::bulk::BulkControl;

/// What a run did, and how far the job is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ran {
    /// What this run did.
    pub(super) issued: u64,
    /// Of these, rows whose card was found among the account's cards.
    pub(super) found: u64,
    pub(super) failed: u64,
    /// What all runs of all workers did.
    pub(super) all_issued: u64,
    pub(super) all_failed: u64,
    /// Whether the run was interrupted.
    pub(super) cancelled: bool,
}

/// Cancels the run at the first Ctrl-C, and never returns: the run ends by itself.
pub(super) async fn cancelled_by_signal<T>(control: &BulkControl) -> T {
    if tokio::signal::ctrl_c().await.is_ok() {
        say("finishing the rows in flight; run the command again to continue");
        control.cancel();
    }
    std::future::pending().await
}

/// A message on the error stream. Where that is closed, the message is lost.
pub(crate) fn say(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}
