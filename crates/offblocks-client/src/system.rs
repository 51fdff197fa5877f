//! The system clock and the system's randomness. No other module of this crate reads them.

use std::time::SystemTime;

use offblocks_signature::Clock;
use uuid::Uuid;

use crate::random::Random;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is where the clock is injected from"
        )]
        SystemTime::now()
    }
}

/// The machine's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn uuid(&self) -> Uuid {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is where randomness is injected from"
        )]
        Uuid::new_v4()
    }
}
