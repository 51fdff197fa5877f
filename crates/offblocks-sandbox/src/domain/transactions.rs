//! Transactions: what a captured authorisation becomes.

use offblocks_cards::rules::{Actor, TransactionMove};
use offblocks_types::{
    AccountId, Authorisation, BlockchainTransactionId, CardId, ChainTransaction, Transaction,
    TransactionDirection, TransactionId, TransactionStatus,
};
use rust_decimal::Decimal;

use super::step::Step;
use super::{Work, accounts, cards, catalogue, ledger, rules, steps};
use crate::failure::Failure;
use crate::money;
use crate::random::RandomExt as _;
use crate::store::ledger::Hold;
use crate::store::transactions;

/// `getTransactionDetails`.
pub(crate) async fn get(work: &mut Work<'_>, id: TransactionId) -> Result<Transaction, Failure> {
    transactions::find(work.conn, id)
        .await?
        .ok_or_else(|| Failure::missing("transaction", id))
}

/// `getAccountTransactions`.
pub(crate) async fn of_account(
    work: &mut Work<'_>,
    id: AccountId,
) -> Result<Vec<Transaction>, Failure> {
    accounts::get(work, id).await?;
    Ok(transactions::of_account(work.conn, id).await?)
}

/// `getCardTransactions`.
pub(crate) async fn of_card(work: &mut Work<'_>, id: CardId) -> Result<Vec<Transaction>, Failure> {
    cards::get(work, id).await?;
    Ok(transactions::of_card(work.conn, id).await?)
}

/// The debit of a captured authorisation: `processing`, and `processed` by itself.
pub(super) async fn create(
    work: &mut Work<'_>,
    authorisation: &Authorisation,
    settled: Hold,
) -> Result<(), Failure> {
    let account = accounts::get(work, authorisation.account_id).await?;
    let token = account.chain_id.as_ref().and_then(catalogue::token);
    let token = token.ok_or_else(|| Failure::invalid("the account is not deployed on chain"))?;
    let mut transaction = Transaction::new(
        work.random.uuid().into(),
        authorisation.account_id,
        TransactionStatus::Processing,
        TransactionDirection::Debit,
        authorisation.amount.clone(),
        authorisation.currency.clone(),
        authorisation.merchant_amount.clone(),
        authorisation.merchant_currency.clone(),
        authorisation.exchange_rate.clone(),
        authorisation.merchant.clone(),
        // A token of the account's currency is worth one unit of it; the fees come on top.
        money::plain(settled.amount),
        token,
        settled.fees,
        Vec::<ChainTransaction>::new(),
        work.now,
        work.now,
    );
    transaction.card_id = authorisation.card_id;
    transaction.authorisation_id = Some(authorisation.id);
    work.insert(&transaction).await?;
    steps::schedule(work, Step::ProcessTransaction, transaction.id.into()).await
}

/// The scheduled settlement on chain. A refund's money is back with it. Returns whether it happened.
pub(super) async fn process(work: &mut Work<'_>, id: TransactionId) -> Result<bool, Failure> {
    let mut transaction = get(work, id).await?;
    if transaction.status != TransactionStatus::Processing {
        return Ok(false);
    }
    let link = chain_transaction(work, &transaction)?;
    transaction.chain_transactions.push(link);
    if transaction.direction == TransactionDirection::Credit {
        ledger::refund(work, &transaction).await?;
    }
    rules::change(
        work,
        transaction,
        TransactionMove::Process,
        Actor::OffBlocks,
    )
    .await?;
    Ok(true)
}

/// Starts to take a processed debit back: `reversing`, and `reversed` by itself a moment later.
pub(crate) async fn reverse(
    work: &mut Work<'_>,
    id: TransactionId,
) -> Result<Transaction, Failure> {
    let transaction = debit(work, id).await?;
    if !refunds(work, &transaction).await?.is_empty() {
        let reason = "a part of the transaction was refunded: refund the rest of it instead";
        return Err(Failure::conflict(reason));
    }
    let (cause, actor) = (TransactionMove::Reverse, Actor::OffBlocks);
    let transaction = rules::change(work, transaction, cause, actor).await?;
    steps::schedule(work, Step::FinishReversal, id.into()).await?;
    Ok(transaction)
}

/// The scheduled end of a reversal: all of the money is back, fees included. Returns whether it
/// happened.
pub(super) async fn finish_reversal(
    work: &mut Work<'_>,
    id: TransactionId,
) -> Result<bool, Failure> {
    let mut transaction = get(work, id).await?;
    if transaction.status != TransactionStatus::Reversing {
        return Ok(false);
    }
    let link = chain_transaction(work, &transaction)?;
    transaction.chain_transactions.push(link);
    ledger::reverse(work, &transaction).await?;
    rules::change(
        work,
        transaction,
        TransactionMove::FinishReversal,
        Actor::OffBlocks,
    )
    .await?;
    Ok(true)
}

/// Refunds a processed debit, or a part of it, `amount` in the merchant's currency: a credit that
/// is `processing`, and `processed` by itself. Fees are not refunded.
pub(crate) async fn refund(
    work: &mut Work<'_>,
    id: TransactionId,
    amount: Decimal,
) -> Result<Transaction, Failure> {
    ledger::check(amount)?;
    let debit = debit(work, id).await?;
    if debit.status != TransactionStatus::Processed {
        return Err(Failure::conflict(format!(
            "the transaction is {}: only a processed one is refunded",
            debit.status
        )));
    }
    let refunds = refunds(work, &debit).await?;
    let left = |whole, part: fn(&Transaction) -> Decimal| {
        whole - refunds.iter().map(part).sum::<Decimal>()
    };
    let merchant_left = left(money::kept(&debit.merchant_amount), |it| {
        money::kept(&it.merchant_amount)
    });
    if amount > merchant_left {
        return Err(Failure::conflict(format!(
            "{} {} can be refunded at most",
            merchant_left.normalize(),
            debit.merchant_currency
        )));
    }
    if amount != merchant_left {
        // All that is left can have more, of a debit of an earlier version.
        money::check_digits(amount, &debit.merchant_currency)?;
    }
    let left = left(money::kept(&debit.amount), |it| money::kept(&it.amount));
    let paid = if amount == merchant_left {
        left
    } else {
        let rate = money::kept(&debit.exchange_rate);
        let converted = money::convert(amount, rate, &debit.currency);
        converted.map_or(left, |paid| paid.min(left))
    };
    if paid <= Decimal::ZERO {
        let reason = "the amount is less than the smallest unit of the account's currency";
        return Err(Failure::invalid(reason));
    }
    let mut refund = debit;
    refund.id = work.random.uuid().into();
    refund.status = TransactionStatus::Processing;
    refund.direction = TransactionDirection::Credit;
    refund.amount = money::plain(paid);
    refund.merchant_amount = money::plain(amount);
    refund.token_amount = money::plain(paid);
    refund.fees = Vec::new();
    refund.chain_transactions = Vec::new();
    refund.created_at = work.now;
    refund.updated_at = work.now;
    work.insert(&refund).await?;
    steps::schedule(work, Step::ProcessTransaction, refund.id.into()).await?;
    Ok(refund)
}

async fn debit(work: &mut Work<'_>, id: TransactionId) -> Result<Transaction, Failure> {
    let transaction = get(work, id).await?;
    if transaction.direction != TransactionDirection::Debit {
        return Err(Failure::conflict("the transaction is a refund itself"));
    }
    Ok(transaction)
}

/// What was refunded of a debit so far.
async fn refunds(work: &mut Work<'_>, debit: &Transaction) -> Result<Vec<Transaction>, Failure> {
    let Some(id) = debit.authorisation_id else {
        return Ok(Vec::new());
    };
    let mut transactions = transactions::of_authorisation(work.conn, id).await?;
    transactions.retain(|it| it.direction == TransactionDirection::Credit);
    Ok(transactions)
}

fn chain_transaction(
    work: &Work<'_>,
    transaction: &Transaction,
) -> Result<ChainTransaction, Failure> {
    let hash = format!("0x{}", work.random.text(b"0123456789abcdef", 64));
    let chain_id = BlockchainTransactionId::new(&transaction.token.chain(), &hash);
    let chain_id = chain_id.map_err(|error| Failure::invalid(error.to_string()))?;
    Ok(ChainTransaction::new(chain_id, work.now))
}
