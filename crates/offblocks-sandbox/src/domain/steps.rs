//! What happens by itself: screening, deployment, issuing, capture and release, processing.
//!
//! A step is a row that falls due. Applying it does nothing when the entity has meanwhile gone
//! another way, so nobody ever has to take a step back out of the list.

use std::str::FromStr;

use uuid::Uuid;

use super::{Work, accounts, authorisations, cards, customers, transactions};
use crate::failure::Failure;
use crate::store::steps::{self, ScheduledStep};

/// Something that happens by itself to one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
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

/// The text in the database is no step this version knows.
#[derive(Debug, thiserror::Error)]
#[error("unknown scheduled step")]
pub(crate) struct UnknownStep;

impl Step {
    const ALL: [Self; 9] = [
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

    const fn as_str(self) -> &'static str {
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

/// Lets `step` happen to this entity after the configured delay.
pub(crate) async fn schedule(work: &mut Work<'_>, step: Step, id: Uuid) -> Result<(), Failure> {
    let due_at = work.now + work.settings.follow_up_delay;
    let step = ScheduledStep {
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

/// Applies whatever is due, in order, and what that made due in turn. Answers how many steps.
pub(crate) async fn apply_due(work: &mut Work<'_>) -> Result<usize, Failure> {
    let mut applied = 0;
    while let Some(due) = steps::take_due(work.conn, work.now).await? {
        applied += 1;
        match due.step.parse() {
            Ok(step) => apply(work, step, due.entity_id)
                .await
                .or_else(drop_refused)?,
            Err(UnknownStep) => {
                tracing::warn!(step = due.step, "dropped a step of another version")
            }
        }
    }
    Ok(applied)
}

/// A step that cannot be applied any more must not stand in the way of every later request.
fn drop_refused(failure: Failure) -> Result<(), Failure> {
    match failure {
        Failure::Store(error) => Err(Failure::Store(error)),
        refused => {
            tracing::warn!(reason = %refused, "dropped a scheduled step");
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
