//! Handles of cards. The type of a handle names the card's state.
//!
//! A [`CardHandle`] of a certain [`Stage`] has only the methods that the stage allows. The compiler
//! rejects the others. [`AnyCard`] is a handle whose stage is known at run time. It rejects a move with a
//! typed error, before any call. A move consumes the handle, because the card is no longer in the state that
//! the handle describes. Clone it first where both are needed.
//!
//! The two types depend on each other: a handle that is refreshed can be in any stage, and a card in any
//! stage is one of the handles. So the files of this folder use one another: `moves` returns an error
//! of `error`, which keeps an [`AnyCard`], and `any` moves its cards by `moves`.

mod any;
mod error;
mod moves;
mod pending;
pub mod stage;

use std::fmt;
use std::marker::PhantomData;

use offblocks_client::Error;
use offblocks_types::{AccountId, Card, CardId, CardStatus, Transaction};

use crate::connection::Connection;

pub use any::AnyCard;
pub use error::{IssuanceError, MoveError};
use stage::Stage;

/// A card in a certain stage of its lifecycle, with the moves of that stage.
///
/// A move that the stage does not allow is not a method of the handle:
///
/// ```compile_fail,E0599
/// async fn twice(card: offblocks_cards::ActiveCard) {
///     let card = card.deactivate().await.expect("the card is active");
///     card.deactivate().await; // an inactive card has no `deactivate`
/// }
/// ```
///
/// A move consumes the handle, so an outdated handle cannot be used:
///
/// ```compile_fail,E0382
/// async fn stale(card: offblocks_cards::ActiveCard) {
///     let _ = card.deactivate().await;
///     let _ = card.terminate().await;
/// }
/// ```
pub struct CardHandle<S: Stage> {
    connection: Connection,
    card: Card,
    stage: PhantomData<fn() -> S>,
}

/// A card that is ordered and not issued yet.
pub type PendingCard = CardHandle<stage::Issuing>;
/// A card that could not be issued.
pub type FailedCard = CardHandle<stage::IssueFailed>;
/// A card that takes payments.
pub type ActiveCard = CardHandle<stage::Active>;
/// A card that the programme deactivated.
pub type InactiveCard = CardHandle<stage::Inactive>;
/// A card under suspicion of misuse.
pub type SuspendedCard = CardHandle<stage::Suspended>;
/// A card that was misused.
pub type BlockedCard = CardHandle<stage::Blocked>;
/// A card that the programme terminated.
pub type TerminatedCard = CardHandle<stage::Terminated>;
/// A card in a state this version does not know.
pub type UnknownCard = CardHandle<stage::Unknown>;

impl<S: Stage> CardHandle<S> {
    pub(crate) fn new(connection: Connection, card: Card) -> Self {
        Self {
            connection,
            card,
            stage: PhantomData,
        }
    }

    /// The card as it was seen last.
    #[must_use]
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The card without its handle.
    #[must_use]
    pub fn into_card(self) -> Card {
        self.card
    }

    /// The card's id.
    #[must_use]
    pub fn id(&self) -> CardId {
        self.card.id
    }

    /// The account the card belongs to.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.card.account_id
    }

    /// The card's status as the server named it last.
    #[must_use]
    pub fn status(&self) -> &CardStatus {
        &self.card.status
    }

    /// The card as it is now, in any stage.
    ///
    /// # Errors
    /// When the call fails.
    pub async fn refresh(&self) -> Result<AnyCard, Error> {
        AnyCard::fetch(&self.connection, self.id()).await
    }

    /// The card's transactions (`GET /cards/{cardId}/transactions`).
    ///
    /// # Errors
    /// When the call fails.
    pub async fn transactions(&self) -> Result<Vec<Transaction>, Error> {
        let client = self.connection.client();
        let transactions = client.get_card_transactions(self.id()).send().await?;
        Ok(transactions.into_inner())
    }

    fn into_parts(self) -> (Connection, Card) {
        (self.connection, self.card)
    }
}

impl<S: Stage> Clone for CardHandle<S> {
    fn clone(&self) -> Self {
        Self::new(self.connection.clone(), self.card.clone())
    }
}

impl<S: Stage> fmt::Debug for CardHandle<S> {
    /// Shows id and status. The rest may hold personal data.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "CardHandle({}, {})",
            self.card.id, self.card.status
        )
    }
}

impl<S: Stage> PartialEq for CardHandle<S> {
    fn eq(&self, other: &Self) -> bool {
        self.card == other.card
    }
}

impl<S: Stage> Eq for CardHandle<S> {}
