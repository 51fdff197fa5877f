//! The sandbox's clock.

use std::time::Duration;

use offblocks_sandbox_api::server::{AdvanceClockError, ClockApi, GetClockError, SetClockError};
use offblocks_sandbox_api::{self as api, AdvanceClock, Clock, SetClock};
use offblocks_server::RequestContext;

use super::rejection::{Rejected, rejections};
use crate::Sandbox;
use crate::clock_control::{ClockChange, ClockMode, ClockReading};

rejections!(AdvanceClockError, SetClockError);

impl ClockApi for Sandbox {
    async fn get_clock(&self, _: RequestContext) -> Result<Clock, GetClockError> {
        Ok(clock(self.clock()))
    }

    async fn set_clock(
        &self,
        _: RequestContext,
        body: SetClock,
    ) -> Result<api::ClockChange, SetClockError> {
        let mode = mode(&body.mode)?;
        Ok(change(self.set_clock(mode, body.now).await?))
    }

    async fn advance_clock(
        &self,
        _: RequestContext,
        body: AdvanceClock,
    ) -> Result<api::ClockChange, AdvanceClockError> {
        let by = Duration::from_millis(body.milliseconds.unsigned_abs());
        Ok(change(self.advance_clock(by).await?))
    }
}

fn mode(mode: &api::ClockMode) -> Result<ClockMode, Rejected> {
    match mode {
        api::ClockMode::System => Ok(ClockMode::System),
        api::ClockMode::Running => Ok(ClockMode::Running),
        api::ClockMode::Frozen => Ok(ClockMode::Frozen),
        _ => Err(Rejected::invalid("the mode is not one of a clock")),
    }
}

fn clock(reading: ClockReading) -> Clock {
    let mode = match reading.mode {
        ClockMode::System => api::ClockMode::System,
        ClockMode::Running => api::ClockMode::Running,
        ClockMode::Frozen => api::ClockMode::Frozen,
    };
    Clock::new(reading.now, mode, reading.ahead.num_milliseconds())
}

fn change(change: ClockChange) -> api::ClockChange {
    let steps = i64::try_from(change.steps).unwrap_or(i64::MAX);
    api::ClockChange::new(clock(change.clock), steps)
}
