//! Authorisations: made by the simulator, captured or released.

use offblocks_cards::rules::{Actor, AuthorisationMove, CardState};
use offblocks_types::{
    AccountId, AccountStatus, Authorisation, AuthorisationId, AuthorisationStatus, CardId,
    CustomerStatus, Merchant, SimulateCardAuthorisationRequest,
};
use rust_decimal::Decimal;

use super::step::Step;
use super::{Work, cards, ledger, rules, steps, transactions};
use crate::failure::Failure;
use crate::money;
use crate::quoted::quoted;
use crate::random::RandomExt as _;
use crate::store::authorisations;

/// `simulateCardAuthorisation`: `pending`; with `capture` it is captured by itself a moment later.
/// Declined for the state of the card, its age, the state of its account or its customer, for the
/// currency, or for the balance, in this order.
pub(crate) async fn create(
    work: &mut Work<'_>,
    card_id: CardId,
    request: &SimulateCardAuthorisationRequest,
) -> Result<Authorisation, Failure> {
    let payer = authorisations::payer(work.conn, card_id).await?;
    let payer = payer.ok_or_else(|| Failure::missing("card", card_id))?;
    if !CardState::try_from(&payer.card)?.authorises() {
        return Err(declined("card", &payer.card));
    }
    if let Some(last_month) = &payer.expiration_date
        && cards::has_expired(last_month, work.now)
    {
        return Err(Failure::conflict(format!(
            "declined because the card has expired: it was valid until the end of {last_month}"
        )));
    }
    if payer.account != AccountStatus::Active {
        return Err(declined("account", &payer.account));
    }
    if payer.customer != CustomerStatus::Active {
        return Err(declined("customer", &payer.customer));
    }
    let account_id = payer.account_id;
    let of_amount = |failure: Failure| failure.of_member("/amount");
    let amounts = Amounts::of(work, request, payer.currency).map_err(of_amount)?;
    let hold = ledger::quote(work, amounts.amount).map_err(of_amount)?;
    let covered = ledger::cover(work, account_id, payer.books, hold).await?;
    let authorisation = new(work, account_id, card_id, amounts);
    work.insert(&authorisation).await?;
    ledger::hold(work, &authorisation, covered).await?;
    if request.capture {
        steps::schedule(work, Step::Capture, authorisation.id.into()).await?;
    }
    Ok(authorisation)
}

/// `getAuthorisationDetails`.
pub(crate) async fn get(
    work: &mut Work<'_>,
    id: AuthorisationId,
) -> Result<Authorisation, Failure> {
    authorisations::find(work.conn, id)
        .await?
        .ok_or_else(|| Failure::missing("authorisation", id))
}

/// `simulateCardAuthorisationCapture`: `capturing`, and `captured` by itself a moment later.
/// A card that was terminated meanwhile still settles.
pub(crate) async fn capture(work: &mut Work<'_>, id: AuthorisationId) -> Result<(), Failure> {
    let authorisation = get(work, id).await?;
    rules::change(
        work,
        authorisation,
        AuthorisationMove::Capture,
        Actor::Simulator,
    )
    .await?;
    steps::schedule(work, Step::FinishCapture, id.into()).await
}

/// `simulateCardAuthorisationRelease`: `releasing`, and `released` by itself a moment later.
pub(crate) async fn release(work: &mut Work<'_>, id: AuthorisationId) -> Result<(), Failure> {
    let authorisation = get(work, id).await?;
    rules::change(
        work,
        authorisation,
        AuthorisationMove::Release,
        Actor::Simulator,
    )
    .await?;
    steps::schedule(work, Step::FinishRelease, id.into()).await
}

/// The scheduled capture, unless it was captured or released before. Returns whether it happened.
pub(super) async fn begin_capture(
    work: &mut Work<'_>,
    id: AuthorisationId,
) -> Result<bool, Failure> {
    if get(work, id).await?.status != AuthorisationStatus::Pending {
        return Ok(false);
    }
    capture(work, id).await?;
    Ok(true)
}

/// The scheduled end of a capture: what was held is settled, and a transaction is created. Returns
/// whether it happened.
pub(super) async fn finish_capture(
    work: &mut Work<'_>,
    id: AuthorisationId,
) -> Result<bool, Failure> {
    let authorisation = get(work, id).await?;
    if authorisation.status != AuthorisationStatus::Capturing {
        return Ok(false);
    }
    let authorisation = rules::change(
        work,
        authorisation,
        AuthorisationMove::FinishCapture,
        Actor::OffBlocks,
    )
    .await?;
    let settled = ledger::settle(work, &authorisation).await?;
    transactions::create(work, &authorisation, settled).await?;
    Ok(true)
}

/// The scheduled end of a release. Returns whether it happened.
pub(super) async fn finish_release(
    work: &mut Work<'_>,
    id: AuthorisationId,
) -> Result<bool, Failure> {
    let authorisation = get(work, id).await?;
    if authorisation.status != AuthorisationStatus::Releasing {
        return Ok(false);
    }
    let (cause, actor) = (AuthorisationMove::FinishRelease, Actor::OffBlocks);
    let authorisation = rules::change(work, authorisation, cause, actor).await?;
    ledger::free(work, &authorisation).await?;
    Ok(true)
}

fn declined(whose: &str, status: &impl std::fmt::Display) -> Failure {
    Failure::conflict(format!(
        "declined for the state of the {whose}: it is {status}, and only an active one authorises"
    ))
}

/// What the merchant asks, and what that is in the account's currency.
struct Amounts {
    amount: Decimal,
    currency: String,
    merchant_amount: Decimal,
    merchant_currency: String,
    rate: Decimal,
}

impl Amounts {
    fn of(
        work: &Work<'_>,
        request: &SimulateCardAuthorisationRequest,
        currency: String,
    ) -> Result<Self, Failure> {
        let merchant_amount = money::exact(&request.amount)
            .ok_or_else(|| Failure::invalid("the amount has too many digits to be exact"))?;
        let merchant_currency = request.currency.clone();
        ledger::check(merchant_amount)?;
        let rate = rate(work, &merchant_currency, &currency)?;
        money::check_digits(merchant_amount, &merchant_currency)?;
        let amount = money::convert(merchant_amount, rate, &currency)
            .ok_or_else(|| Failure::invalid("the amount is too large to be converted exactly"))?;
        if amount <= Decimal::ZERO {
            let reason = "the amount is less than the smallest unit of the account's currency";
            return Err(Failure::invalid(reason));
        }
        Ok(Self {
            amount,
            currency,
            merchant_amount,
            merchant_currency,
            rate,
        })
    }
}

fn rate(work: &Work<'_>, merchant: &str, account: &str) -> Result<Decimal, Failure> {
    if merchant == account {
        return Ok(Decimal::ONE);
    }
    work.settings
        .exchange_rates
        .get(merchant)
        .copied()
        .ok_or_else(|| {
            let reason = format!(
                "declined for the currency: the account is in {account} and no rate from {} is set; \
                 pay in {account}",
                quoted(merchant)
            );
            Failure::at("/currency", reason)
        })
}

fn new(work: &Work<'_>, account_id: AccountId, card_id: CardId, amounts: Amounts) -> Authorisation {
    let mut authorisation = Authorisation::new(
        work.random.uuid().into(),
        account_id,
        AuthorisationStatus::Pending,
        money::plain(amounts.amount),
        amounts.currency,
        money::plain(amounts.merchant_amount),
        amounts.merchant_currency,
        money::plain(amounts.rate),
        merchant(),
        work.now,
        work.now,
    );
    authorisation.card_id = Some(card_id);
    authorisation
}

fn merchant() -> Merchant {
    Merchant::new("TEST", "Test Merchant", 9999, "GB", "London")
}
