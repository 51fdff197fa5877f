//! Authorisations: made by the simulator, captured or released.

use offblocks_cards::rules::{Actor, AuthorisationMove, AuthorisationState, CardState};
use offblocks_types::{
    AccountId, Authorisation, AuthorisationId, AuthorisationStatus, CardId, Merchant,
    SimulateCardAuthorisationRequest,
};
use rust_decimal::Decimal;

use super::steps::{self, Step};
use super::{Work, accounts, cards, rules, transactions};
use crate::failure::Failure;
use crate::money;
use crate::random::RandomExt as _;
use crate::store::authorisations;

/// `simulateCardAuthorisation`: `pending`; with `capture` it is captured by itself a moment later.
pub(crate) async fn create(
    work: &mut Work<'_>,
    card_id: CardId,
    request: &SimulateCardAuthorisationRequest,
) -> Result<Authorisation, Failure> {
    let card = cards::get(work, card_id).await?;
    if !rules::state::<CardState>(&card.status)?.authorises() {
        return Err(Failure::conflict(format!(
            "the card is {}: only an active one authorises",
            card.status
        )));
    }
    let currency = accounts::find(work, card.account_id).await?.currency;
    let amounts = Amounts::of(work, request, currency)?;
    let authorisation = new(work, card.account_id, card_id, amounts);
    authorisations::insert(work.conn, &authorisation).await?;
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
    change(
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
    change(
        work,
        authorisation,
        AuthorisationMove::Release,
        Actor::Simulator,
    )
    .await?;
    steps::schedule(work, Step::FinishRelease, id.into()).await
}

/// The scheduled capture, unless somebody captured or released it before.
pub(super) async fn begin_capture(work: &mut Work<'_>, id: AuthorisationId) -> Result<(), Failure> {
    match get(work, id).await?.status {
        AuthorisationStatus::Pending => capture(work, id).await,
        _ => Ok(()),
    }
}

/// The scheduled end of a capture: a transaction is born.
pub(super) async fn finish_capture(
    work: &mut Work<'_>,
    id: AuthorisationId,
) -> Result<(), Failure> {
    let authorisation = get(work, id).await?;
    if authorisation.status != AuthorisationStatus::Capturing {
        return Ok(());
    }
    let authorisation = change(
        work,
        authorisation,
        AuthorisationMove::FinishCapture,
        Actor::OffBlocks,
    )
    .await?;
    transactions::create(work, &authorisation).await
}

/// The scheduled end of a release.
pub(super) async fn finish_release(
    work: &mut Work<'_>,
    id: AuthorisationId,
) -> Result<(), Failure> {
    let authorisation = get(work, id).await?;
    if authorisation.status == AuthorisationStatus::Releasing {
        change(
            work,
            authorisation,
            AuthorisationMove::FinishRelease,
            Actor::OffBlocks,
        )
        .await?;
    }
    Ok(())
}

async fn change(
    work: &mut Work<'_>,
    mut authorisation: Authorisation,
    cause: AuthorisationMove,
    actor: Actor,
) -> Result<Authorisation, Failure> {
    let status = &authorisation.status;
    authorisation.status = rules::after::<AuthorisationState, _>(status, cause, actor)?;
    authorisation.updated_at = work.after(authorisation.updated_at);
    authorisations::update(work.conn, &authorisation).await?;
    Ok(authorisation)
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
        let rate = rate(work, &merchant_currency, &currency)?;
        let amount = money::convert(merchant_amount, rate)
            .ok_or_else(|| Failure::invalid("the amount is too large to be converted exactly"))?;
        if amount <= Decimal::ZERO {
            return Err(Failure::invalid("the amount must be greater than zero"));
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
            Failure::invalid(format!(
                "the account is in {account} and no rate from {merchant} is set: pay in {account}"
            ))
        })
}

fn new(work: &Work<'_>, account_id: AccountId, card_id: CardId, amounts: Amounts) -> Authorisation {
    Authorisation {
        id: work.random.uuid().into(),
        account_id,
        card_id: Some(card_id),
        status: AuthorisationStatus::Pending,
        amount: money::plain(amounts.amount),
        currency: amounts.currency,
        merchant_amount: money::plain(amounts.merchant_amount),
        merchant_currency: amounts.merchant_currency,
        exchange_rate: money::plain(amounts.rate),
        merchant: merchant(),
        created_at: work.now,
        updated_at: work.now,
    }
}

fn merchant() -> Merchant {
    Merchant {
        id: "TEST".to_owned(),
        name: "Test Merchant".to_owned(),
        mcc: 9999,
        country: "GB".to_owned(),
        city: "London".to_owned(),
    }
}
