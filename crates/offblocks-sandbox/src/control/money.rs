//! Movements of an account's money that have their cause outside the API.

use offblocks_sandbox_api::server::{
    GetBalanceError, MoneyApi, PayInError, RefundTransactionError, ReverseTransactionError,
    TakeOutError,
};
use offblocks_sandbox_api::{self as api, Movement, Refund};
use offblocks_server::RequestContext;
use offblocks_types::support::Decimal as Written;
use offblocks_types::{AccountId, Transaction, TransactionId};
use rust_decimal::Decimal;

use super::rejection::{Rejected, rejections};
use crate::money_control::Balance;
use crate::{Sandbox, money};

rejections!(
    GetBalanceError,
    PayInError,
    RefundTransactionError,
    ReverseTransactionError,
    TakeOutError
);

impl MoneyApi for Sandbox {
    async fn get_balance(
        &self,
        _: RequestContext,
        account_id: AccountId,
    ) -> Result<api::Balance, GetBalanceError> {
        Ok(balance(self.balance(account_id).await?))
    }

    async fn pay_in(
        &self,
        _: RequestContext,
        account_id: AccountId,
        body: Movement,
    ) -> Result<api::Balance, PayInError> {
        let amount = exact(&body.amount)?;
        Ok(balance(self.pay_in(account_id, amount).await?))
    }

    async fn take_out(
        &self,
        _: RequestContext,
        account_id: AccountId,
        body: Movement,
    ) -> Result<api::Balance, TakeOutError> {
        let amount = exact(&body.amount)?;
        Ok(balance(self.take_out(account_id, amount).await?))
    }

    async fn reverse_transaction(
        &self,
        _: RequestContext,
        transaction_id: TransactionId,
    ) -> Result<Transaction, ReverseTransactionError> {
        Ok(self.reverse(transaction_id).await?)
    }

    async fn refund_transaction(
        &self,
        _: RequestContext,
        transaction_id: TransactionId,
        body: Refund,
    ) -> Result<Transaction, RefundTransactionError> {
        let amount = exact(&body.amount)?;
        Ok(self.refund(transaction_id, amount).await?)
    }
}

fn exact(amount: &Written) -> Result<Decimal, Rejected> {
    let exact = money::exact(amount);
    exact.ok_or_else(|| Rejected::invalid("the amount has too many digits to be exact"))
}

fn balance(balance: Balance) -> api::Balance {
    let (available, held) = (money::plain(balance.available), money::plain(balance.held));
    api::Balance::new(balance.token, available, held)
}
