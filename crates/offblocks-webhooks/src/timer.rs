//! Waiting, as a trait.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// Waits. [`Inbox::handle`](crate::Inbox::handle) uses it to renew leases. The timer of the tokio runtime
/// is the default.
pub trait Timer: Send + Sync + 'static {
    /// Completes when this much time has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
