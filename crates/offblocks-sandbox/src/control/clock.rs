//! The sandbox's clock.

use offblocks_sandbox_api::server::{ClockApi, GetClockError};
use offblocks_sandbox_api::{Clock, ClockMode};
use offblocks_server::RequestContext;

use crate::Sandbox;

impl ClockApi for Sandbox {
    async fn get_clock(&self, _: RequestContext) -> Result<Clock, GetClockError> {
        Ok(Clock::new(self.world.now(), ClockMode::Running))
    }
}
