//! Fixtures, made by the same moves as everything else, but without waiting.

use std::collections::HashMap;
use std::time::Duration;

use offblocks_cards::rules::{AccountMove, Actor, CardMove, CustomerMove};
use offblocks_types::{
    AccountId, AccountStatus, AccountType, Address, AuthorisationStatus, CardId, CardStatus,
    CardType, CreateAccountCardRequest, CreateCustomerAccountRequest, CustomerId, CustomerStatus,
    SaveWebhookRequest, SimulateCardAuthorisationRequest, WebhookType,
};
use uuid::Uuid;

use super::step::Step;
use super::{
    Work, accounts, authorisations, cards, customers, ledger, population, rules, steps,
    transactions, webhooks,
};
use crate::failure::Failure;
use crate::fixtures::{
    AccountFixture, AuthorisationFixture, CardFixture, CustomerFixture, FixtureAction,
    FixtureError, Fixtures, WebhookFixture,
};
use crate::inputs;
use crate::money;
use crate::quoted::quoted;
use crate::store::ledger::Book;
use crate::store::{Outage, StoreError};
use crate::under_way::{LongCall, WorkKind};

/// A step that follows within this time comes too soon: nobody could see the state before it.
const MOMENT: Duration = Duration::from_secs(1);

/// What the steps with names made, by their names.
pub(crate) type Made = HashMap<String, Uuid>;

/// Makes everything, or stops at the first step that cannot be.
pub(crate) async fn apply(
    work: &mut Work<'_>,
    fixtures: &Fixtures,
    call: LongCall<'_>,
) -> Result<Made, FixtureError> {
    let mut made = Made::new();
    for (number, step) in fixtures.steps.iter().enumerate() {
        let id = match one(work, &made, &step.action, call).await {
            Ok(id) => id,
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(rejected) => {
                let pointer = format!("/steps/{number}/{}", step.action.kind());
                return Err(FixtureError::at(pointer, rejected.to_string()));
            }
        };
        if let (Some(name), Some(id)) = (&step.name, id) {
            made.insert(name.clone(), id);
        }
    }
    Ok(made)
}

fn named(made: &Made, name: &str) -> Result<Uuid, Failure> {
    let id = made.get(name).copied();
    id.ok_or_else(|| Failure::invalid(format!("no step above has the name {}", quoted(name))))
}

async fn one(
    work: &mut Work<'_>,
    made: &Made,
    action: &FixtureAction,
    call: LongCall<'_>,
) -> Result<Option<Uuid>, Failure> {
    let id = match action {
        FixtureAction::Customer(fixture) => customer(work, fixture).await?.into(),
        FixtureAction::Account(fixture) => {
            let owner = named(made, &fixture.customer)?.into();
            account(work, owner, fixture).await?.into()
        }
        FixtureAction::Card(fixture) => {
            let account = named(made, &fixture.account)?.into();
            card(work, account, fixture).await?.into()
        }
        FixtureAction::Authorisation(fixture) => {
            let card = named(made, &fixture.card)?.into();
            authorisation(work, card, fixture).await?
        }
        FixtureAction::Webhook(fixture) => webhook(work, fixture).await?,
        FixtureAction::Cards(number) => {
            many_cards(work, number.get(), call).await?;
            return Ok(None);
        }
    };
    // The state that was asked for has to be seen: a step that would follow at once waits to be run.
    steps::hold(work, id, MOMENT).await?;
    Ok(Some(id))
}

/// Adds many cards, in the parts in which a call of its own adds them. All of them are in one
/// transaction, which would keep the sandbox from stopping, so it is given up when the sandbox stops.
async fn many_cards(work: &mut Work<'_>, number: u64, call: LongCall<'_>) -> Result<(), Failure> {
    let progress = call.under_way.begin(WorkKind::Cards, Some(number));
    let mut made = 0;
    while made < number {
        if !call.attended.is_true() {
            return Err(StoreError::unavailable(Outage::Closed).into());
        }
        let end = number.min(made + population::PART);
        population::add(work, made..end, number).await?;
        made = end;
        progress.reach(made);
    }
    Ok(())
}

async fn customer(work: &mut Work<'_>, fixture: &CustomerFixture) -> Result<CustomerId, Failure> {
    use CustomerMove::{Deactivate, PassScreening, ProveOwnership, Reject, Verify};
    let wallet = match &fixture.chain_id {
        Some(wallet) => wallet.clone(),
        None => population::wallet(work)?,
    };
    inputs::external_id(&fixture.external_id)?;
    inputs::wallet("/chainId", &wallet)?;
    let status = fixture.status.clone().unwrap_or(CustomerStatus::Active);
    let moves: &[(CustomerMove, Actor)] = match status {
        CustomerStatus::Initiating => &[],
        CustomerStatus::Screening => &[(ProveOwnership, Actor::Programme)],
        CustomerStatus::Verifying => &[
            (ProveOwnership, Actor::Programme),
            (PassScreening, Actor::OffBlocks),
        ],
        CustomerStatus::Active => &[
            (ProveOwnership, Actor::Programme),
            (PassScreening, Actor::OffBlocks),
            (Verify, Actor::Simulator),
        ],
        CustomerStatus::Inactive => &[
            (ProveOwnership, Actor::Programme),
            (PassScreening, Actor::OffBlocks),
            (Verify, Actor::Simulator),
            (Deactivate, Actor::Programme),
        ],
        CustomerStatus::Rejected => &[
            (ProveOwnership, Actor::Programme),
            (PassScreening, Actor::OffBlocks),
            (Reject, Actor::Simulator),
        ],
        other => return Err(unknown("customer", &other, CustomerStatus::ALL)),
    };
    let created = customers::create(work, wallet, fixture.external_id.clone()).await?;
    let mut customer = customers::get(work, created.id).await?;
    for &(cause, actor) in moves {
        customer = rules::change(work, customer, cause, actor).await?;
    }
    if customer.status == CustomerStatus::Screening {
        steps::schedule(work, Step::PassScreening, created.id.into()).await?;
    }
    Ok(created.id)
}

async fn account(
    work: &mut Work<'_>,
    owner: CustomerId,
    fixture: &AccountFixture,
) -> Result<AccountId, Failure> {
    let status = fixture.status.clone().unwrap_or(AccountStatus::Active);
    let undeployed = [
        AccountStatus::Initiating,
        AccountStatus::Pending,
        AccountStatus::Failed,
    ];
    if fixture.balance.is_some() && undeployed.contains(&status) {
        return Err(Failure::invalid(format!(
            "an account that is {status} is not deployed and holds nothing: leave the balance out"
        )));
    }
    let currencies = vec![work.settings.currency.clone()];
    let request = CreateCustomerAccountRequest::new(AccountType::CardAccount, currencies);
    let id = accounts::create(work, owner, request).await?.id;
    let record = accounts::find(work, id).await?;
    match status {
        AccountStatus::Initiating => return Ok(id),
        AccountStatus::Failed => {
            rules::change(work, record, AccountMove::Fail, Actor::OffBlocks).await?;
            return Ok(id);
        }
        _ => {
            let proven = AccountMove::ProveOwnership;
            rules::change(work, record, proven, Actor::Programme).await?;
        }
    }
    if status == AccountStatus::Pending {
        steps::schedule(work, Step::DeployAccount, id.into()).await?;
        return Ok(id);
    }
    accounts::deploy(work, id).await?;
    if let Some(balance) = &fixture.balance {
        balance_to(work, id, balance).await?;
    }
    match status {
        AccountStatus::Active => {}
        AccountStatus::Inactive => drop(accounts::deactivate(work, id).await?),
        AccountStatus::Closed => accounts::close(work, id).await?,
        other => return Err(unknown("account", &other, AccountStatus::ALL)),
    }
    Ok(id)
}

/// Pays in or takes out what is missing or too much.
async fn balance_to(
    work: &mut Work<'_>,
    id: AccountId,
    balance: &offblocks_types::Decimal,
) -> Result<(), Failure> {
    let balance = money::exact(balance)
        .filter(|balance| !balance.is_sign_negative())
        .ok_or_else(|| Failure::invalid("the balance is not an amount of zero or more"))?;
    let available = ledger::book(&ledger::opened(work, id).await?, Book::Available);
    if balance > available {
        ledger::pay_in(work, id, balance - available).await
    } else if balance < available {
        ledger::take_out(work, id, available - balance).await
    } else {
        Ok(())
    }
}

async fn card(
    work: &mut Work<'_>,
    account: AccountId,
    fixture: &CardFixture,
) -> Result<CardId, Failure> {
    let status = fixture.status.clone().unwrap_or(CardStatus::Active);
    let address = fixture.billing_address.clone();
    let address =
        address.unwrap_or_else(|| Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN"));
    inputs::address("billingAddress", &address)?;
    let request = CreateAccountCardRequest::new(CardType::Virtual, address);
    let id = cards::create(work, account, request).await?.id;
    match status {
        CardStatus::Issuing => return Ok(id),
        CardStatus::IssueFailed => {
            cards::give_up_issuing(work, id).await?;
            return Ok(id);
        }
        _ => drop(cards::finish_issuing(work, id).await?),
    }
    let card = cards::get(work, id).await?;
    if card.status != CardStatus::Active {
        let reason =
            "its customer and its account have to be active: without them it is not issued";
        return Err(Failure::invalid(reason));
    }
    match status {
        CardStatus::Active => {}
        CardStatus::Inactive => drop(cards::deactivate(work, id).await?),
        CardStatus::Terminated => cards::terminate(work, id).await?,
        CardStatus::Suspended => off_blocks(work, id, CardMove::Suspend).await?,
        CardStatus::Blocked => off_blocks(work, id, CardMove::Block).await?,
        other => return Err(unknown("card", &other, CardStatus::ALL)),
    }
    Ok(id)
}

async fn off_blocks(work: &mut Work<'_>, id: CardId, cause: CardMove) -> Result<(), Failure> {
    let record = cards::find(work, id).await?;
    rules::change(work, record, cause, Actor::OffBlocks).await?;
    Ok(())
}

async fn authorisation(
    work: &mut Work<'_>,
    card: CardId,
    fixture: &AuthorisationFixture,
) -> Result<Uuid, Failure> {
    let status = fixture
        .status
        .clone()
        .unwrap_or(AuthorisationStatus::Captured);
    let currency = fixture.currency.clone();
    let currency = currency.unwrap_or_else(|| work.settings.currency.clone());
    let amount = fixture.amount.clone();
    let request = SimulateCardAuthorisationRequest::new(amount, currency, false);
    let id = authorisations::create(work, card, &request).await?.id;
    match status {
        AuthorisationStatus::Pending => {}
        AuthorisationStatus::Captured => {
            authorisations::capture(work, id).await?;
            authorisations::finish_capture(work, id).await?;
            let made = crate::store::transactions::of_authorisation(work.conn, id).await?;
            for transaction in made {
                transactions::process(work, transaction.id).await?;
            }
        }
        AuthorisationStatus::Released => {
            authorisations::release(work, id).await?;
            authorisations::finish_release(work, id).await?;
        }
        other => {
            let known = [
                AuthorisationStatus::Pending,
                AuthorisationStatus::Captured,
                AuthorisationStatus::Released,
            ];
            return Err(unknown("authorisation", &other, &known));
        }
    }
    Ok(id.into())
}

async fn webhook(work: &mut Work<'_>, fixture: &WebhookFixture) -> Result<Uuid, Failure> {
    let types = fixture.types.clone();
    let types = types.unwrap_or_else(|| WebhookType::ALL.to_vec());
    let request = SaveWebhookRequest::new(fixture.callback_url.clone(), types);
    Ok(webhooks::save(work, request).await?.id.into())
}

fn unknown<S: std::fmt::Display>(kind: &str, status: &S, known: &[S]) -> Failure {
    let known: Vec<_> = known.iter().map(S::to_string).collect();
    Failure::invalid(format!(
        "fixtures make no {kind} that is {}: write one of {}",
        quoted(&status.to_string()),
        known.join(", ")
    ))
}
