//! Cards that are ordered and not issued yet.

use offblocks_client::Error;

use super::{ActiveCard, AnyCard, PendingCard};
use crate::error::{IssuanceError, MoveFailure, RejectedMove};
use crate::polling::{Polled, PollingPolicy, poll_until_settled};
use crate::rules::{Actor, CardMove, CardState, Lifecycle as _};

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
        let policy = self.cards.polling_policy();
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
        let cards = self.cards.clone();
        match poll_until_settled(cards.timer(), policy, AnyCard::Issuing(self)).await? {
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
        let call = self.cards.client().simulate_issue_card(self.id());
        self.decided(CardMove::Issue, call.send().await.map(drop))
            .await
    }

    /// Has the sandbox fail the card (`PATCH /simulator/cards/{cardId}/fail`).
    ///
    /// # Errors
    /// When the server rejects it because the card is no longer being issued, or the call fails.
    pub async fn simulate_failure(&self) -> Result<(), MoveFailure<CardState>> {
        let call = self.cards.client().simulate_card_fail(self.id());
        self.decided(CardMove::Fail, call.send().await.map(drop))
            .await
    }

    /// The simulator responds to a wrong state with 400, as it does other mistakes; which of them it
    /// was shows in the state.
    async fn decided(
        &self,
        cause: CardMove,
        result: Result<(), Error>,
    ) -> Result<(), MoveFailure<CardState>> {
        let Err(error) = result else { return Ok(()) };
        if !error.is_bad_request() && !error.is_conflict() {
            return Err(error.into());
        }
        let fresh = self.refresh().await.ok().and_then(|card| card.state());
        match fresh {
            Some(state) if state.after(cause, Actor::Simulator).is_err() => {
                Err(RejectedMove::by_server(state, cause, &error).into())
            }
            _ => Err(error.into()),
        }
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
