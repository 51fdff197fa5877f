//! The time and randomness of a sandbox, which are given to it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::clock::{Clock, SystemClock};
use crate::random::{Random, SeededRandom, SystemRandom};

/// The time and randomness of a sandbox, which are given to it.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The clock that callers and receivers use, by which signatures are dated. It is
    /// [`clock`](Self::clock) unless they use another one.
    pub signing_clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
    /// Where the sandbox's clock stands still until it is set; `None` where it shows
    /// [`clock`](Self::clock). If the database keeps a clock that was set, that one is used.
    pub frozen_at: Option<DateTime<Utc>>,
}

impl Surroundings {
    /// The machine's clock and the operating system's randomness.
    pub fn real() -> Self {
        Self::new(SystemClock, SystemRandom)
    }

    /// This clock and this source of randomness.
    pub fn new(clock: impl Clock, random: impl Random) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        Self {
            signing_clock: Arc::clone(&clock),
            clock,
            random: Arc::new(random),
            frozen_at: None,
        }
    }

    /// The same with a sandbox's clock that stands at `instant` until it is set. Signatures are
    /// still dated by [`signing_clock`](Self::signing_clock), which callers use.
    pub fn frozen(mut self, instant: DateTime<Utc>) -> Self {
        self.frozen_at = Some(instant);
        self
    }

    /// For runs that repeat: a clock that stands at `instant` until it is set, and randomness from a
    /// seed. Callers sign by the machine's clock.
    pub fn repeatable(instant: DateTime<Utc>, seed: u64) -> Self {
        Self::new(SystemClock, SeededRandom::new(seed)).frozen(instant)
    }
}
