//! What happens by itself: screening, deployment, issuing, capture and release, processing.
//!
//! A step is a row that falls due. Applying it does nothing when the entity has meanwhile gone
//! another way, so a step never has to be taken out of the list again.

use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Work, accounts, authorisations, cards, customers, kept, transactions};
use crate::clock::later;
use crate::failure::Failure;
use crate::store::steps::{self, ScheduledStep, StepId};

/// Something that happens by itself to one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// A customer passes screening: `screening` → `verifying`.
    PassScreening,
    /// An account is deployed on chain: `pending` → `active`.
    DeployAccount,
    /// A card is issued and activated: `issuing` → `active`.
    IssueCard,
    /// Issuing is given up: `issuing` → `issue_failed`.
    FailCard,
    /// Capture begins: `pending` → `capturing`.
    Capture,
    /// Capture ends: `capturing` → `captured`, and a transaction is created.
    FinishCapture,
    /// Release ends: `releasing` → `released`.
    FinishRelease,
    /// A transaction settles on chain: `processing` → `processed`.
    ProcessTransaction,
    /// A reversal ends: `reversing` → `reversed`.
    FinishReversal,
}

/// When steps of one kind happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepRule {
    /// After a while, by the sandbox's clock; by the next call where that is zero.
    After(Duration),
    /// When the control plane runs them ([`Sandbox::run_step`](crate::Sandbox::run_step)).
    Manual,
}

/// The text is not the name of a step that this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not the name of a step: they are listed in `Step`")]
#[non_exhaustive]
pub struct UnknownStep;

impl Step {
    /// Every kind of step.
    pub const ALL: [Self; 9] = [
        Self::PassScreening,
        Self::DeployAccount,
        Self::IssueCard,
        Self::FailCard,
        Self::Capture,
        Self::FinishCapture,
        Self::FinishRelease,
        Self::ProcessTransaction,
        Self::FinishReversal,
    ];

    /// Its name, as the contract of the control plane spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PassScreening => "pass_screening",
            Self::DeployAccount => "deploy_account",
            Self::IssueCard => "issue_card",
            Self::FailCard => "fail_card",
            Self::Capture => "capture",
            Self::FinishCapture => "finish_capture",
            Self::FinishRelease => "finish_release",
            Self::ProcessTransaction => "process_transaction",
            Self::FinishReversal => "finish_reversal",
        }
    }
}

impl FromStr for Step {
    type Err = UnknownStep;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|step| step.as_str() == text)
            .ok_or(UnknownStep)
    }
}

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

/// The step that waits for an entity, if one does.
pub(crate) async fn waiting(work: &mut Work<'_>, id: Uuid) -> Result<Option<Step>, Failure> {
    let name = steps::waiting(work.conn, id).await?;
    // A step of another version is dropped once it is due, so it decides nothing.
    Ok(name.and_then(|name| name.parse().ok()))
}

/// Applies whatever is due, in order, and what that made due in turn. Returns how many steps that were.
pub(crate) async fn apply_due(work: &mut Work<'_>) -> Result<u64, Failure> {
    let mut applied = 0;
    while let Some(due) = steps::take_due(work.conn, work.now).await? {
        applied += 1;
        take(work, &due).await?;
    }
    Ok(applied)
}

/// The steps that wait, `limit` of them at most: those with a time first, in their order.
pub(crate) async fn list(work: &mut Work<'_>, limit: u32) -> Result<Vec<ScheduledStep>, Failure> {
    Ok(steps::list(work.conn, limit).await?)
}

/// Runs a step now, whether it waits for the control plane or for its time.
pub(crate) async fn run(work: &mut Work<'_>, id: StepId) -> Result<(), Failure> {
    let step = steps::take(work.conn, id).await?;
    let step = step.ok_or_else(|| Failure::missing("step that waits", id))?;
    take(work, &step).await?;
    apply_due(work).await.map(drop)
}

/// Runs the steps that wait for the control plane, of one kind or of all, and what that makes due. Returns
/// how many steps that were.
pub(crate) async fn run_all(work: &mut Work<'_>, kind: Option<Step>) -> Result<u64, Failure> {
    let held = steps::take_held(work.conn, kind.map(Step::as_str)).await?;
    for step in &held {
        take(work, step).await?;
    }
    let due = apply_due(work).await?;
    Ok(held.len() as u64 + due)
}

/// Applies a step that was taken off the list.
async fn take(work: &mut Work<'_>, taken: &ScheduledStep) -> Result<(), Failure> {
    match taken.step.parse() {
        Ok(step) => apply(work, step, taken.entity_id)
            .await
            .or_else(drop_rejected),
        Err(UnknownStep) => {
            tracing::warn!(step = taken.step, "dropped a step of another version");
            Ok(())
        }
    }
}

/// A step that cannot be applied any more must not stand in the way of every later request.
fn drop_rejected(failure: Failure) -> Result<(), Failure> {
    match failure {
        Failure::Store(error) => Err(Failure::Store(error)),
        rejected => {
            tracing::warn!(reason = %rejected, "dropped a scheduled step");
            Ok(())
        }
    }
}

async fn apply(work: &mut Work<'_>, step: Step, id: Uuid) -> Result<(), Failure> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_read_back_from_its_name() {
        for step in Step::ALL {
            assert_eq!(step.as_str().parse::<Step>().ok(), Some(step));
        }
    }
}
