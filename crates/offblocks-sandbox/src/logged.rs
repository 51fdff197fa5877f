//! What is asked of the request log by the program that the sandbox runs in.

use std::sync::Arc;

use crate::{LoggedRequest, Sandbox};

impl Sandbox {
    /// The latest requests to the API, `limit` of them at most, in the order in which their
    /// responses were handed over.
    ///
    /// [`Settings::request_log`](crate::Settings) says how many are kept.
    pub fn requests(&self, limit: usize) -> Vec<Arc<LoggedRequest>> {
        let mut requests = self.world.journal.before(u64::MAX, limit);
        requests.reverse();
        requests
    }

    /// Clears the log. Later requests continue with the next number.
    pub fn forget_requests(&self) {
        self.world.journal.clear();
    }
}
