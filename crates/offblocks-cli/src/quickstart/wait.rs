//! Waiting for automatic steps.

use std::time::Duration;

use offblocks_cards::PollingPolicy;

use crate::failure::Failure;

/// Waits between looks, longer each time, and not for ever.
pub(super) struct Wait {
    policy: PollingPolicy,
    next: Duration,
    waited: Duration,
}

impl Wait {
    /// Nothing was waited for yet.
    pub(super) fn new(policy: PollingPolicy) -> Self {
        Self {
            policy,
            next: policy.first_interval,
            waited: Duration::ZERO,
        }
    }

    /// Waits a while, because `what` is still in this status; fails when that was long enough.
    pub(super) async fn a_while(
        &mut self,
        what: &str,
        status: &impl std::fmt::Display,
    ) -> Result<(), Failure> {
        if self.waited >= self.policy.timeout {
            let seconds = self.policy.timeout.as_secs();
            let reason = format!("{what} is still {status} after {seconds} seconds");
            return Err(Failure::because(reason));
        }
        tokio::time::sleep(self.next).await;
        self.waited += self.next;
        self.next = (self.next * 2).min(self.policy.longest_interval);
        Ok(())
    }
}
