//! The real clock and the real source of chance: the only place that asks the machine.

use std::time::SystemTime;

use uuid::Uuid;

use crate::clock::{Clock, Random};

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
            reason = "this is where chance is injected from"
        )]
        Uuid::new_v4()
    }
}
