//! The balances of accounts: amounts are paid in, held by an authorisation, settled by a capture, freed by
//! a release, and given back by a reversal or refund.
//!
//! A token of an account's currency is worth one unit of it. Every amount has at most
//! [`DIGITS`] digits after the point and no account ever has more than [`MOST`], so each sum is
//! exact.

use offblocks_types::{AccountId, Authorisation, Fee, FeeType, Transaction};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::Work;
use crate::failure::Failure;
use crate::money;
use crate::settings::Settings;
use crate::store::ledger::{self, Book, Books, Hold, Posting};

/// How many digits after the point an amount may have.
pub(crate) const DIGITS: u32 = 6;

/// The most that may be paid into an account: 10^22. With [`DIGITS`] that is what 96 bits hold.
pub(crate) const MOST: Decimal = Decimal::from_parts(2_990_538_752, 434_162_106, 542, false, 0);

/// Pays the first balance in of an account that is deployed.
pub(super) async fn open(work: &mut Work<'_>, id: AccountId) -> Result<(), Failure> {
    let amount = work.settings.initial_balance;
    if amount.is_zero() {
        return Ok(());
    }
    check(amount)?;
    post(work, id, Book::Outside, Book::Available, amount, None).await
}

/// An account's books. One that was deployed before there was a ledger has its first balance, which its
/// first movement writes.
pub(crate) async fn books(work: &mut Work<'_>, id: AccountId) -> Result<Books, Failure> {
    let books = ledger::books(work.conn, id).await?;
    let first = work.settings.initial_balance;
    Ok(match books.is_empty() && !first.is_zero() {
        true => [(Book::Outside, -first), (Book::Available, first)].into(),
        false => books,
    })
}

/// An account's books before a movement. Those of one that was deployed before there was a ledger are
/// opened now.
pub(crate) async fn opened(work: &mut Work<'_>, id: AccountId) -> Result<Books, Failure> {
    let books = ledger::books(work.conn, id).await?;
    opened_from(work, id, books).await
}

/// As [`opened`], of books that were just read.
async fn opened_from(work: &mut Work<'_>, id: AccountId, books: Books) -> Result<Books, Failure> {
    if !books.is_empty() {
        return Ok(books);
    }
    open(work, id).await?;
    Ok(ledger::books(work.conn, id).await?)
}

/// Pays tokens into an account.
pub(crate) async fn pay_in(
    work: &mut Work<'_>,
    id: AccountId,
    amount: Decimal,
) -> Result<(), Failure> {
    check(amount)?;
    let paid_in = -book(&opened(work, id).await?, Book::Outside);
    if paid_in > MOST || amount > MOST - paid_in {
        return Err(Failure::invalid(format!(
            "an account holds {MOST} tokens at most"
        )));
    }
    post(work, id, Book::Outside, Book::Available, amount, None).await
}

/// Takes tokens out of an account: no more than can be spent.
pub(crate) async fn take_out(
    work: &mut Work<'_>,
    id: AccountId,
    amount: Decimal,
) -> Result<(), Failure> {
    check(amount)?;
    let available = book(&opened(work, id).await?, Book::Available);
    if amount > available {
        return Err(Failure::conflict(format!(
            "only {} tokens can be spent: take out no more",
            available.normalize()
        )));
    }
    post(work, id, Book::Available, Book::Outside, amount, None).await
}

/// What an authorisation of this amount would hold: the amount and the fees.
pub(super) fn quote(work: &Work<'_>, amount: Decimal) -> Result<Hold, Failure> {
    check(amount)?;
    let fees = fees(work, amount)?;
    let total = total(amount, &fees);
    Ok(Hold {
        amount: total,
        fees,
    })
}

/// What an authorisation would hold, with the books of an account that can pay it.
pub(super) struct Covered {
    hold: Hold,
    books: Books,
}

/// Checks that the account, whose books were just read, can pay what an authorisation would hold.
pub(super) async fn cover(
    work: &mut Work<'_>,
    id: AccountId,
    books: Books,
    hold: Hold,
) -> Result<Covered, Failure> {
    let books = opened_from(work, id, books).await?;
    let available = book(&books, Book::Available);
    if hold.amount <= available {
        return Ok(Covered { hold, books });
    }
    Err(Failure::conflict(format!(
        "declined for the balance: {} tokens are needed, fees included, and {} can be spent",
        hold.amount.normalize(),
        available.normalize()
    )))
}

/// Holds what an authorisation needs. Nothing may have moved in the account since it was checked.
pub(super) async fn hold(
    work: &mut Work<'_>,
    authorisation: &Authorisation,
    covered: Covered,
) -> Result<(), Failure> {
    let Covered { hold, books } = covered;
    ledger::insert_hold(work.conn, authorisation.id, &hold).await?;
    let posting = Posting {
        from: Book::Available,
        to: Book::Held,
        amount: hold.amount,
        entity: Some(authorisation.id.into()),
    };
    post_to(work, authorisation.account_id, books, posting).await
}

/// Settles a captured authorisation: the merchant gets its amount, and the party that earns a fee gets
/// that. Returns what was settled.
pub(super) async fn settle(
    work: &mut Work<'_>,
    authorisation: &Authorisation,
) -> Result<Hold, Failure> {
    let (id, entity) = (authorisation.account_id, authorisation.id.into());
    let amount = money::kept(&authorisation.amount);
    let hold = match ledger::take_hold(work.conn, authorisation.id).await? {
        Some(hold) => hold,
        None => late_hold(work, authorisation).await?,
    };
    post(work, id, Book::Held, Book::Merchant, amount, Some(entity)).await?;
    for fee in &hold.fees {
        let amount = money::kept(&fee.token_amount);
        post(work, id, Book::Held, of(&fee.r#type), amount, Some(entity)).await?;
    }
    Ok(hold)
}

/// Frees what a released authorisation holds.
pub(super) async fn free(
    work: &mut Work<'_>,
    authorisation: &Authorisation,
) -> Result<(), Failure> {
    let Some(hold) = ledger::take_hold(work.conn, authorisation.id).await? else {
        return Ok(());
    };
    let (id, entity) = (authorisation.account_id, authorisation.id.into());
    post(
        work,
        id,
        Book::Held,
        Book::Available,
        hold.amount,
        Some(entity),
    )
    .await
}

/// Gives a settled debit back, fees included.
pub(super) async fn reverse(work: &mut Work<'_>, transaction: &Transaction) -> Result<(), Failure> {
    refund(work, transaction).await?;
    let (id, entity) = (transaction.account_id, transaction.id.into());
    for fee in &transaction.fees {
        let (from, amount) = (of(&fee.r#type), money::kept(&fee.token_amount));
        post(work, id, from, Book::Available, amount, Some(entity)).await?;
    }
    Ok(())
}

/// Gives back what the merchant got: a transaction's amount without its fees.
pub(super) async fn refund(work: &mut Work<'_>, transaction: &Transaction) -> Result<(), Failure> {
    let (id, entity) = (transaction.account_id, transaction.id.into());
    let amount = money::kept(&transaction.amount);
    post(
        work,
        id,
        Book::Merchant,
        Book::Available,
        amount,
        Some(entity),
    )
    .await
}

/// What a book holds.
pub(crate) fn book(books: &Books, book: Book) -> Decimal {
    books.get(&book).copied().unwrap_or_default()
}

/// Holds what an authorisation of an earlier version needs, whatever the balance: it was approved.
async fn late_hold(work: &mut Work<'_>, authorisation: &Authorisation) -> Result<Hold, Failure> {
    let held = quote(work, money::kept(&authorisation.amount))?;
    opened(work, authorisation.account_id).await?;
    let (id, entity) = (authorisation.account_id, authorisation.id.into());
    post(
        work,
        id,
        Book::Available,
        Book::Held,
        held.amount,
        Some(entity),
    )
    .await?;
    Ok(held)
}

async fn post(
    work: &mut Work<'_>,
    id: AccountId,
    from: Book,
    to: Book,
    amount: Decimal,
    entity: Option<Uuid>,
) -> Result<(), Failure> {
    let books = ledger::books(work.conn, id).await?;
    let posting = Posting {
        from,
        to,
        amount,
        entity,
    };
    post_to(work, id, books, posting).await
}

/// Posts to an account whose books were just read.
async fn post_to(
    work: &mut Work<'_>,
    id: AccountId,
    mut books: Books,
    posting: Posting,
) -> Result<(), Failure> {
    *books.entry(posting.from).or_default() -= posting.amount;
    *books.entry(posting.to).or_default() += posting.amount;
    Ok(ledger::post(work.conn, id, &posting, &books, work.now).await?)
}

/// The fees of a payment, at the rates of the settings. A fee of zero is left out.
fn fees(work: &Work<'_>, amount: Decimal) -> Result<Vec<Fee>, Failure> {
    let settings = work.settings;
    let share = |rate: Decimal| {
        let share = amount.checked_mul(rate).map(|fee| fee.round_dp(DIGITS));
        share.ok_or_else(|| Failure::invalid("the amount is too large"))
    };
    let fees = [
        (FeeType::Network, settings.network_fee),
        (FeeType::Service, share(settings.service_fee_rate)?),
        (FeeType::Partner, share(settings.partner_fee_rate)?),
    ];
    let fees = fees.into_iter().filter(|(_, amount)| !amount.is_zero());
    Ok(fees
        .map(|(kind, amount)| Fee::new(kind, money::plain(amount)))
        .collect())
}

fn total(amount: Decimal, fees: &[Fee]) -> Decimal {
    let fees = fees.iter().map(|fee| money::kept(&fee.token_amount));
    amount + fees.sum::<Decimal>()
}

const fn of(kind: &FeeType) -> Book {
    match kind {
        FeeType::Partner => Book::PartnerFee,
        FeeType::Service => Book::ServiceFee,
        // The network's, and every other: the sandbox itself makes these three alone.
        _ => Book::NetworkFee,
    }
}

/// Whether the settings' amounts and rates are ones that the ledger can work with.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn check_settings(settings: &Settings) -> Result<(), String> {
    let amounts = [
        ("initial balance", settings.initial_balance),
        ("network fee", settings.network_fee),
    ];
    for (name, amount) in amounts {
        if !amount.is_zero() && check(amount).is_err() {
            return Err(format!(
                "the {name} is {amount}: write zero or more, with at most {DIGITS} digits after \
                 the point, and no more than {MOST}"
            ));
        }
    }
    let rates = [
        ("service fee", settings.service_fee_rate),
        ("partner fee", settings.partner_fee_rate),
    ];
    for (name, rate) in rates {
        if rate < Decimal::ZERO || rate > Decimal::ONE {
            return Err(format!(
                "the rate of the {name} is {rate}: write a share between 0 and 1"
            ));
        }
    }
    Ok(())
}

/// Whether an amount is one that the ledger keeps exactly.
pub(super) fn check(amount: Decimal) -> Result<(), Failure> {
    if amount <= Decimal::ZERO {
        return Err(Failure::invalid("the amount must be greater than zero"));
    }
    if amount > MOST || amount.normalize().scale() > DIGITS {
        return Err(Failure::invalid(format!(
            "the amount is out of range: write at most {DIGITS} digits after the point, and no \
             more than {MOST}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
