//! How far a job is.

use std::sync::Mutex;
use std::sync::PoisonError;

use super::row::RowOutcome;

/// How far this run is. The counts are of this run alone. The journal has those of earlier runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Rows that got their card.
    pub issued: u64,
    /// Of these, rows whose card was found among the account's cards.
    pub found: u64,
    /// Rows that ended with a failure.
    pub failed: u64,
    /// Rows that are worked on now.
    pub in_flight: u64,
}

impl Progress {
    /// The rows that have ended.
    #[must_use]
    pub const fn ended(&self) -> u64 {
        self.issued + self.failed
    }
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// What this run did.
    pub progress: Progress,
    /// Whether it was cancelled before the last row.
    pub cancelled: bool,
}

/// The counters that all workers of a run share.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<Progress>);

impl Counters {
    pub(crate) fn now(&self) -> Progress {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn begun(&self) -> Progress {
        self.change(|progress| progress.in_flight += 1)
    }

    pub(crate) fn left(&self) -> Progress {
        self.change(|progress| progress.in_flight -= 1)
    }

    pub(crate) fn ended(&self, outcome: &RowOutcome) -> Progress {
        self.change(|progress| {
            progress.in_flight -= 1;
            match outcome {
                RowOutcome::Issued { found, .. } => {
                    progress.issued += 1;
                    progress.found += u64::from(*found);
                }
                RowOutcome::Failed(_) => progress.failed += 1,
            }
        })
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) -> Progress {
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut progress);
        *progress
    }
}
