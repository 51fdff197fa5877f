//! Cards: issuing, activity, termination.

use chrono::{DateTime, Datelike as _, Months, Utc};
use offblocks_cards::rules::{
    Actor, CardKind, CardMove, check_card_order, check_issuing, check_one_of_a_kind,
};
use offblocks_types::{
    AccountId, AccountStatus, Card, CardId, CardNetwork, CardStatus, CreateAccountCardRequest,
};

use super::step::Step;
use super::{Work, lookup, rules, steps};
use crate::failure::Failure;
use crate::random::RandomExt as _;
use crate::store::InactiveCause;
use crate::store::cards::{self, CardRecord, Holder};

const VALIDITY: Months = Months::new(36);

/// `createAccountCard`. Without an active customer and account the card is still made, and then
/// fails to issue.
pub(crate) async fn create(
    work: &mut Work<'_>,
    account_id: AccountId,
    request: CreateAccountCardRequest,
) -> Result<Card, Failure> {
    let holder = holder(work, account_id).await?;
    check_order(work, &holder, &request)?;
    let record = CardRecord {
        card: new(work, account_id, request),
        inactive_cause: None,
    };
    work.insert(&record).await?;
    let card = record.card;
    if !may_issue(&holder)? {
        steps::schedule(work, Step::FailCard, card.id.into()).await?;
    }
    Ok(card)
}

/// `getCards`.
pub(crate) async fn list(work: &mut Work<'_>) -> Result<Vec<Card>, Failure> {
    Ok(plain(cards::list(work.conn).await?))
}

/// `getAccountCards`.
pub(crate) async fn of_account(work: &mut Work<'_>, id: AccountId) -> Result<Vec<Card>, Failure> {
    lookup::account(work, id).await?;
    Ok(plain(cards::of_account(work.conn, id).await?))
}

/// `getCard`.
pub(crate) async fn get(work: &mut Work<'_>, id: CardId) -> Result<Card, Failure> {
    Ok(find(work, id).await?.card)
}

/// `deactivateCard`.
pub(crate) async fn deactivate(work: &mut Work<'_>, id: CardId) -> Result<Card, Failure> {
    let record = find(work, id).await?;
    change(
        work,
        record,
        CardMove::Deactivate,
        Actor::Programme,
        Some(InactiveCause::Own),
    )
    .await
}

/// `activateCard`. Not while its account is inactive: that has to be activated first.
pub(crate) async fn activate(work: &mut Work<'_>, id: CardId) -> Result<Card, Failure> {
    let record = find(work, id).await?;
    rules::check(&record, CardMove::Activate, Actor::Programme)?;
    check_account(work, &record.card).await?;
    change(work, record, CardMove::Activate, Actor::Programme, None).await
}

/// What OffBlocks does when misuse is suspected: `active` → `suspended`.
pub(crate) async fn suspend(work: &mut Work<'_>, id: CardId) -> Result<Card, Failure> {
    let record = find(work, id).await?;
    change(work, record, CardMove::Suspend, Actor::OffBlocks, None).await
}

/// What OffBlocks does when the suspicion was unfounded: `suspended` → `active`. Not while its
/// account is inactive.
pub(crate) async fn reinstate(work: &mut Work<'_>, id: CardId) -> Result<Card, Failure> {
    let record = find(work, id).await?;
    rules::check(&record, CardMove::Reinstate, Actor::OffBlocks)?;
    check_account(work, &record.card).await?;
    change(work, record, CardMove::Reinstate, Actor::OffBlocks, None).await
}

/// What OffBlocks does on evidence of misuse: `blocked`, which is final.
pub(crate) async fn block(work: &mut Work<'_>, id: CardId) -> Result<Card, Failure> {
    let record = find(work, id).await?;
    change(work, record, CardMove::Block, Actor::OffBlocks, None).await
}

/// `deleteCard`: `terminated`, which is final.
pub(crate) async fn terminate(work: &mut Work<'_>, id: CardId) -> Result<(), Failure> {
    let record = find(work, id).await?;
    change(work, record, CardMove::Terminate, Actor::Programme, None).await?;
    Ok(())
}

/// `simulateIssueCard`: the card becomes active by itself a moment later.
pub(crate) async fn issue(work: &mut Work<'_>, id: CardId) -> Result<(), Failure> {
    let record = find(work, id).await?;
    rules::check(&record, CardMove::Issue, Actor::Simulator)?;
    check_undecided(work, id).await?;
    steps::schedule(work, Step::IssueCard, id.into()).await
}

/// `simulateCardFail`: `issue_failed`, at once.
pub(crate) async fn fail(work: &mut Work<'_>, id: CardId) -> Result<(), Failure> {
    let record = find(work, id).await?;
    rules::check(&record, CardMove::Fail, Actor::Simulator)?;
    check_undecided(work, id).await?;
    change(work, record, CardMove::Fail, Actor::Simulator, None).await?;
    Ok(())
}

/// The scheduled end of issuing: `active`, with the data of an issued card; `issue_failed` when
/// the customer or the account is not active by then. Returns whether either happened.
pub(super) async fn finish_issuing(work: &mut Work<'_>, id: CardId) -> Result<bool, Failure> {
    let mut record = find(work, id).await?;
    if record.card.status != CardStatus::Issuing {
        return Ok(false);
    }
    if !may_issue(&holder(work, record.card.account_id).await?)? {
        change(work, record, CardMove::Fail, Actor::OffBlocks, None).await?;
        return Ok(true);
    }
    give_details(work, &mut record.card);
    change(work, record, CardMove::Issue, Actor::OffBlocks, None).await?;
    Ok(true)
}

/// The scheduled failure of a card that never could be issued. Returns whether it happened.
pub(super) async fn give_up_issuing(work: &mut Work<'_>, id: CardId) -> Result<bool, Failure> {
    let record = find(work, id).await?;
    if record.card.status != CardStatus::Issuing {
        return Ok(false);
    }
    change(work, record, CardMove::Fail, Actor::OffBlocks, None).await?;
    Ok(true)
}

/// Deactivates an account's active cards.
pub(super) async fn deactivate_all(
    work: &mut Work<'_>,
    id: AccountId,
    cause: InactiveCause,
) -> Result<(), Failure> {
    for record in cards::of_account(work.conn, id).await? {
        if record.card.status == CardStatus::Active {
            change(
                work,
                record,
                CardMove::Deactivate,
                Actor::Programme,
                Some(cause),
            )
            .await?;
        }
    }
    Ok(())
}

/// Activates an account's cards that were deactivated for this cause.
pub(super) async fn reactivate_all(
    work: &mut Work<'_>,
    id: AccountId,
    cause: InactiveCause,
) -> Result<(), Failure> {
    for record in cards::of_account(work.conn, id).await? {
        if record.inactive_cause == Some(cause) {
            change(work, record, CardMove::Activate, Actor::Programme, None).await?;
        }
    }
    Ok(())
}

/// Terminates all cards of an account that can be terminated.
pub(super) async fn terminate_all(work: &mut Work<'_>, id: AccountId) -> Result<(), Failure> {
    for record in cards::of_account(work.conn, id).await? {
        let (cause, actor) = (CardMove::Terminate, Actor::Programme);
        if rules::check(&record, cause, actor).is_ok() {
            change(work, record, cause, actor, None).await?;
        }
    }
    Ok(())
}

/// Rejects to make a card active while its account is not.
async fn check_account(work: &mut Work<'_>, card: &Card) -> Result<(), Failure> {
    let account = lookup::account(work, card.account_id).await?.account;
    if account.status == AccountStatus::Active {
        return Ok(());
    }
    Err(Failure::conflict(format!(
        "its account is {}: activate the account first",
        account.status
    )))
}

/// Rejects a second decision on a card whose status does not show the first one yet.
async fn check_undecided(work: &mut Work<'_>, id: CardId) -> Result<(), Failure> {
    let decided = match steps::waiting(work, id.into()).await? {
        Some(Step::IssueCard) => "it is being issued",
        Some(Step::FailCard) => "it cannot be issued, and fails by itself",
        _ => return Ok(()),
    };
    Err(Failure::conflict(format!(
        "the next state of the card is already decided: {decided}"
    )))
}

pub(crate) async fn find(work: &mut Work<'_>, id: CardId) -> Result<CardRecord, Failure> {
    cards::find(work.conn, id)
        .await?
        .ok_or_else(|| Failure::missing("card", id))
}

async fn change(
    work: &mut Work<'_>,
    mut record: CardRecord,
    cause: CardMove,
    actor: Actor,
    inactive_cause: Option<InactiveCause>,
) -> Result<Card, Failure> {
    record.inactive_cause = inactive_cause;
    Ok(rules::change(work, record, cause, actor).await?.card)
}

async fn holder(work: &mut Work<'_>, id: AccountId) -> Result<Holder, Failure> {
    cards::holder(work.conn, id)
        .await?
        .ok_or_else(|| Failure::missing("account", id))
}

/// Whether the customer and the account let a card be issued.
fn may_issue(holder: &Holder) -> Result<bool, Failure> {
    let (customer, account) = (
        rules::state(&holder.customer)?,
        rules::state(&holder.account)?,
    );
    Ok(check_issuing(customer, account).is_ok())
}

/// Rejects physical cards unless they are switched on, a second card of a kind, and an address
/// nothing is shipped to.
fn check_order(
    work: &Work<'_>,
    holder: &Holder,
    request: &CreateAccountCardRequest,
) -> Result<(), Failure> {
    let mut existing = Vec::new();
    for (kind, status) in &holder.cards {
        existing.push((rules::state(kind)?, rules::state(status)?));
    }
    let kind = rules::state(&request.r#type)?;
    let checked = if work.settings.physical_cards {
        check_one_of_a_kind(kind, existing)
    } else {
        check_card_order(kind, existing)
    };
    checked.map_err(|reason| Failure::at("/type", reason.to_string()))?;
    if kind == CardKind::Virtual && request.shipping_address.is_some() {
        let reason = "a shipping address belongs to physical cards: leave it out";
        return Err(Failure::at("/shippingAddress", reason));
    }
    Ok(())
}

fn new(work: &Work<'_>, account_id: AccountId, request: CreateAccountCardRequest) -> Card {
    let mut card = Card::new(
        work.random.uuid().into(),
        account_id,
        request.r#type,
        CardStatus::Issuing,
        work.now,
        work.now,
    );
    card.billing_address = Some(request.billing_address);
    card
}

/// Gives the card what an issued card shows. No full number is ever made, only its two ends.
pub(super) fn give_details(work: &Work<'_>, card: &mut Card) {
    let expiry = work.now + VALIDITY;
    let issuer = match work.settings.network {
        CardNetwork::Mastercard => "555555",
        _ => "411111",
    };
    card.name = Some(work.settings.cardholder.clone());
    card.network = Some(work.settings.network.clone());
    card.masked_pan = Some(format!(
        "{issuer}******{}",
        work.random.text(b"0123456789", 4)
    ));
    card.expiration_date = Some(format!("{:02}/{}", expiry.month(), expiry.year()));
}

/// Whether this month, written as [`give_details`] does, is over. A card works to the end of the last
/// month that it shows, by UTC.
pub(super) fn has_expired(last_month: &str, now: DateTime<Utc>) -> bool {
    let parts = last_month.split_once('/');
    let last = parts.and_then(|(month, year)| {
        let (year, month) = (year.parse::<i32>().ok()?, month.parse::<u32>().ok()?);
        Some((year, month))
    });
    last.is_some_and(|last| (now.year(), now.month()) > last)
}

fn plain(records: Vec<CardRecord>) -> Vec<Card> {
    records.into_iter().map(|record| record.card).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_works_to_the_end_of_its_last_month() {
        for (last_month, now, expected) in [
            ("07/2027", "2027-06-30T23:59:59.999999Z", false),
            ("07/2027", "2027-07-31T23:59:59.999999Z", false),
            ("07/2027", "2027-08-01T00:00:00Z", true),
            ("12/2027", "2028-01-01T00:00:00Z", true),
            ("01/2028", "2027-12-31T23:59:59Z", false),
            ("12/2027", "2029-01-01T00:00:00Z", true),
            ("never", "2029-01-01T00:00:00Z", false),
        ] {
            let now = now.parse().unwrap();
            assert_eq!(
                has_expired(last_month, now),
                expected,
                "{last_month} at {now}"
            );
        }
    }
}
