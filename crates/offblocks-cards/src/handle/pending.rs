//! Cards that are ordered and not issued yet.

use offblocks_client::Error;

use super::{ActiveCard, AnyCard, IssuanceError, PendingCard};
use crate::error::MoveFailure;
use crate::polling::{Polled, PollingPolicy, poll_until_settled};
use crate::rules::{CardMove, CardState};
use crate::simulator;

impl PendingCard {
    /// Waits until the card is active, by the polling policy of [`Cards`](crate::Cards).
    ///
    /// Polls that fail with a retryable error (no connection, 429, 503, …) are repeated until the
    /// deadline. Waiting only reads, so it can be dropped at any time.
    /// [`Cards::get`](crate::Cards::get) returns the card's handle again.
    ///
    /// # Errors
    /// When the card cannot be issued, has gone on to another state, is still not issued at the
    /// deadline, or a call fails with an error that is not retryable.
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
        let connection = self.connection.clone();
        match poll_until_settled(connection.timer(), policy, AnyCard::Issuing(self)).await? {
            AnyCard::Active(card) => Ok(card),
            AnyCard::IssueFailed(card) => Err(IssuanceError::Failed(Box::new(card))),
            card if card.is_settled() => Err(IssuanceError::UnexpectedState(Box::new(card))),
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

impl Polled for AnyCard {
    async fn poll(&self) -> Result<Self, Error> {
        self.refresh().await
    }

    /// A card that is being issued is not settled, nor one in a state that this version does not know.
    fn is_settled(&self) -> bool {
        !matches!(self, Self::Issuing(_) | Self::Unknown(_))
    }
}
