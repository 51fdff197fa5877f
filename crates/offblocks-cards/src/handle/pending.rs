//! Cards that are ordered and not issued yet.

use offblocks_client::Error;
use offblocks_types::Card;

use super::{ActiveCard, AnyCard, IssuanceError, PendingCard};
use crate::error::MoveFailure;
use crate::polling::PollingPolicy;
use crate::rules::{CardMove, CardState};
use crate::simulator;
use crate::waiting::{self, Events, Surroundings};

impl PendingCard {
    /// Waits until the card is active, by the polling policy of [`Cards`](crate::Cards).
    ///
    /// Polls that fail with a retryable error (no connection, 429, 503, …) are repeated until the
    /// deadline. Waiting only reads, so it can be dropped at any time.
    /// [`Cards::get`](crate::Cards::get) returns the card's handle again.
    ///
    /// # Errors
    /// When the card cannot be issued, is already in another state, is not issued before the deadline, or
    /// a call fails with an error that is not retryable.
    pub async fn wait_until_active(self) -> Result<ActiveCard, IssuanceError> {
        let policy = self.connection.polling_policy();
        self.wait_until_active_with(policy).await
    }

    /// Waits until the card is active, by this policy; see
    /// [`wait_until_active`](Self::wait_until_active).
    ///
    /// # Errors
    /// As [`wait_until_active`](Self::wait_until_active).
    pub async fn wait_until_active_with(
        self,
        policy: PollingPolicy,
    ) -> Result<ActiveCard, IssuanceError> {
        let (connection, id) = (self.connection.clone(), self.id());
        let surroundings = Surroundings::of(&connection, policy);
        let poll = || connection.fetch_card(id);
        let events = Events::default();
        let seen = waiting::watch(surroundings, id, poll, has_gone_on, events).await?;
        let gone_on = has_gone_on(&seen);
        match AnyCard::new(connection.clone(), seen) {
            AnyCard::Active(card) => Ok(card),
            AnyCard::IssueFailed(card) => Err(IssuanceError::Failed(Box::new(card))),
            card if gone_on => Err(IssuanceError::UnexpectedState(Box::new(card))),
            card => Err(IssuanceError::Deadline {
                card: Box::new(card),
                waited: policy.timeout,
            }),
        }
    }

    /// Has the sandbox issue the card (`PATCH /simulator/cards/{cardId}/issue`).
    ///
    /// # Errors
    /// When the server rejects it because the card is no longer being issued, or the call fails.
    pub async fn simulate_issue(&self) -> Result<(), MoveFailure<CardState>> {
        let call = self.connection.client().simulate_issue_card(self.id());
        self.simulated(CardMove::Issue, call.send().await.map(drop))
            .await
    }

    /// Has the sandbox fail the card (`PATCH /simulator/cards/{cardId}/fail`).
    ///
    /// # Errors
    /// When the server rejects it because the card is no longer being issued, or the call fails.
    pub async fn simulate_failure(&self) -> Result<(), MoveFailure<CardState>> {
        let call = self.connection.client().simulate_card_fail(self.id());
        self.simulated(CardMove::Fail, call.send().await.map(drop))
            .await
    }

    async fn simulated(
        &self,
        cause: CardMove,
        result: Result<(), Error>,
    ) -> Result<(), MoveFailure<CardState>> {
        let state = async { self.refresh().await.ok()?.state() };
        simulator::outcome(cause, result, state).await
    }
}

/// Whether the card is not being issued any more. A state that this version does not know may be one
/// before it is issued.
fn has_gone_on(card: &Card) -> bool {
    CardState::try_from(&card.status).is_ok_and(|state| state != CardState::Issuing)
}
