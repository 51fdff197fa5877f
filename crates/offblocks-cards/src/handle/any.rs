//! A handle whose stage is known at run time.

use offblocks_client::Error;
use offblocks_types::uuid::Uuid;
use offblocks_types::{Card, CardId, CardStatus, SimulateCardAuthorisationRequest, Transaction};

use super::moves::move_card;
use super::{
    ActiveCard, BlockedCard, CardHandle, FailedCard, InactiveCard, MoveError, PendingCard,
    SuspendedCard, TerminatedCard, UnknownCard,
};
use crate::authorisation::{CardAuthorisation, authorise};
use crate::connection::Connection;
use crate::error::AuthoriseError;
use crate::rules::{CardMove, CardState};

/// A card in any stage. Match on it for a handle of one stage, whose moves the compiler checks. Or call a
/// move here, which the rules reject where the card's state does not allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyCard {
    /// Ordered and not issued yet.
    Issuing(PendingCard),
    /// Could not be issued.
    IssueFailed(FailedCard),
    /// Takes payments.
    Active(ActiveCard),
    /// Switched off by the programme.
    Inactive(InactiveCard),
    /// Under suspicion of misuse.
    Suspended(SuspendedCard),
    /// Misused, and closed permanently.
    Blocked(BlockedCard),
    /// Terminated by the programme.
    Terminated(TerminatedCard),
    /// In a state that this version does not know.
    Unknown(UnknownCard),
}

/// Does the same with the handle inside, whatever its stage.
macro_rules! each {
    ($any:expr, $handle:ident => $do:expr) => {
        match $any {
            AnyCard::Issuing($handle) => $do,
            AnyCard::IssueFailed($handle) => $do,
            AnyCard::Active($handle) => $do,
            AnyCard::Inactive($handle) => $do,
            AnyCard::Suspended($handle) => $do,
            AnyCard::Blocked($handle) => $do,
            AnyCard::Terminated($handle) => $do,
            AnyCard::Unknown($handle) => $do,
        }
    };
}

impl AnyCard {
    pub(crate) fn new(connection: Connection, card: Card) -> Self {
        match CardState::try_from(&card.status) {
            Ok(CardState::Issuing) => Self::Issuing(CardHandle::new(connection, card)),
            Ok(CardState::IssueFailed) => Self::IssueFailed(CardHandle::new(connection, card)),
            Ok(CardState::Active) => Self::Active(CardHandle::new(connection, card)),
            Ok(CardState::Inactive) => Self::Inactive(CardHandle::new(connection, card)),
            Ok(CardState::Suspended) => Self::Suspended(CardHandle::new(connection, card)),
            Ok(CardState::Blocked) => Self::Blocked(CardHandle::new(connection, card)),
            Ok(CardState::Terminated) => Self::Terminated(CardHandle::new(connection, card)),
            Err(_) => Self::Unknown(CardHandle::new(connection, card)),
        }
    }

    /// The card as it is now (`GET /cards/{cardId}`).
    pub(crate) async fn fetch(connection: &Connection, id: CardId) -> Result<Self, Error> {
        Ok(Self::new(
            connection.clone(),
            connection.fetch_card(id).await?,
        ))
    }

    /// The card as it was seen last.
    #[must_use]
    pub fn card(&self) -> &Card {
        each!(self, handle => handle.card())
    }

    /// The card without its handle.
    #[must_use]
    pub fn into_card(self) -> Card {
        each!(self, handle => handle.into_card())
    }

    /// The card's id.
    #[must_use]
    pub fn id(&self) -> CardId {
        self.card().id
    }

    /// The card's status as the server named it last.
    #[must_use]
    pub fn status(&self) -> &CardStatus {
        &self.card().status
    }

    /// The card's state; `None` when this version does not know it.
    #[must_use]
    pub fn state(&self) -> Option<CardState> {
        CardState::try_from(self.status()).ok()
    }

    /// The card as it is now.
    ///
    /// # Errors
    /// When the call fails.
    pub async fn refresh(&self) -> Result<Self, Error> {
        Self::fetch(self.connection(), self.id()).await
    }

    /// Switches the card off; it has to be active.
    ///
    /// # Errors
    /// When its state does not allow it, or the call fails.
    pub async fn deactivate(self) -> Result<InactiveCard, MoveError> {
        let (connection, card) = self.into_parts();
        move_card(connection, card, CardMove::Deactivate).await
    }

    /// Switches the card on again; it has to be inactive.
    ///
    /// # Errors
    /// When its state does not allow it, or the call fails.
    pub async fn activate(self) -> Result<ActiveCard, MoveError> {
        let (connection, card) = self.into_parts();
        move_card(connection, card, CardMove::Activate).await
    }

    /// Terminates the card, which is final; it has to be active, inactive or suspended.
    ///
    /// # Errors
    /// When its state does not allow it, or the call fails.
    pub async fn terminate(self) -> Result<TerminatedCard, MoveError> {
        let (connection, card) = self.into_parts();
        move_card(connection, card, CardMove::Terminate).await
    }

    /// Has a merchant request an authorisation (sandbox only); the card has to be active.
    ///
    /// # Errors
    /// When the card is not active, or the call fails.
    pub async fn simulate_authorisation(
        &self,
        request: SimulateCardAuthorisationRequest,
    ) -> Result<CardAuthorisation, AuthoriseError> {
        authorise(self.connection(), self.card(), request, None).await
    }

    /// Has a merchant request an authorisation under an idempotency key of your own; see
    /// [`simulate_authorisation`](Self::simulate_authorisation). The same key and request return the
    /// authorisation that was made, for an hour.
    ///
    /// # Errors
    /// As [`simulate_authorisation`](Self::simulate_authorisation).
    pub async fn simulate_authorisation_with_key(
        &self,
        request: SimulateCardAuthorisationRequest,
        key: Uuid,
    ) -> Result<CardAuthorisation, AuthoriseError> {
        authorise(self.connection(), self.card(), request, Some(key)).await
    }

    /// The card's transactions (`GET /cards/{cardId}/transactions`).
    ///
    /// # Errors
    /// When the call fails.
    pub async fn transactions(&self) -> Result<Vec<Transaction>, Error> {
        each!(self, handle => handle.transactions().await)
    }

    fn connection(&self) -> &Connection {
        each!(self, handle => &handle.connection)
    }

    fn into_parts(self) -> (Connection, Card) {
        each!(self, handle => handle.into_parts())
    }
}
