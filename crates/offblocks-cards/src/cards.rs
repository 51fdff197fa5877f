//! The cards of a programme: the entry point of this crate.

use std::fmt;
use std::sync::Arc;

use offblocks_client::{Client, Error, Timer, TokioTimer};
use offblocks_types::uuid::Uuid;
use offblocks_types::{AccountId, AuthorisationId, Card, CardId, CreateAccountCardRequest};

use crate::authorisation::CardAuthorisation;
use crate::connection::Connection;
use crate::error::OrderError;
use crate::handle::{AnyCard, PendingCard};
use crate::polling::PollingPolicy;
use crate::rules::{CardKind, check_card_order};
use crate::waiting::{Entity, Wait};

/// The cards of a programme, reached through a client. Cloning is cheap.
#[derive(Clone)]
pub struct Cards {
    connection: Connection,
}

impl Cards {
    /// Cards reached through this client. Waiting uses tokio's timer and the default
    /// [`PollingPolicy`].
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self::with_timer(
            client,
            Arc::new(TokioTimer::new()),
            PollingPolicy::default(),
        )
    }

    /// Cards whose waiting uses this timer and this policy.
    #[must_use]
    pub fn with_timer(client: Client, timer: Arc<dyn Timer>, policy: PollingPolicy) -> Self {
        Self {
            connection: Connection::new(client, timer, policy),
        }
    }

    /// Orders a card for an account (`POST /accounts/{accountId}/cards`).
    ///
    /// # Errors
    /// When the card would be physical, or the call fails. A physical card is rejected before
    /// anything is sent.
    pub async fn issue(
        &self,
        account: AccountId,
        order: CreateAccountCardRequest,
    ) -> Result<PendingCard, OrderError> {
        self.issue_call(account, order, None).await
    }

    /// Orders a card under an idempotency key of your own; see [`issue`](Self::issue).
    ///
    /// Keep the key in your database before the call. After a crash, or an error whose outcome is
    /// unknown, the same key and the same order return the card that was ordered, for an hour.
    ///
    /// # Errors
    /// As [`issue`](Self::issue).
    pub async fn issue_with_key(
        &self,
        account: AccountId,
        order: CreateAccountCardRequest,
        key: Uuid,
    ) -> Result<PendingCard, OrderError> {
        self.issue_call(account, order, Some(key)).await
    }

    async fn issue_call(
        &self,
        account: AccountId,
        order: CreateAccountCardRequest,
        key: Option<Uuid>,
    ) -> Result<PendingCard, OrderError> {
        if let Ok(kind) = CardKind::try_from(&order.r#type) {
            check_card_order(kind, [])?;
        }
        let mut call = self.client().create_account_card(account, order);
        if let Some(key) = key {
            call = call.idempotency_key(key);
        }
        let card = call.send().await?;
        Ok(PendingCard::new(self.connection.clone(), card.into_inner()))
    }

    /// A card as it is now (`GET /cards/{cardId}`).
    ///
    /// # Errors
    /// When the call fails, for example because the card does not exist.
    pub async fn get(&self, id: CardId) -> Result<AnyCard, Error> {
        Ok(AnyCard::new(
            self.connection.clone(),
            self.connection.fetch_card(id).await?,
        ))
    }

    /// All cards of the programme (`GET /cards`).
    ///
    /// # Errors
    /// When the call fails.
    pub async fn list(&self) -> Result<Vec<AnyCard>, Error> {
        let cards = self.client().get_cards().send().await?;
        Ok(self.handles(cards.into_inner()))
    }

    /// The cards of an account (`GET /accounts/{accountId}/cards`).
    ///
    /// # Errors
    /// When the call fails.
    pub async fn of_account(&self, account: AccountId) -> Result<Vec<AnyCard>, Error> {
        let cards = self.client().get_account_cards(account).send().await?;
        Ok(self.handles(cards.into_inner()))
    }

    /// An authorisation as it is now (`GET /authorisations/{authorisationId}`).
    ///
    /// # Errors
    /// When the call fails.
    pub async fn authorisation(&self, id: AuthorisationId) -> Result<CardAuthorisation, Error> {
        let authorisation = self.connection.fetch_authorisation(id).await?;
        Ok(CardAuthorisation::new(
            self.connection.clone(),
            authorisation,
        ))
    }

    /// A handle for a card that was received in another way, for example in a webhook.
    #[must_use]
    pub fn handle(&self, card: Card) -> AnyCard {
        AnyCard::new(self.connection.clone(), card)
    }

    /// Waits for a customer, an account, a card, an authorisation or a transaction, until it is in a
    /// state:
    ///
    /// ```no_run
    /// # async fn example(
    /// #     cards: offblocks_cards::Cards,
    /// #     customer: offblocks_types::CustomerId,
    /// # ) -> Result<(), Box<dyn std::error::Error>> {
    /// use offblocks_cards::rules::CustomerState;
    /// use offblocks_types::Customer;
    ///
    /// let wait = cards.wait_for::<Customer>(customer);
    /// let customer = wait.until(CustomerState::Active).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_for<E: Entity>(&self, id: E::Id) -> Wait<'static, E> {
        Wait::new(self.connection.clone(), id)
    }

    /// The client through which cards are reached.
    #[must_use]
    pub fn client(&self) -> &Client {
        self.connection.client()
    }

    /// The timer that waiting uses.
    #[cfg(feature = "bulk")]
    pub(crate) fn timer(&self) -> &dyn Timer {
        self.connection.timer()
    }

    /// The policy that waiting uses unless another one is given.
    #[must_use]
    pub fn polling_policy(&self) -> PollingPolicy {
        self.connection.polling_policy()
    }

    fn handles(&self, cards: Vec<Card>) -> Vec<AnyCard> {
        cards.into_iter().map(|card| self.handle(card)).collect()
    }
}

impl fmt::Debug for Cards {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Cards")
            .field("base_url", &self.client().base_url())
            .field("polling_policy", &self.polling_policy())
            .finish_non_exhaustive()
    }
}
