//! How many retries all calls together may make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A bucket of tokens for retries, shared by all clones of a client.
///
/// While a server is down, every call fails, and retries would multiply its load. A retry takes
/// [`RETRY_COST`](Self::RETRY_COST) tokens. A call that succeeds puts one token back, or those that its
/// last retry took. When the bucket is empty, calls end with their first failure. The bucket only counts
/// tokens, and needs no clock.
///
/// Clients can share a budget: it is a handle, and clones use the same bucket.
#[derive(Debug, Clone)]
pub struct RetryBudget {
    left: Option<Arc<AtomicU32>>,
    capacity: u32,
}

impl RetryBudget {
    /// How many tokens one retry takes.
    pub const RETRY_COST: u32 = 5;

    /// A full bucket of this many tokens.
    ///
    /// ```
    /// use offblocks_client::RetryBudget;
    ///
    /// let ten_retries = RetryBudget::new(10 * RetryBudget::RETRY_COST);
    /// ```
    #[must_use]
    pub fn new(capacity: u32) -> Self {
        Self {
            left: Some(Arc::new(AtomicU32::new(capacity))),
            capacity,
        }
    }

    /// A bucket that never runs out.
    ///
    /// ```
    /// use offblocks_client::{Client, RetryBudget};
    ///
    /// let builder = Client::builder().retry_budget(RetryBudget::unlimited());
    /// ```
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            left: None,
            capacity: u32::MAX,
        }
    }

    /// How many tokens are left.
    ///
    /// ```
    /// assert_eq!(offblocks_client::RetryBudget::new(50).left(), 50);
    /// ```
    #[must_use]
    pub fn left(&self) -> u32 {
        self.left
            .as_ref()
            .map_or(u32::MAX, |left| left.load(Ordering::Relaxed))
    }

    /// Takes the tokens of a retry; `false` when there are not enough.
    pub(crate) fn take(&self) -> bool {
        let Some(left) = &self.left else { return true };
        let pay = |left: u32| left.checked_sub(Self::RETRY_COST);
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, pay)
            .is_ok()
    }

    /// Puts tokens back after a success.
    pub(crate) fn succeeded(&self, retried: bool) {
        let Some(left) = &self.left else { return };
        let earned = if retried { Self::RETRY_COST } else { 1 };
        let add = |left: u32| (left < self.capacity).then(|| (left + earned).min(self.capacity));
        // An error says that the bucket was full already.
        let _ = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

impl Default for RetryBudget {
    /// 500 tokens: a hundred retries in a row.
    fn default() -> Self {
        Self::new(500)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_empty_the_bucket_and_successes_fill_it_up_to_its_capacity() {
        let budget = RetryBudget::new(11);
        let shared = budget.clone();
        assert!(budget.take() && shared.take() && !budget.take());
        assert_eq!(budget.left(), 1);
        budget.succeeded(false);
        assert_eq!(budget.left(), 2);
        budget.succeeded(true);
        assert!(shared.take());
        for _ in 0..20 {
            budget.succeeded(true);
        }
        assert_eq!(budget.left(), 11);
    }

    #[test]
    fn an_unlimited_bucket_never_runs_out() {
        let budget = RetryBudget::unlimited();
        assert!((0..1000).all(|_| budget.take()));
    }
}
