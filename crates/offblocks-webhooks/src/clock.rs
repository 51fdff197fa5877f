//! The source of the current time.

use offblocks_types::chrono::{DateTime, Utc};

/// Returns the current time: for the age of signatures, of keys and of leases.
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
