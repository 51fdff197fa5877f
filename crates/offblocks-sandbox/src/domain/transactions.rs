//! Transactions: what a captured authorisation becomes.

use offblocks_cards::rules::{Actor, TransactionMove, TransactionState};
use offblocks_types::{
    AccountId, Authorisation, BlockchainTransactionId, CardId, ChainTransaction, Fee, FeeType,
    Transaction, TransactionDirection, TransactionId, TransactionStatus,
};

use super::steps::{self, Step};
use super::{Work, accounts, cards, catalogue, rules};
use crate::failure::Failure;
use crate::money;
use crate::random::RandomExt as _;
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
) -> Result<(), Failure> {
    let account = accounts::get(work, authorisation.account_id).await?;
    let token = account.chain_id.as_ref().and_then(catalogue::token);
    let token = token.ok_or_else(|| Failure::invalid("the account is not deployed on chain"))?;
    let transaction = Transaction {
        id: work.random.uuid().into(),
        account_id: authorisation.account_id,
        card_id: authorisation.card_id,
        authorisation_id: Some(authorisation.id),
        status: TransactionStatus::Processing,
        direction: TransactionDirection::Debit,
        amount: authorisation.amount.clone(),
        currency: authorisation.currency.clone(),
        merchant_amount: authorisation.merchant_amount.clone(),
        merchant_currency: authorisation.merchant_currency.clone(),
        exchange_rate: authorisation.exchange_rate.clone(),
        merchant: authorisation.merchant.clone(),
        // A token of the account's currency is worth one unit of it.
        token_amount: authorisation.amount.clone(),
        token,
        fees: vec![network_fee(work)],
        chain_transactions: Vec::new(),
        created_at: work.now,
        updated_at: work.now,
    };
    transactions::insert(work.conn, &transaction).await?;
    steps::schedule(work, Step::ProcessTransaction, transaction.id.into()).await
}

/// The scheduled settlement on chain.
pub(super) async fn process(work: &mut Work<'_>, id: TransactionId) -> Result<(), Failure> {
    let mut transaction = get(work, id).await?;
    if transaction.status != TransactionStatus::Processing {
        return Ok(());
    }
    let (cause, actor) = (TransactionMove::Process, Actor::OffBlocks);
    transaction.status = rules::after::<TransactionState, _>(&transaction.status, cause, actor)?;
    transaction.updated_at = work.after(transaction.updated_at);
    transactions::update(work.conn, &transaction).await?;
    let link = chain_transaction(work, &transaction)?;
    Ok(transactions::add_chain_transaction(work.conn, id, &link).await?)
}

fn network_fee(work: &Work<'_>) -> Fee {
    Fee {
        r#type: FeeType::Network,
        token_amount: money::plain(work.settings.network_fee),
    }
}

fn chain_transaction(
    work: &Work<'_>,
    transaction: &Transaction,
) -> Result<ChainTransaction, Failure> {
    let hash = format!("0x{}", work.random.text(b"0123456789abcdef", 64));
    let chain_id = BlockchainTransactionId::new(&transaction.token.chain(), &hash);
    let chain_id = chain_id.map_err(|error| Failure::invalid(error.to_string()))?;
    Ok(ChainTransaction {
        chain_id,
        created_at: work.now,
    })
}
