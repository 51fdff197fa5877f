//! Waiting for automatic steps.

use std::time::Duration;

use offblocks_cards::PollingPolicy;

use crate::failure::Failure;

/// Waits between two requests, longer each time, up to the timeout of the polling policy.
pub(super) struct Wait {
    policy: PollingPolicy,
    next: Duration,
    waited: Duration,
}

impl Wait {
    /// A wait that has not started yet.
    pub(super) fn new(policy: PollingPolicy) -> Self {
        Self {
            policy,
            next: policy.first_interval,
            waited: Duration::ZERO,
        }
    }

    /// Waits because `what` is still in this status. Fails when the timeout is reached.
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
