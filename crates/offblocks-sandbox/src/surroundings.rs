//! What a sandbox takes from the outside world.

use std::sync::Arc;

use crate::clock::{Clock, SystemClock};
use crate::random::{Random, SystemRandom};

/// What a sandbox has from the outside world: time and randomness.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
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
        Self {
            clock: Arc::new(clock),
            random: Arc::new(random),
        }
    }
}
