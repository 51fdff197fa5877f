//! The automatic steps that wait, and when they happen.
//!
//! A step is a row that becomes due. [`super::due`] applies it.

use std::time::Duration;

use uuid::Uuid;

use super::step::{Step, StepRule};
use super::{Work, kept};
use crate::clock::later;
use crate::failure::Failure;
use crate::store::steps::{self, ScheduledStep, StepId};

/// When steps of this kind happen.
pub(crate) async fn rule(work: &mut Work<'_>, step: Step) -> Result<StepRule, Failure> {
    let rules = kept::rules(work.conn).await?;
    let usual = StepRule::After(work.settings.follow_up_delay);
    Ok(rules.get(&step).copied().unwrap_or(usual))
}

/// Lets `step` happen to this entity when its rule says.
pub(crate) async fn schedule(work: &mut Work<'_>, step: Step, id: Uuid) -> Result<(), Failure> {
    let due_at = match rule(work, step).await? {
        StepRule::After(delay) => Some(later(work.now, delay)),
        StepRule::Manual => None,
    };
    let step = ScheduledStep {
        id: StepId::default(),
        due_at,
        step: step.as_str().to_owned(),
        entity_id: id,
    };
    Ok(steps::schedule(work.conn, &step).await?)
}

/// Lets the steps of an entity that would happen within this time wait until they are run.
pub(super) async fn hold(work: &mut Work<'_>, id: Uuid, within: Duration) -> Result<(), Failure> {
    Ok(steps::hold(work.conn, id, later(work.now, within)).await?)
}

/// Takes the steps that wait for an entity off the list.
pub(super) async fn drop_waiting(work: &mut Work<'_>, id: Uuid) -> Result<(), Failure> {
    Ok(steps::delete_of(work.conn, id).await?)
}

/// The step that waits for an entity, if one does.
pub(crate) async fn waiting(work: &mut Work<'_>, id: Uuid) -> Result<Option<Step>, Failure> {
    let name = steps::waiting(work.conn, id).await?;
    // A step of another version is dropped once it is due, so it decides nothing.
    Ok(name.and_then(|name| name.parse().ok()))
}

/// The steps that wait, `limit` of them at most: those with a time first, in their order.
pub(crate) async fn list(work: &mut Work<'_>, limit: u32) -> Result<Vec<ScheduledStep>, Failure> {
    Ok(steps::list(work.conn, limit).await?)
}
