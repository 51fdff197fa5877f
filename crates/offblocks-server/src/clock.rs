//! Where the time comes from.

use chrono::{DateTime, Utc};

/// Tells the time. Nothing in this crate reads a clock of its own.
///
/// Any `Fn() -> DateTime<Utc>` is one.
pub trait Clock: Send + Sync + 'static {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync + 'static> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}
