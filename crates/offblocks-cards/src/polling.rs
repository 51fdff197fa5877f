//! How often waiting polls, and for how long.

use std::time::Duration;

/// How often to poll for a change and when to give up.
///
/// The intervals between two polls grow: first `first_interval`, then twice as long each time, up
/// to `longest_interval`. A pause is a random time between half of its interval and the whole interval, so
/// that waits that began together do not poll together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollingPolicy {
    /// The time between the first poll and the second.
    pub first_interval: Duration,
    /// The longest time between two polls.
    pub longest_interval: Duration,
    /// The time after which to give up. There is one last poll at that instant.
    pub timeout: Duration,
}

impl Default for PollingPolicy {
    /// From 200 milliseconds up to five seconds, for two minutes: the sandbox decides within
    /// seconds, the live programme within a minute or so.
    fn default() -> Self {
        Self {
            first_interval: Duration::from_millis(200),
            longest_interval: Duration::from_secs(5),
            timeout: Duration::from_secs(120),
        }
    }
}

impl PollingPolicy {
    /// The same policy with another timeout.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// The interval after the first poll.
    pub(crate) fn first(self) -> Duration {
        self.first_interval.min(self.longest_interval)
    }

    /// The interval that follows this one.
    pub(crate) fn after(self, interval: Duration) -> Duration {
        interval.saturating_mul(2).min(self.longest_interval)
    }
}
