//! `offblocks sandbox progression` and `offblocks sandbox steps`.

use std::time::Duration;

use offblocks_sandbox_api::{ProgressionMode, ProgressionRule, SetProgression, Step};

use super::arguments::{ProgressionCommand, StepsCommand};
use super::clock::{happened, milliseconds};
use super::printed::{print, print_done, table};
use super::target::Target;
use crate::failure::Failure;

pub(super) async fn run(target: Target, command: ProgressionCommand) -> Result<(), Failure> {
    let client = target.client()?;
    let failed = |error| target.failed(&error);
    let rules = match command {
        ProgressionCommand::Show => client.get_progression().send().await.map_err(failed)?,
        ProgressionCommand::Set { mode, after, kinds } => {
            let mut body = SetProgression::new(ProgressionMode::from(mode.as_str()));
            body.kinds = (!kinds.is_empty()).then_some(kinds);
            body.milliseconds = after.map(milliseconds).transpose()?;
            client.set_progression(body).send().await.map_err(failed)?
        }
    };
    print(target.json, &*rules, |rules| {
        table(&rules.iter().map(rule).collect::<Vec<_>>())
    })
}

pub(super) async fn run_steps(target: Target, command: StepsCommand) -> Result<(), Failure> {
    let client = target.client()?;
    let failed = |error| target.failed(&error);
    match command {
        StepsCommand::List { limit } => {
            let steps = client
                .get_steps()
                .limit(limit)
                .send()
                .await
                .map_err(failed)?;
            print(target.json, &*steps, |steps| listed(steps))
        }
        StepsCommand::Run { step: Some(id), .. } => {
            client.run_step(id).send().await.map_err(failed)?;
            print_done(target.json, &format!("step {id} happened"))
        }
        StepsCommand::Run { step: None, kind } => {
            let call = match kind {
                Some(kind) => client.run_steps().kind(kind),
                None => client.run_steps(),
            };
            let run = call.send().await.map_err(failed)?;
            print(target.json, &*run, |run| vec![happened(run.steps)])
        }
    }
}

fn rule(rule: &ProgressionRule) -> Vec<String> {
    let after = rule
        .milliseconds
        .map(|it| Duration::from_millis(it.unsigned_abs()));
    let after = after.map(|it| format!("after {}", humantime::format_duration(it)));
    let cells = [
        Some(rule.kind.to_string()),
        Some(rule.mode.to_string()),
        after,
    ];
    cells.into_iter().flatten().collect()
}

fn listed(steps: &[Step]) -> Vec<String> {
    if steps.is_empty() {
        return vec!["no step waits".to_owned()];
    }
    let row = |step: &Step| {
        let due = step.due_at.map_or_else(
            || "waits to be run".to_owned(),
            |due| format!("due at {}", due.to_rfc3339()),
        );
        vec![
            step.id.to_string(),
            step.kind.to_string(),
            step.entity_id.to_string(),
            due,
        ]
    };
    table(&steps.iter().map(row).collect::<Vec<_>>())
}
