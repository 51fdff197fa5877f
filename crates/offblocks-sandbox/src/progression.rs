//! When automatic steps happen, and the steps that wait.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Sandbox;
use crate::control_error::ControlError;
use crate::domain::step::{Step, StepRule};
use crate::domain::{Work, due, kept, steps};
use crate::failure::Failure;
use crate::store::steps::StepId;
use crate::units::writing;

/// A step that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaitingStep {
    /// Which step it is.
    pub id: StepId,
    /// What happens.
    pub kind: Step,
    /// The customer, account, card, authorisation or transaction it happens to.
    pub entity: Uuid,
    /// When it happens, by the sandbox's clock; `None` where it waits to be run.
    pub due_at: Option<DateTime<Utc>>,
}

impl Sandbox {
    /// When each kind of step happens: after [`Settings::follow_up_delay`](crate::Settings)
    /// unless it was changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progression(&self) -> Result<BTreeMap<Step, StepRule>, ControlError> {
        Ok(writing!(&self.world, |work| rules(work))?)
    }

    /// Sets when steps of these kinds happen, for steps that begin to wait from now on. Steps that already
    /// wait keep their time. A database in a file keeps the rule.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_progression(
        &self,
        kinds: impl IntoIterator<Item = Step>,
        rule: StepRule,
    ) -> Result<BTreeMap<Step, StepRule>, ControlError> {
        let kinds: Vec<_> = kinds.into_iter().collect();
        Ok(writing!(&self.world, |work| set(work, kinds, rule))?)
    }

    /// The steps that wait, `limit` of them at most: those with a time first, in the order in which
    /// they will happen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_steps(&self, limit: u32) -> Result<Vec<WaitingStep>, ControlError> {
        Ok(writing!(&self.world, |work| list(work, limit))?)
    }

    /// Runs a step now, whether it waits to be run or for its time, and the steps that become due by it.
    ///
    /// # Errors
    /// When no such step waits (any more), or the database fails.
    pub async fn run_step(&self, step: StepId) -> Result<(), ControlError> {
        Ok(writing!(&self.world, |work| due::run(work, step))?)
    }

    /// Runs the steps that wait to be run, of one kind or of all, and the steps that become due by them.
    /// Returns how many steps happened.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn run_steps(&self, kind: Option<Step>) -> Result<u64, ControlError> {
        Ok(writing!(&self.world, |work| due::run_all(work, kind))?)
    }
}

async fn rules(work: &mut Work<'_>) -> Result<BTreeMap<Step, StepRule>, Failure> {
    let mut rules = kept::rules(work.conn).await?;
    for step in Step::ALL {
        let usual = StepRule::After(work.settings.follow_up_delay);
        rules.entry(step).or_insert(usual);
    }
    Ok(rules)
}

async fn set(
    work: &mut Work<'_>,
    kinds: Vec<Step>,
    rule: StepRule,
) -> Result<BTreeMap<Step, StepRule>, Failure> {
    let mut present = kept::rules(work.conn).await?;
    present.extend(kinds.into_iter().map(|kind| (kind, rule)));
    kept::keep_rules(work.conn, &present).await?;
    rules(work).await
}

async fn list(work: &mut Work<'_>, limit: u32) -> Result<Vec<WaitingStep>, Failure> {
    let waiting = steps::list(work, limit).await?.into_iter();
    // One of another version is dropped once it is due.
    let known = waiting.filter_map(|step| {
        Some(WaitingStep {
            id: step.id,
            kind: step.step.parse().ok()?,
            entity: step.entity_id,
            due_at: step.due_at,
        })
    });
    Ok(known.collect())
}
