//! The machine's clock and timer. No other module of this crate reads them.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use offblocks_signature::Clock;

use crate::timer::Timer;

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

/// The timer of the tokio runtime.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
