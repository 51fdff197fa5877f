//! Accounts.

use offblocks_server::{
    AccountsApi, ActivateAccountError, CloseAccountError, CreateCustomerAccountError,
    DeactivateAccountError, GetAccountChallengeError, GetAccountError, GetAccountsError,
    GetCustomerAccountsError, RequestContext, SignAccountChallengeError,
};
use offblocks_types::{
    Account, AccountId, CreateCustomerAccountRequest, CreateCustomerAccountResponse, CustomerId,
    OwnerChallenge, OwnerSignature,
};

use super::rejection::rejections;
use super::{reading, reading_entity, writing};
use crate::domain::accounts;
use crate::inputs;
use crate::world::World;

rejections!(
    ActivateAccountError,
    CloseAccountError,
    CreateCustomerAccountError,
    DeactivateAccountError,
    GetAccountChallengeError,
    GetAccountError,
    GetAccountsError,
    GetCustomerAccountsError,
    SignAccountChallengeError
);

impl AccountsApi for World {
    async fn create_customer_account(
        &self,
        context: RequestContext,
        customer_id: CustomerId,
        body: CreateCustomerAccountRequest,
    ) -> Result<CreateCustomerAccountResponse, CreateCustomerAccountError> {
        writing!(self, context, |work| accounts::create(
            work,
            customer_id,
            body
        ))
    }

    async fn get_customer_accounts(
        &self,
        _: RequestContext,
        customer_id: CustomerId,
    ) -> Result<Vec<Account>, GetCustomerAccountsError> {
        reading!(self, |work| accounts::of_customer(work, customer_id))
    }

    async fn get_accounts(&self, _: RequestContext) -> Result<Vec<Account>, GetAccountsError> {
        reading!(self, |work| accounts::list(work))
    }

    async fn get_account(
        &self,
        _: RequestContext,
        account_id: AccountId,
    ) -> Result<Account, GetAccountError> {
        reading_entity!(self, account_id, |work| accounts::get(work, account_id))
    }

    async fn close_account(
        &self,
        context: RequestContext,
        account_id: AccountId,
    ) -> Result<(), CloseAccountError> {
        writing!(self, context, |work| accounts::close(work, account_id))
    }

    async fn get_account_challenge(
        &self,
        context: RequestContext,
        account_id: AccountId,
    ) -> Result<OwnerChallenge, GetAccountChallengeError> {
        writing!(self, context, |work| accounts::challenge(work, account_id))
    }

    async fn sign_account_challenge(
        &self,
        context: RequestContext,
        account_id: AccountId,
        body: OwnerSignature,
    ) -> Result<(), SignAccountChallengeError> {
        inputs::wallet("/ownerId", &body.owner_id)?;
        writing!(self, context, |work| accounts::sign(
            work, account_id, &body
        ))
    }

    async fn deactivate_account(
        &self,
        context: RequestContext,
        account_id: AccountId,
    ) -> Result<Account, DeactivateAccountError> {
        writing!(self, context, |work| accounts::deactivate(work, account_id))
    }

    async fn activate_account(
        &self,
        context: RequestContext,
        account_id: AccountId,
    ) -> Result<Account, ActivateAccountError> {
        writing!(self, context, |work| accounts::activate(work, account_id))
    }
}
