//! How a job is run.

use std::time::Duration;

/// How a bulk job is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkOptions {
    /// How many rows are worked on at the same time. The client's own limit of calls in flight and
    /// its retry budget apply too.
    pub concurrency: usize,
    /// For how long the server is assumed to keep a key. It has to be shorter than the hour for which
    /// OffBlocks keeps keys, by more than a call may take.
    pub key_lifetime: Duration,
    /// By how much the creation of a card of the job may lie before the start of the job on this
    /// machine's clock, because the server's clock differs.
    pub clock_tolerance: Duration,
    /// How long a row is tried again while its failures are temporary.
    pub patience: Duration,
    /// The pause after a row's first failure. It doubles with each further one.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
}

impl Default for BulkOptions {
    /// Sixteen rows at a time, keys used for 45 minutes, and cards of the last two minutes before the job
    /// counted as its own. Five minutes of patience, with pauses from half a second up to 30 seconds.
    fn default() -> Self {
        Self {
            concurrency: 16,
            key_lifetime: Duration::from_secs(45 * 60),
            clock_tolerance: Duration::from_secs(120),
            patience: Duration::from_secs(300),
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
        }
    }
}

impl BulkOptions {
    /// The same options with another number of rows at a time; at least one.
    #[must_use]
    pub fn with_concurrency(self, concurrency: usize) -> Self {
        Self {
            concurrency: concurrency.max(1),
            ..self
        }
    }

    /// The same options with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same options with another key lifetime.
    #[must_use]
    pub fn with_key_lifetime(self, key_lifetime: Duration) -> Self {
        Self {
            key_lifetime,
            ..self
        }
    }
}
