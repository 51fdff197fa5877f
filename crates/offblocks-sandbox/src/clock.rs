//! The sandbox's only source of time.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// Tells the time.
///
/// Everything the sandbox decides by time (token and challenge lifetimes, due steps, signature
/// age) asks this one trait, so a test never waits and a run can be repeated.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The current instant, to the nanosecond where the platform has it.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's own clock. Only the edge constructs it: [`crate::Surroundings::real`].
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the wall clock"
    )]
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }
}

/// A clock that stands still until it is told to move. Clones share the same hands.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<DateTime<Utc>>>);

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// Moves the hands forward.
    pub fn advance(&self, by: Duration) {
        let mut hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *hands += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(DateTime::UNIX_EPOCH);
        let shared = clock.clone();
        assert_eq!(shared.now(), DateTime::UNIX_EPOCH);
        clock.advance(Duration::from_secs(5));
        assert_eq!(shared.now().timestamp(), 5);
    }
}
