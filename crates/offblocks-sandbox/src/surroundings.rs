//! What a sandbox takes from the outside world.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::clock::{Clock, ManualClock, SystemClock};
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
        }
    }

    /// For runs that repeat: a clock that stands at `instant`, and randomness from a seed. Callers
    /// sign by the machine's clock, which they go by.
    pub fn repeatable(instant: DateTime<Utc>, seed: u64) -> Self {
        Self {
            signing_clock: Arc::new(SystemClock),
            ..Self::new(ManualClock::new(instant), SeededRandom::new(seed))
        }
    }
}
