//! `offblocks sandbox clock`.

use std::time::Duration;

use offblocks_sandbox_api::{AdvanceClock, Clock, ClockChange, ClockMode, SetClock, WorkKind};

use super::arguments::ClockCommand;
use super::printed::print;
use super::target::Target;
use super::watched::watched;
use crate::OutputStyle;
use crate::failure::Failure;
use crate::print::counted;

pub(super) async fn run(
    target: Target,
    command: ClockCommand,
    style: &OutputStyle,
) -> Result<(), Failure> {
    let client = target.client()?;
    let failed = |error| target.failed(&error);
    let body = match command {
        ClockCommand::Show => {
            let clock = client.get_clock().send().await.map_err(failed)?;
            return print(target.json, &*clock, |clock| vec![shown(clock, style)]);
        }
        ClockCommand::Advance { by } => {
            let body = AdvanceClock::new(milliseconds(by)?);
            let call = client.advance_clock(body).send();
            let change = watched(&client, WorkKind::Clock, style.paint, call).await;
            let change = change.map_err(failed)?;
            return print(target.json, &*change, |change| changed(change, style));
        }
        ClockCommand::Set { now, frozen } => {
            let mode = if frozen {
                ClockMode::Frozen
            } else {
                ClockMode::Running
            };
            SetClock::new(mode).with_now(now)
        }
        ClockCommand::Freeze => SetClock::new(ClockMode::Frozen),
        ClockCommand::Run => SetClock::new(ClockMode::Running),
        ClockCommand::System => SetClock::new(ClockMode::System),
    };
    let call = client.set_clock(body).send();
    let change = watched(&client, WorkKind::Clock, style.paint, call).await;
    let change = change.map_err(failed)?;
    print(target.json, &*change, |change| changed(change, style))
}

/// A duration as the contract writes it.
///
/// # Errors
/// When it is longer than a number of milliseconds can say.
pub(super) fn milliseconds(duration: Duration) -> Result<i64, Failure> {
    let number = i64::try_from(duration.as_millis());
    number.map_err(|_| Failure::because("the duration is too long"))
}

fn shown(clock: &Clock, style: &OutputStyle) -> String {
    let ahead = Duration::from_millis(clock.ahead.unsigned_abs());
    let ahead = match clock.ahead {
        0 => "as the machine's clock".to_owned(),
        1.. => format!(
            "{} ahead of the machine's clock",
            humantime::format_duration(ahead)
        ),
        _ => format!(
            "{} behind the machine's clock",
            humantime::format_duration(ahead)
        ),
    };
    let now = clock.now.to_rfc3339();
    format!("{}  {}, {ahead}", style.paint.title(&now), clock.mode)
}

fn changed(change: &ClockChange, style: &OutputStyle) -> Vec<String> {
    vec![shown(&change.clock, style), happened(change.steps)]
}

/// How many steps happened.
pub(super) fn happened(steps: i64) -> String {
    match steps {
        0 => "no step happened".to_owned(),
        steps => format!("{} happened", counted(steps, "step", "steps")),
    }
}
