//! `offblocks sandbox customers` and `offblocks sandbox cards`.

use super::arguments::{CardsCommand, CustomersCommand};
use super::data;
use super::printed::print;
use super::target::Target;
use crate::OutputStyle;
use crate::failure::Failure;

pub(super) async fn run_customers(
    target: Target,
    command: CustomersCommand,
) -> Result<(), Failure> {
    let client = target.client()?;
    let CustomersCommand::Reject { customer } = command;
    let customer = client.reject_customer(customer).send().await;
    let customer = customer.map_err(|error| target.failed(&error))?;
    print(target.json, &*customer, |it| {
        vec![is("customer", it.id, &it.status)]
    })
}

pub(super) async fn run_cards(
    target: Target,
    command: CardsCommand,
    style: &OutputStyle,
) -> Result<(), Failure> {
    let client = target.client()?;
    let card = match command {
        CardsCommand::Add { number } => return data::cards(target, number, style).await,
        CardsCommand::Suspend { card } => client.suspend_card(card).send().await,
        CardsCommand::Reinstate { card } => client.reinstate_card(card).send().await,
        CardsCommand::Block { card } => client.block_card(card).send().await,
    };
    let card = card.map_err(|error| target.failed(&error))?;
    print(target.json, &*card, |it| {
        vec![is("card", it.id, &it.status)]
    })
}

/// The state of an entity after a decision.
pub(super) fn is(
    kind: &str,
    id: impl std::fmt::Display,
    status: &impl std::fmt::Display,
) -> String {
    format!("{kind} {id} is {status}")
}
