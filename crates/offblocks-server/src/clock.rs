//! The source of the current time.

use chrono::{DateTime, Utc};

/// Returns the current time. This crate does not read the system clock itself.
///
/// Any `Fn() -> DateTime<Utc>` is a clock.
pub trait Clock: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync + 'static> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}
