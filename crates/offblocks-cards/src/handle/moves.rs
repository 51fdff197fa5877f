//! Moving cards from one state to another.

use offblocks_client::Error;
use offblocks_types::uuid::Uuid;
use offblocks_types::{Card, CardStatus, SimulateCardAuthorisationRequest};

use super::stage::Stage;
use super::{
    ActiveCard, AnyCard, CardHandle, InactiveCard, MoveError, SuspendedCard, TerminatedCard,
};
use crate::authorisation::{CardAuthorisation, authorise};
use crate::connection::Connection;
use crate::error::{AuthoriseError, MoveFailure, RejectedMove};
use crate::rules::{Actor, CardMove, CardState, Lifecycle as _};

impl ActiveCard {
    /// Switches the card off (`PATCH /cards/{cardId}/deactivate`).
    ///
    /// # Errors
    /// When the server rejects it because the card's state has changed, or the call fails.
    pub async fn deactivate(self) -> Result<InactiveCard, MoveError> {
        move_card(self.connection, self.card, CardMove::Deactivate).await
    }

    /// Terminates the card, which is final (`DELETE /cards/{cardId}`). Earlier authorisations still
    /// settle.
    ///
    /// # Errors
    /// When the server rejects it because the card's state has changed, or the call fails.
    pub async fn terminate(self) -> Result<TerminatedCard, MoveError> {
        move_card(self.connection, self.card, CardMove::Terminate).await
    }

    /// Has a merchant request an authorisation (`POST /simulator/cards/{cardId}/authorisation`, sandbox
    /// only).
    ///
    /// # Errors
    /// When the server rejects it because the card is no longer active, or the call fails.
    pub async fn simulate_authorisation(
        &self,
        request: SimulateCardAuthorisationRequest,
    ) -> Result<CardAuthorisation, AuthoriseError> {
        authorise(&self.connection, &self.card, request, None).await
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
        authorise(&self.connection, &self.card, request, Some(key)).await
    }
}

impl InactiveCard {
    /// Switches the card on again (`PATCH /cards/{cardId}/activate`).
    ///
    /// # Errors
    /// When the server rejects it because the card's state has changed, or the call fails.
    pub async fn activate(self) -> Result<ActiveCard, MoveError> {
        move_card(self.connection, self.card, CardMove::Activate).await
    }

    /// Terminates the card, which is final (`DELETE /cards/{cardId}`).
    ///
    /// # Errors
    /// When the server rejects it because the card's state has changed, or the call fails.
    pub async fn terminate(self) -> Result<TerminatedCard, MoveError> {
        move_card(self.connection, self.card, CardMove::Terminate).await
    }
}

impl SuspendedCard {
    /// Terminates the card, which is final (`DELETE /cards/{cardId}`).
    ///
    /// # Errors
    /// When the server rejects it because the card's state has changed, or the call fails.
    pub async fn terminate(self) -> Result<TerminatedCard, MoveError> {
        move_card(self.connection, self.card, CardMove::Terminate).await
    }
}

/// Checks the move by the rules, then calls the server, and returns the handle of the next stage.
pub(super) async fn move_card<S: Stage>(
    connection: Connection,
    card: Card,
    cause: CardMove,
) -> Result<CardHandle<S>, MoveError> {
    let expected = match allowed(&card, cause) {
        Ok(expected) => expected,
        Err(failure) => return Err(error(connection, card, failure)),
    };
    match call(&connection, &card, cause).await {
        Ok(moved) if moved.status == CardStatus::from(expected) => {
            Ok(CardHandle::new(connection, moved))
        }
        Ok(moved) => {
            let status = moved.status.to_string();
            Err(error(
                connection,
                moved,
                MoveFailure::UnexpectedState { expected, status },
            ))
        }
        Err(rejected) if rejected.is_conflict() => {
            Err(conflict(connection, card, cause, rejected).await)
        }
        Err(failed) => Err(error(connection, card, failed.into())),
    }
}

/// The state after the move, if the rules allow it.
fn allowed(card: &Card, cause: CardMove) -> Result<CardState, MoveFailure<CardState>> {
    let state = known_state(card)?;
    let after = state.after(cause, Actor::Programme);
    after.map_err(|rejection| RejectedMove::by_rules(rejection).into())
}

fn known_state(card: &Card) -> Result<CardState, MoveFailure<CardState>> {
    CardState::try_from(&card.status).map_err(|unknown| MoveFailure::UnknownState {
        status: unknown.name,
    })
}

/// Calls the operation of the move.
async fn call(connection: &Connection, card: &Card, cause: CardMove) -> Result<Card, Error> {
    let client = connection.client();
    match cause {
        CardMove::Activate => Ok(client.activate_card(card.id).send().await?.into_inner()),
        CardMove::Terminate => {
            client.delete_card(card.id).send().await?;
            // The response has no body. Its status says that the card is terminated now.
            let mut terminated = card.clone();
            terminated.status = CardState::Terminated.into();
            Ok(terminated)
        }
        // The rules give the programme only these three moves.
        _ => Ok(client.deactivate_card(card.id).send().await?.into_inner()),
    }
}

/// The server's rejection, with the state the card is in now.
async fn conflict(
    connection: Connection,
    card: Card,
    cause: CardMove,
    rejected: Error,
) -> MoveError {
    let Ok(fresh) = connection.fetch_card(card.id).await else {
        return error(connection, card, rejected.into());
    };
    let failure = match known_state(&fresh) {
        Ok(state) => RejectedMove::by_server(state, cause, &rejected).into(),
        Err(unknown) => unknown,
    };
    error(connection, fresh, failure)
}

fn error(connection: Connection, card: Card, failure: MoveFailure<CardState>) -> MoveError {
    let card = Box::new(AnyCard::new(connection, card));
    MoveError { card, failure }
}
