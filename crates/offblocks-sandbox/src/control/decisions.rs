//! What OffBlocks decides about customers, accounts and cards.

use offblocks_sandbox_api::server::{
    BlockCardError, DecisionsApi, FailAccountError, ReinstateCardError, RejectCustomerError,
    SuspendCardError,
};
use offblocks_server::RequestContext;
use offblocks_types::{Account, AccountId, Card, CardId, Customer, CustomerId};

use super::rejection::rejections;
use crate::Sandbox;

rejections!(
    BlockCardError,
    FailAccountError,
    ReinstateCardError,
    RejectCustomerError,
    SuspendCardError
);

impl DecisionsApi for Sandbox {
    async fn reject_customer(
        &self,
        _: RequestContext,
        customer_id: CustomerId,
    ) -> Result<Customer, RejectCustomerError> {
        Ok(self.reject_customer(customer_id).await?)
    }

    async fn fail_account(
        &self,
        _: RequestContext,
        account_id: AccountId,
    ) -> Result<Account, FailAccountError> {
        Ok(self.fail_account(account_id).await?)
    }

    async fn suspend_card(
        &self,
        _: RequestContext,
        card_id: CardId,
    ) -> Result<Card, SuspendCardError> {
        Ok(self.suspend_card(card_id).await?)
    }

    async fn reinstate_card(
        &self,
        _: RequestContext,
        card_id: CardId,
    ) -> Result<Card, ReinstateCardError> {
        Ok(self.reinstate_card(card_id).await?)
    }

    async fn block_card(&self, _: RequestContext, card_id: CardId) -> Result<Card, BlockCardError> {
        Ok(self.block_card(card_id).await?)
    }
}
