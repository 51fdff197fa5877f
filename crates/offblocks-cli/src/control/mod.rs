//! `offblocks sandbox …`: calls of the control plane of a sandbox that runs.
//!
//! Each subcommand is one operation of `openapi/sandbox.yaml`, called by the typed client that is
//! generated from it. Only the request log is read without that client, because it is a stream.

mod accounts;
mod arguments;
mod clock;
mod data;
mod deliveries;
mod entities;
mod events;
mod faults;
mod logs;
pub(crate) mod printed;
mod programmes;
mod progression;
pub(crate) mod target;
mod watched;

use crate::OutputStyle;
use crate::failure::Failure;

pub(crate) use arguments::ControlCommand;

/// Makes the call, and prints the response.
pub(crate) async fn run(command: ControlCommand, style: &OutputStyle) -> Result<(), Failure> {
    match command {
        ControlCommand::Clock(group) => clock::run(group.target, group.command, style).await,
        ControlCommand::Progression(group) => progression::run(group.target, group.command).await,
        ControlCommand::Steps(group) => progression::run_steps(group.target, group.command).await,
        ControlCommand::Faults(group) => faults::run(group.target, group.command).await,
        ControlCommand::Customers(group) => {
            entities::run_customers(group.target, group.command).await
        }
        ControlCommand::Accounts(group) => accounts::run(group.target, group.command).await,
        ControlCommand::Cards(group) => {
            entities::run_cards(group.target, group.command, style).await
        }
        ControlCommand::Programmes(group) => programmes::run(group.target, group.command).await,
        ControlCommand::Fixtures(options) => data::fixtures(options.target, &options.file).await,
        ControlCommand::Snapshot(options) => {
            data::snapshot(options.target, &options.file, options.force, style).await
        }
        ControlCommand::Restore(options) => {
            data::restore(options.target, &options.file, style).await
        }
        ControlCommand::Reset(options) => data::reset(options.target).await,
        ControlCommand::Work(options) => data::work(options.target).await,
        ControlCommand::Transactions(group) => {
            accounts::run_transactions(group.target, group.command).await
        }
        ControlCommand::Deliveries(group) => deliveries::run(group.target, group.command).await,
        ControlCommand::Logs(logs) => logs::run(logs, style).await,
    }
}
