//! Transactions.

use offblocks_server::{
    GetAccountTransactionsError, GetCardTransactionsError, GetTransactionDetailsError,
    RequestContext, TransactionsApi,
};
use offblocks_types::{AccountId, CardId, Transaction, TransactionId};

use super::reading;
use super::rejection::rejections;
use crate::domain::transactions;
use crate::world::World;

rejections!(
    GetAccountTransactionsError,
    GetCardTransactionsError,
    GetTransactionDetailsError
);

impl TransactionsApi for World {
    async fn get_account_transactions(
        &self,
        _: RequestContext,
        account_id: AccountId,
    ) -> Result<Vec<Transaction>, GetAccountTransactionsError> {
        reading!(self, |work| transactions::of_account(work, account_id))
    }

    async fn get_card_transactions(
        &self,
        _: RequestContext,
        card_id: CardId,
    ) -> Result<Vec<Transaction>, GetCardTransactionsError> {
        reading!(self, |work| transactions::of_card(work, card_id))
    }

    async fn get_transaction_details(
        &self,
        _: RequestContext,
        transaction_id: TransactionId,
    ) -> Result<Transaction, GetTransactionDetailsError> {
        reading!(self, |work| transactions::get(work, transaction_id))
    }
}
