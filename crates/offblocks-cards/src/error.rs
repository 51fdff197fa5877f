//! What can go wrong with a card.

use std::fmt;
use std::time::Duration;

use offblocks_client::Error;
use thiserror::Error as ThisError;

use crate::handle::{AnyCard, FailedCard};
use crate::rules::{Actor, AuthorisationState, CardState, IssuingRefusal, Lifecycle, Refusal};

/// Why a card was not ordered.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum OrderError {
    /// The rules refuse the order; nothing was sent.
    #[error(transparent)]
    Refused(#[from] IssuingRefusal),
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Error),
}

/// Why an ordered card did not become active.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum IssuanceError {
    /// The card could not be issued: its customer or account is not active, or the issuer said
    /// no. This is final; order another one when the cause is gone.
    #[error(
        "the card {} could not be issued; check that its customer and account are active, then \
         order another one", .0.id()
    )]
    Failed(Box<FailedCard>),
    /// The card was issued and has already gone on to another state.
    #[error("the card {} was issued and is {} by now", .0.id(), .0.status())]
    Elsewhere(Box<AnyCard>),
    /// The card was still not issued when the time was over. It may be yet: wait again.
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
    /// The card: fetched anew when the server refused, as it was when the call failed.
    pub card: Box<AnyCard>,
    /// What happened.
    #[source]
    pub failure: Failure<CardState>,
}

/// Why a step was not taken.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Failure<S: Lifecycle> {
    /// The state does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused<S>),
    /// The state is one this version does not know, so it cannot tell what is allowed.
    #[error(
        "the {} is {status:?}, a state this version does not know; update it",
        S::ENTITY
    )]
    UnknownState {
        /// The state, as the server calls it.
        status: String,
    },
    /// The call succeeded and left the entity in another state than it should have.
    #[error(
        "the {} is {status:?} after the call, which should have left it {expected}",
        S::ENTITY
    )]
    Elsewhere {
        /// The state it should be in.
        expected: S,
        /// The state it is in, as the server calls it.
        status: String,
    },
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Error),
}

/// A step that was refused, either by the rules before any call was made or by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused<S: Lifecycle> {
    /// The step, and the state the entity is in now.
    pub refusal: Refusal<S>,
    /// Who refused.
    pub by: Refuser,
    /// What the server said about it, if it said anything.
    pub said: Option<String>,
}

/// Who refused a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refuser {
    /// The transition table; nothing was sent.
    Rules,
    /// The server; the state was fetched afterwards.
    Server,
}

impl<S: Lifecycle> Refused<S> {
    pub(crate) fn by_rules(refusal: Refusal<S>) -> Self {
        Self {
            refusal,
            by: Refuser::Rules,
            said: None,
        }
    }

    pub(crate) fn by_server(state: S, cause: S::Move, error: &Error) -> Self {
        let problem = error.problem();
        let said = problem.and_then(|problem| problem.detail.clone().or(problem.title.clone()));
        Self {
            refusal: Refusal { state, cause },
            by: Refuser::Server,
            said,
        }
    }

    /// Whether the state by itself would allow the step. Then something else is in the way (a
    /// card's account, say), or the entity has changed between the refusal and the look.
    #[must_use]
    pub fn state_allows(&self) -> bool {
        let Refusal { state, cause } = self.refusal;
        let actors = [Actor::Programme, Actor::Simulator];
        actors
            .iter()
            .any(|actor| state.after(cause, *actor).is_ok())
    }
}

impl<S: Lifecycle> fmt::Display for Refused<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { state, cause } = self.refusal;
        match (self.by, self.state_allows()) {
            (Refuser::Rules, _) => write!(formatter, "{}", self.refusal)?,
            (Refuser::Server, false) => write!(formatter, "the server refused: {}", self.refusal)?,
            (Refuser::Server, true) => write!(
                formatter,
                "the server refused to have the {state} {entity} {cause}, though its state allows \
                 it: something else is in the way, or it has just changed",
                entity = S::ENTITY
            )?,
        }
        match &self.said {
            Some(said) => write!(formatter, " (it said: {said})"),
            None => Ok(()),
        }
    }
}

impl<S: Lifecycle> std::error::Error for Refused<S> {}

/// Why an authorisation was not made.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum AuthoriseError {
    /// Only active cards authorise.
    #[error("the card is {state}, and only active cards take payments")]
    NotActive {
        /// The state the card is in.
        state: CardState,
        /// Who said so.
        by: Refuser,
    },
    /// The card's state is one this version does not know.
    #[error("the card is {status:?}, a state this version does not know; update it")]
    UnknownState {
        /// The state, as the server calls it.
        status: String,
    },
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Error),
}

/// Why an authorisation was not seen captured.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum CaptureError {
    /// It is being released or was: it can no longer be captured.
    #[error("the authorisation is {state} and can no longer be captured")]
    OutOfReach {
        /// The state it is in.
        state: AuthorisationState,
    },
    /// It was still not captured when the time was over. It may be yet: wait again.
    #[error("the authorisation was still {status} after {waited:?}; wait again or look later")]
    Deadline {
        /// The state as it was seen last.
        status: String,
        /// How long the wait was.
        waited: Duration,
    },
    /// A call failed.
    #[error(transparent)]
    Call(#[from] Error),
}
