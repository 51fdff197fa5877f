//! `offblocks cards issue --account`: one card.

use std::process::ExitCode;

use offblocks_cards::rules::CardState;
use offblocks_cards::{AnyCard, IssuanceError, MoveFailure, OrderError, PollingPolicy};
use offblocks_types::{AccountId, Address, Card, CardId, CardType, CreateAccountCardRequest};
use uuid::Uuid;

use super::check::print;
use crate::arguments::Issue;
use crate::failure::{Failure, chain};
use crate::system::random_id;

/// Orders the card, and waits for it where that is asked for.
pub(super) async fn run(options: &Issue, account: AccountId) -> Result<ExitCode, Failure> {
    let order = order(options)?;
    let cards = super::cards(&options.api)?;
    let key = options.idempotency_key.map_or_else(random_id, Ok)?;
    let pending = cards.issue_with_key(account, order, key).await;
    let pending = pending.map_err(|error| not_ordered(&error, key))?;
    if options.simulate {
        let simulated = pending.simulate_issue().await;
        simulated.map_err(|error| not_simulated(pending.id(), &error))?;
    }
    if !options.wait {
        show(options, pending.card())?;
        return Ok(ExitCode::SUCCESS);
    }
    let policy = PollingPolicy::default().with_timeout(options.timeout);
    let id = pending.id();
    match pending.wait_until_active_with(policy).await {
        Ok(card) => {
            show(options, card.card())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(IssuanceError::Failed(card)) => {
            show(options, card.card())?;
            Ok(ExitCode::from(100))
        }
        Err(IssuanceError::UnexpectedState(card)) => {
            show(options, card.card())?;
            Ok(after_issuing(&card))
        }
        Err(IssuanceError::Deadline { card, .. }) => {
            show(options, card.card())?;
            Ok(ExitCode::from(3))
        }
        Err(error) => Err(not_followed(id, &error)),
    }
}

/// A card that was issued and has changed since. Only a card that takes payments is a success.
fn after_issuing(card: &AnyCard) -> ExitCode {
    match card {
        AnyCard::Active(_) | AnyCard::Inactive(_) => ExitCode::SUCCESS,
        _ => ExitCode::from(100),
    }
}

fn order(options: &Issue) -> Result<CreateAccountCardRequest, Failure> {
    let part = |value: &Option<String>, name: &str| {
        let missing = || Failure::because(format!("the address is incomplete: give --{name}"));
        value.clone().ok_or_else(missing)
    };
    let mut address = Address::new(
        part(&options.address.first_line, "first-line")?,
        part(&options.address.city, "city")?,
        part(&options.address.country, "country")?,
        part(&options.address.post_code, "post-code")?,
    );
    address.second_line = options.address.second_line.clone();
    address.state = options.address.state.clone();
    let kind = options.r#type.clone().unwrap_or(CardType::Virtual);
    Ok(CreateAccountCardRequest::new(kind, address))
}

fn not_ordered(error: &OrderError, key: Uuid) -> Failure {
    match error {
        OrderError::Call(call) if call.is_outcome_unknown() => {
            Failure::of_call(call).saying(format!(
                "it is not known whether the card was ordered: {}; run the command again with \
                 --idempotency-key {key} within the hour, which orders no second card",
                chain(call)
            ))
        }
        OrderError::Call(call) => Failure::of_call(call).after("the card was not ordered"),
        _ => Failure::because(format!("the card was not ordered: {}", chain(error))),
    }
}

fn not_followed(id: CardId, error: &IssuanceError) -> Failure {
    let text = format!(
        "the card {id} is ordered, and waiting for it failed: {}; `offblocks cards watch {id}` goes on",
        chain(error)
    );
    match error {
        IssuanceError::Call(call) => Failure::of_call(call).saying(text),
        _ => Failure::because(text),
    }
}

fn not_simulated(id: CardId, error: &MoveFailure<CardState>) -> Failure {
    let text = format!(
        "the card {id} is ordered, and the sandbox did not issue it: {}",
        chain(error)
    );
    match error {
        MoveFailure::Call(call) => Failure::of_call(call).saying(text),
        _ => Failure::because(text),
    }
}

fn show(options: &Issue, card: &Card) -> Result<(), Failure> {
    match options.api.json {
        true => {
            let document = serde_json::to_string(card);
            print(&document.map_err(|error| Failure::new("the card cannot be shown", error))?)
        }
        false => print(&super::watch::line(card)),
    }
}
