//! When steps happen, and the steps that wait.

use std::collections::BTreeMap;
use std::time::Duration;

use offblocks_sandbox_api::server::{
    GetProgressionError, GetStepsError, ProgressionApi, RunStepError, RunStepsError,
    SetProgressionError,
};
use offblocks_sandbox_api::{
    self as api, ProgressionMode, ProgressionRule, SetProgression, StepKind,
};
use offblocks_server::RequestContext;

use super::limit;
use super::rejection::{Rejected, rejections};
use crate::Sandbox;
use crate::domain::step::{Step, StepRule};
use crate::progression::WaitingStep;
use crate::store::steps::StepId;

rejections!(
    GetProgressionError,
    GetStepsError,
    RunStepError,
    RunStepsError,
    SetProgressionError
);

impl ProgressionApi for Sandbox {
    async fn get_progression(
        &self,
        _: RequestContext,
    ) -> Result<Vec<ProgressionRule>, GetProgressionError> {
        Ok(rules(self.progression().await?))
    }

    async fn set_progression(
        &self,
        _: RequestContext,
        body: SetProgression,
    ) -> Result<Vec<ProgressionRule>, SetProgressionError> {
        let rule = rule(&body)?;
        let kinds = match &body.kinds {
            Some(kinds) => kinds.iter().map(step).collect::<Result<Vec<_>, _>>()?,
            None => Step::ALL.to_vec(),
        };
        Ok(rules(self.set_progression(kinds, rule).await?))
    }

    async fn get_steps(
        &self,
        _: RequestContext,
        most: Option<i32>,
    ) -> Result<Vec<api::Step>, GetStepsError> {
        let waiting = self.waiting_steps(limit(most)).await?;
        Ok(waiting.into_iter().map(waiting_step).collect())
    }

    async fn run_steps(
        &self,
        _: RequestContext,
        kind: Option<StepKind>,
    ) -> Result<api::StepsRun, RunStepsError> {
        let kind = kind.as_ref().map(step).transpose()?;
        let steps = self.run_steps(kind).await?;
        Ok(api::StepsRun::new(i64::try_from(steps).unwrap_or(i64::MAX)))
    }

    async fn run_step(&self, _: RequestContext, step_id: i64) -> Result<(), RunStepError> {
        Ok(self.run_step(StepId::new(step_id)).await?)
    }
}

fn rule(given: &SetProgression) -> Result<StepRule, Rejected> {
    let milliseconds = given.milliseconds.map(i64::unsigned_abs);
    match (&given.mode, milliseconds) {
        (ProgressionMode::Immediate, None) => Ok(StepRule::After(Duration::ZERO)),
        (ProgressionMode::Manual, None) => Ok(StepRule::Manual),
        (ProgressionMode::Delayed, Some(delay)) => {
            Ok(StepRule::After(Duration::from_millis(delay)))
        }
        (ProgressionMode::Delayed, None) => Err(Rejected::invalid(
            "`milliseconds` is missing: the mode `delayed` needs it",
        )),
        (ProgressionMode::Immediate | ProgressionMode::Manual, Some(_)) => Err(Rejected::invalid(
            "`milliseconds` is for the mode `delayed` alone: leave it out",
        )),
        _ => Err(Rejected::invalid("the mode is not known")),
    }
}

fn rules(rules: BTreeMap<Step, StepRule>) -> Vec<ProgressionRule> {
    let rule = |(step, rule): (Step, StepRule)| {
        let kind = StepKind::from(step.as_str());
        match rule {
            StepRule::Manual => ProgressionRule::new(kind, ProgressionMode::Manual),
            StepRule::After(Duration::ZERO) => {
                ProgressionRule::new(kind, ProgressionMode::Immediate)
            }
            StepRule::After(delay) => {
                let mut rule = ProgressionRule::new(kind, ProgressionMode::Delayed);
                rule.milliseconds = i64::try_from(delay.as_millis()).ok();
                rule
            }
        }
    };
    rules.into_iter().map(rule).collect()
}

fn step(kind: &StepKind) -> Result<Step, Rejected> {
    let step = kind.as_str().parse();
    step.map_err(|_| Rejected::invalid(format!("`{kind}` is not a kind of steps")))
}

fn waiting_step(waiting: WaitingStep) -> api::Step {
    let kind = StepKind::from(waiting.kind.as_str());
    let mut step = api::Step::new(waiting.id.number(), kind, waiting.entity);
    step.due_at = waiting.due_at;
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_knows_the_steps_of_the_sandbox() {
        let ours: Vec<_> = Step::ALL.iter().map(|step| step.as_str()).collect();
        let contract: Vec<_> = StepKind::ALL.iter().map(StepKind::as_str).collect();
        assert_eq!(ours, contract, "change `StepKind` in openapi/sandbox.yaml");
    }
}
