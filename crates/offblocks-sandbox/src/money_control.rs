//! Movements of an account's money that the contract's simulator does not offer: paying in and taking out,
//! reversals and refunds.

use offblocks_types::{AccountId, BlockchainAssetId, Transaction, TransactionId};
use rust_decimal::Decimal;

use crate::Sandbox;
use crate::control_error::ControlError;
use crate::domain::{Work, accounts, catalogue, ledger, transactions};
use crate::failure::Failure;
use crate::store::ledger::Book;
use crate::units::writing;

/// What an account holds, in its token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Balance {
    /// The token.
    pub token: BlockchainAssetId,
    /// What can be spent.
    pub available: Decimal,
    /// What authorisations hold until they are captured or released.
    pub held: Decimal,
}

impl Sandbox {
    /// What an account holds.
    ///
    /// # Errors
    /// When there is no such account, it is not deployed yet, or the database fails.
    pub async fn balance(&self, account: AccountId) -> Result<Balance, ControlError> {
        Ok(writing!(&self.world, |work| balance(work, account))?)
    }

    /// Pays tokens into an account, as its owner would on chain.
    ///
    /// # Errors
    /// When there is no such account, it is not deployed yet, the amount has more than six
    /// digits after the point or brings the account beyond 10^22 tokens, or the database fails.
    pub async fn pay_in(
        &self,
        account: AccountId,
        amount: Decimal,
    ) -> Result<Balance, ControlError> {
        Ok(writing!(&self.world, |work| pay_in(work, account, amount))?)
    }

    /// Takes tokens out of an account, as its owner would on chain. At most the available balance.
    ///
    /// # Errors
    /// As [`Sandbox::pay_in`], and when there is less to spend.
    pub async fn take_out(
        &self,
        account: AccountId,
        amount: Decimal,
    ) -> Result<Balance, ControlError> {
        Ok(writing!(&self.world, |work| take_out(
            work, account, amount
        ))?)
    }

    /// Takes a processed debit back: it is `reversing`, and `reversed` by itself after
    /// [`Settings::follow_up_delay`](crate::Settings). All of the money is back then, fees
    /// included.
    ///
    /// # Errors
    /// When there is no such transaction, it is not a processed debit, a part of it was refunded,
    /// or the database fails.
    pub async fn reverse(&self, transaction: TransactionId) -> Result<Transaction, ControlError> {
        Ok(writing!(&self.world, |work| transactions::reverse(
            work,
            transaction
        ))?)
    }

    /// Refunds a processed debit, or a part of it: `amount` in the merchant's currency. Makes a
    /// credit that is `processing`, and `processed` by itself after
    /// [`Settings::follow_up_delay`](crate::Settings); the money is back then. Fees are not
    /// refunded.
    ///
    /// # Errors
    /// When there is no such transaction, it is not a processed debit, less of it is left, or the
    /// database fails.
    pub async fn refund(
        &self,
        transaction: TransactionId,
        amount: Decimal,
    ) -> Result<Transaction, ControlError> {
        Ok(writing!(&self.world, |work| transactions::refund(
            work,
            transaction,
            amount
        ))?)
    }
}

async fn balance(work: &mut Work<'_>, id: AccountId) -> Result<Balance, Failure> {
    let token = token(work, id).await?;
    let books = ledger::books(work, id).await?;
    Ok(Balance {
        token,
        available: ledger::book(&books, Book::Available).normalize(),
        held: ledger::book(&books, Book::Held).normalize(),
    })
}

async fn pay_in(work: &mut Work<'_>, id: AccountId, amount: Decimal) -> Result<Balance, Failure> {
    token(work, id).await?;
    ledger::pay_in(work, id, amount).await?;
    balance(work, id).await
}

async fn take_out(work: &mut Work<'_>, id: AccountId, amount: Decimal) -> Result<Balance, Failure> {
    token(work, id).await?;
    ledger::take_out(work, id, amount).await?;
    balance(work, id).await
}

async fn token(work: &mut Work<'_>, id: AccountId) -> Result<BlockchainAssetId, Failure> {
    let account = accounts::get(work, id).await?;
    let token = account.chain_id.as_ref().and_then(catalogue::token);
    token.ok_or_else(|| Failure::conflict("the account is not deployed on chain yet"))
}
