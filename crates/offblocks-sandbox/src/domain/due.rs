//! Automatic steps: screening, deployment, issuing, capture and release, processing.
//!
//! A step leaves the list when its entity leaves the state before the step. A database of an earlier
//! version may hold other steps: applying such a step changes nothing, and it is not counted.

use uuid::Uuid;

use super::step::{Step, UnknownStep};
use super::{Work, accounts, authorisations, cards, customers, transactions};
use crate::failure::Failure;
use crate::store::steps::{self, ScheduledStep, StepId};

/// Applies all steps that are due, in order, and those that become due by them. Returns how many.
pub(crate) async fn apply(work: &mut Work<'_>) -> Result<u64, Failure> {
    let mut applied = 0;
    while let Some(due) = steps::take_due(work.conn, work.now).await? {
        applied += u64::from(take(work, &due).await?);
    }
    Ok(applied)
}

/// Runs a step now, whether it waits for the control plane or for its time.
pub(crate) async fn run(work: &mut Work<'_>, id: StepId) -> Result<(), Failure> {
    let happened = match steps::take(work.conn, id).await? {
        Some(step) => take(work, &step).await?,
        None => false,
    };
    if !happened {
        return Err(Failure::missing("step that waits", id));
    }
    apply(work).await.map(drop)
}

/// Runs the steps that wait for the control plane, of one kind or of all, and what that makes due. Returns
/// how many steps that were.
pub(crate) async fn run_all(work: &mut Work<'_>, kind: Option<Step>) -> Result<u64, Failure> {
    let held = steps::take_held(work.conn, kind.map(Step::as_str)).await?;
    let mut happened = 0;
    for step in &held {
        happened += u64::from(take(work, step).await?);
    }
    Ok(happened + apply(work).await?)
}

/// Applies a step that was taken off the list. Returns whether it happened.
async fn take(work: &mut Work<'_>, taken: &ScheduledStep) -> Result<bool, Failure> {
    match taken.step.parse() {
        Ok(step) => change(work, step, taken.entity_id)
            .await
            .or_else(drop_rejected),
        Err(UnknownStep) => {
            tracing::warn!(step = taken.step, "dropped a step of another version");
            Ok(false)
        }
    }
}

/// A step that cannot be applied any more must not stand in the way of every later request.
fn drop_rejected(failure: Failure) -> Result<bool, Failure> {
    match failure {
        Failure::Store(error) => Err(Failure::Store(error)),
        rejected => {
            tracing::warn!(reason = %rejected, "dropped a scheduled step");
            Ok(false)
        }
    }
}

async fn change(work: &mut Work<'_>, step: Step, id: Uuid) -> Result<bool, Failure> {
    tracing::debug!(step = step.as_str(), entity = %id, "applying a scheduled step");
    match step {
        Step::PassScreening => customers::pass_screening(work, id.into()).await,
        Step::DeployAccount => accounts::deploy(work, id.into()).await,
        Step::IssueCard => cards::finish_issuing(work, id.into()).await,
        Step::FailCard => cards::give_up_issuing(work, id.into()).await,
        Step::Capture => authorisations::begin_capture(work, id.into()).await,
        Step::FinishCapture => authorisations::finish_capture(work, id.into()).await,
        Step::FinishRelease => authorisations::finish_release(work, id.into()).await,
        Step::ProcessTransaction => transactions::process(work, id.into()).await,
        Step::FinishReversal => transactions::finish_reversal(work, id.into()).await,
    }
}
