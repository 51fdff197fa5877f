//! Cards.

use offblocks_server::{
    ActivateCardError, CardsApi, CreateAccountCardError, DeactivateCardError, DeleteCardError,
    GetAccountCardsError, GetCardError, GetCardsError, RequestContext,
};
use offblocks_types::{AccountId, Card, CardId, CreateAccountCardRequest};

use super::rejection::rejections;
use super::{reading, reading_entity, writing};
use crate::domain::cards;
use crate::inputs;
use crate::world::World;

rejections!(
    ActivateCardError,
    CreateAccountCardError,
    DeactivateCardError,
    DeleteCardError,
    GetAccountCardsError,
    GetCardError,
    GetCardsError
);

impl CardsApi for World {
    async fn create_account_card(
        &self,
        context: RequestContext,
        account_id: AccountId,
        body: CreateAccountCardRequest,
    ) -> Result<Card, CreateAccountCardError> {
        inputs::address("billingAddress", &body.billing_address)?;
        if let Some(shipping) = &body.shipping_address {
            inputs::address("shippingAddress", shipping)?;
        }
        writing!(self, context, |work| cards::create(work, account_id, body))
    }

    async fn get_account_cards(
        &self,
        _: RequestContext,
        account_id: AccountId,
    ) -> Result<Vec<Card>, GetAccountCardsError> {
        reading!(self, |work| cards::of_account(work, account_id))
    }

    async fn get_cards(&self, _: RequestContext) -> Result<Vec<Card>, GetCardsError> {
        reading!(self, |work| cards::list(work))
    }

    async fn get_card(&self, _: RequestContext, card_id: CardId) -> Result<Card, GetCardError> {
        reading_entity!(self, card_id, |work| cards::get(work, card_id))
    }

    async fn delete_card(
        &self,
        context: RequestContext,
        card_id: CardId,
    ) -> Result<(), DeleteCardError> {
        writing!(self, context, |work| cards::terminate(work, card_id))
    }

    async fn deactivate_card(
        &self,
        context: RequestContext,
        card_id: CardId,
    ) -> Result<Card, DeactivateCardError> {
        writing!(self, context, |work| cards::deactivate(work, card_id))
    }

    async fn activate_card(
        &self,
        context: RequestContext,
        card_id: CardId,
    ) -> Result<Card, ActivateCardError> {
        writing!(self, context, |work| cards::activate(work, card_id))
    }
}
