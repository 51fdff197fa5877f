//! `offblocks sandbox faults`.

use std::time::Duration;

use offblocks_sandbox_api::{CreateFault, Fault};

use super::arguments::{AddFault, FaultsCommand};
use super::clock::milliseconds;
use super::printed::{print, print_done, table};
use super::target::Target;
use crate::failure::Failure;

pub(super) async fn run(target: Target, command: FaultsCommand) -> Result<(), Failure> {
    let client = target.client()?;
    let failed = |error| target.failed(&error);
    match command {
        FaultsCommand::Add(given) => {
            let body = body(*given)?;
            let fault = client.create_fault(body).send().await.map_err(failed)?;
            print(target.json, &*fault, |fault| {
                listed(std::slice::from_ref(fault))
            })
        }
        FaultsCommand::List => {
            let faults = client.get_faults().send().await.map_err(failed)?;
            print(target.json, &*faults, |faults| listed(faults))
        }
        FaultsCommand::Remove { fault } => {
            client.delete_fault(fault).send().await.map_err(failed)?;
            print_done(target.json, &format!("fault {fault} is removed"))
        }
        FaultsCommand::Clear => {
            client.delete_faults().send().await.map_err(failed)?;
            print_done(target.json, "all faults are removed")
        }
    }
}

fn body(given: AddFault) -> Result<CreateFault, Failure> {
    let mut body = CreateFault::new(given.kind);
    body.operation = given.operation;
    body.status = given.status;
    body.after_commit = given.after_commit.then_some(true);
    body.milliseconds = given.after.map(milliseconds).transpose()?;
    body.retry_after = given.retry_after;
    body.percentage = given.percentage;
    body.seed = given.seed;
    body.nth = given.nth;
    body.times = given.times;
    Ok(body)
}

fn listed(faults: &[Fault]) -> Vec<String> {
    if faults.is_empty() {
        return vec!["no fault is in force".to_owned()];
    }
    let row = |it: &Fault| {
        let operation = it.fault.operation.as_deref().unwrap_or("every operation");
        let counts = format!("applied {} of {}", it.applied, it.matched);
        let kind = it.fault.kind.to_string();
        vec![
            it.id.to_string(),
            kind,
            operation.to_owned(),
            counts,
            details(&it.fault),
        ]
    };
    table(&faults.iter().map(row).collect::<Vec<_>>())
}

fn details(fault: &CreateFault) -> String {
    let duration = fault
        .milliseconds
        .map(|it| Duration::from_millis(it.unsigned_abs()));
    let parts = [
        fault.status.map(|it| format!("status {it}")),
        fault
            .after_commit
            .filter(|after| *after)
            .map(|_| "after the commit".to_owned()),
        duration.map(|it| humantime::format_duration(it).to_string()),
        fault.retry_after.map(|it| format!("retry after {it}s")),
        fault.percentage.map(|it| format!("{it} %")),
        fault.seed.map(|it| format!("seed {it}")),
        fault.nth.map(|it| format!("call {it}")),
        fault.times.map(|it| match it {
            1 => "once at most".to_owned(),
            times => format!("{times} times at most"),
        }),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
