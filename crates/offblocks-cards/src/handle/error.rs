//! Errors that keep the card's handle.

use std::time::Duration;

use offblocks_client::Error;
use thiserror::Error as ThisError;

use super::{AnyCard, FailedCard};
use crate::error::MoveFailure;
use crate::rules::CardState;

/// Why an ordered card did not become active.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum IssuanceError {
    /// The card could not be issued: its customer or account is not active, or the issuer
    /// rejected it. This is final. Order another card when the cause is removed.
    #[error(
        "the card {} could not be issued; check that its customer and account are active, then \
         order another one", .0.id()
    )]
    Failed(Box<FailedCard>),
    /// The card was issued, and is already in another state.
    #[error("the card {} was issued and is {} by now", .0.id(), .0.status())]
    UnexpectedState(Box<AnyCard>),
    /// The card was not issued within the time. It can still be issued: wait again.
    #[error("the card {} was still {} after {waited:?}; wait again or look later", card.id(), card.status())]
    Deadline {
        /// The card as it was seen last.
        card: Box<AnyCard>,
        /// How long the wait was.
        waited: Duration,
    },
    /// A call failed.
    #[error(transparent)]
    Call(#[from] Error),
}

/// Why a card was not moved, together with the card as it is known now.
#[derive(Debug, ThisError)]
#[error("{failure}")]
pub struct MoveError {
    /// The card: fetched again when the server rejected the move, unchanged when the call failed.
    pub card: Box<AnyCard>,
    /// What happened.
    #[source]
    pub failure: MoveFailure<CardState>,
}
