//! Customers.

use offblocks_server::{
    ActivateCustomerError, CreateCustomerError, CustomersApi, DeactivateCustomerError,
    GetCustomerChallengeError, GetCustomerError, GetCustomersError, RequestContext,
    SignCustomerChallengeError,
};
use offblocks_types::{
    CreateCustomerRequest, CreateCustomerResponse, Customer, CustomerId, OwnerChallenge,
    OwnerSignature,
};

use super::rejection::rejections;
use super::{reading, reading_entity, writing};
use crate::domain::customers;
use crate::inputs;
use crate::world::World;

rejections!(
    ActivateCustomerError,
    CreateCustomerError,
    DeactivateCustomerError,
    GetCustomerChallengeError,
    GetCustomerError,
    GetCustomersError,
    SignCustomerChallengeError
);

impl CustomersApi for World {
    async fn create_customer(
        &self,
        context: RequestContext,
        body: CreateCustomerRequest,
    ) -> Result<CreateCustomerResponse, CreateCustomerError> {
        inputs::external_id(&body.external_id)?;
        inputs::wallet("/chainId", &body.chain_id)?;
        writing!(self, context, |work| customers::create(
            work,
            body.chain_id,
            body.external_id
        ))
    }

    async fn get_customers(&self, _: RequestContext) -> Result<Vec<Customer>, GetCustomersError> {
        reading!(self, |work| customers::list(work))
    }

    async fn get_customer(
        &self,
        _: RequestContext,
        customer_id: CustomerId,
    ) -> Result<Customer, GetCustomerError> {
        reading_entity!(self, customer_id, |work| customers::get(work, customer_id))
    }

    async fn get_customer_challenge(
        &self,
        context: RequestContext,
        customer_id: CustomerId,
    ) -> Result<OwnerChallenge, GetCustomerChallengeError> {
        writing!(self, context, |work| customers::challenge(
            work,
            customer_id
        ))
    }

    async fn sign_customer_challenge(
        &self,
        context: RequestContext,
        customer_id: CustomerId,
        body: OwnerSignature,
    ) -> Result<(), SignCustomerChallengeError> {
        inputs::wallet("/ownerId", &body.owner_id)?;
        writing!(self, context, |work| customers::sign(
            work,
            customer_id,
            &body
        ))
    }

    async fn deactivate_customer(
        &self,
        context: RequestContext,
        customer_id: CustomerId,
    ) -> Result<Customer, DeactivateCustomerError> {
        writing!(self, context, |work| customers::deactivate(
            work,
            customer_id
        ))
    }

    async fn activate_customer(
        &self,
        context: RequestContext,
        customer_id: CustomerId,
    ) -> Result<Customer, ActivateCustomerError> {
        writing!(self, context, |work| customers::activate(work, customer_id))
    }
}
