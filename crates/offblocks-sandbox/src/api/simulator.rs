//! The simulator: decisions that others make in production.

use offblocks_server::{
    RequestContext, SimulateCardAuthorisationCaptureError, SimulateCardAuthorisationError,
    SimulateCardAuthorisationReleaseError, SimulateCardFailError, SimulateIssueCardError,
    SimulateRejectCustomerError, SimulateVerifyCustomerError, SimulatorApi,
};
use offblocks_types::{
    Authorisation, AuthorisationId, CardId, CustomerId, SimulateCardAuthorisationRequest,
};

use super::rejection::rejections;
use super::writing;
use crate::domain::{authorisations, cards, customers};
use crate::world::World;

rejections!(
    SimulateCardAuthorisationCaptureError,
    SimulateCardAuthorisationError,
    SimulateCardAuthorisationReleaseError,
    SimulateCardFailError,
    SimulateIssueCardError,
    SimulateRejectCustomerError,
    SimulateVerifyCustomerError
);

impl SimulatorApi for World {
    async fn simulate_verify_customer(
        &self,
        context: RequestContext,
        customer_id: CustomerId,
    ) -> Result<(), SimulateVerifyCustomerError> {
        writing!(self, context, |work| customers::verify(work, customer_id))
    }

    async fn simulate_reject_customer(
        &self,
        context: RequestContext,
        customer_id: CustomerId,
    ) -> Result<(), SimulateRejectCustomerError> {
        writing!(self, context, |work| customers::reject(work, customer_id))
    }

    async fn simulate_issue_card(
        &self,
        context: RequestContext,
        card_id: CardId,
    ) -> Result<(), SimulateIssueCardError> {
        writing!(self, context, |work| cards::issue(work, card_id))
    }

    async fn simulate_card_fail(
        &self,
        context: RequestContext,
        card_id: CardId,
    ) -> Result<(), SimulateCardFailError> {
        writing!(self, context, |work| cards::fail(work, card_id))
    }

    async fn simulate_card_authorisation(
        &self,
        context: RequestContext,
        card_id: CardId,
        body: SimulateCardAuthorisationRequest,
    ) -> Result<Authorisation, SimulateCardAuthorisationError> {
        writing!(self, context, |work| authorisations::create(
            work, card_id, &body
        ))
    }

    async fn simulate_card_authorisation_capture(
        &self,
        context: RequestContext,
        authorisation_id: AuthorisationId,
    ) -> Result<(), SimulateCardAuthorisationCaptureError> {
        writing!(self, context, |work| authorisations::capture(
            work,
            authorisation_id
        ))
    }

    async fn simulate_card_authorisation_release(
        &self,
        context: RequestContext,
        authorisation_id: AuthorisationId,
    ) -> Result<(), SimulateCardAuthorisationReleaseError> {
        writing!(self, context, |work| authorisations::release(
            work,
            authorisation_id
        ))
    }
}
