//! The timer that waiting uses.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Measures time and waits. All waiting goes through it, so that tests never wait.
pub trait Timer: fmt::Debug + Send + Sync + 'static {
    /// Time since some instant that stays the same for this timer; it never runs backwards.
    fn elapsed(&self) -> Duration;

    /// Completes when this much time has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// The timer of the tokio runtime.
#[derive(Clone, Copy, Debug)]
pub struct TokioTimer {
    start: tokio::time::Instant,
}

impl TokioTimer {
    /// A timer that starts now.
    ///
    /// ```
    /// use offblocks_client::{Timer, TokioTimer};
    ///
    /// let timer = TokioTimer::new();
    /// let begun = timer.elapsed();
    /// assert!(timer.elapsed() >= begun);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: tokio::time::Instant::now(),
        }
    }
}

impl Default for TokioTimer {
    fn default() -> Self {
        Self::new()
    }
}

impl Timer for TokioTimer {
    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The outcome of a future; `None` when it takes longer. The future is polled first, so that an outcome
/// that is ready is returned even with a limit of zero.
pub(crate) async fn within<T>(
    timer: &dyn Timer,
    limit: Duration,
    future: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        biased;
        outcome = future => Some(outcome),
        () = timer.sleep(limit) => None,
    }
}
