//! What a sandbox takes from the outside world.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::clock::{Clock, SystemClock};
use crate::random::{Random, SeededRandom, SystemRandom};

/// What a sandbox has from the outside world: time and randomness.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The clock of callers and receivers, by which signatures are dated. It is
    /// [`clock`](Self::clock) unless that is one they do not know.
    pub signing_clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
    /// Where the sandbox's clock stands still until it is set; `None` where it shows
    /// [`clock`](Self::clock). A database that keeps how its clock stands goes by that.
    pub frozen_at: Option<DateTime<Utc>>,
}

impl Surroundings {
    /// The machine's clock and the operating system's randomness.
    pub fn real() -> Self {
        Self::new(SystemClock, SystemRandom)
    }

    /// A clock and a source of randomness of one's own.
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
    /// still dated by [`signing_clock`](Self::signing_clock), which callers go by.
    pub fn frozen(mut self, instant: DateTime<Utc>) -> Self {
        self.frozen_at = Some(instant);
        self
    }

    /// For runs that repeat: a clock that stands at `instant` until it is set, and randomness from a
    /// seed. Callers sign by the machine's clock, which they go by.
    pub fn repeatable(instant: DateTime<Utc>, seed: u64) -> Self {
        Self::new(SystemClock, SeededRandom::new(seed)).frozen(instant)
    }
}
