//! The errors of cards and authorisations.

use std::fmt;
use std::time::Duration;

use offblocks_client::Error;
use thiserror::Error as ThisError;

use crate::rules::{
    Actor, AuthorisationState, CardOrderRejection, CardState, Lifecycle, TransitionRejection,
};

/// Why a card was not ordered.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum OrderError {
    /// The rules reject the order; nothing was sent.
    #[error(transparent)]
    Rejected(#[from] CardOrderRejection),
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Error),
}

/// Why a step was not taken.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum MoveFailure<S: Lifecycle> {
    /// The state does not allow it.
    #[error(transparent)]
    Rejected(#[from] RejectedMove<S>),
    /// The state is one this version does not know, so it is unknown what is allowed.
    #[error(
        "the {} is {status:?}, a state this version does not know; install a newer version",
        S::ENTITY
    )]
    UnknownState {
        /// The state, as the server names it.
        status: String,
    },
    /// The call succeeded, but the entity is in another state than expected.
    #[error(
        "the {} is {status:?} after the call, which should have left it {expected}",
        S::ENTITY
    )]
    UnexpectedState {
        /// The state it should be in.
        expected: S,
        /// The state it is in, as the server names it.
        status: String,
    },
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Error),
}

/// A step that was rejected, either by the rules before any call was made or by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedMove<S: Lifecycle> {
    /// The step, and the state the entity is in now.
    pub rejection: TransitionRejection<S>,
    /// Who rejected it.
    pub by: RejectedBy,
    /// What the server said about it, if it said anything.
    pub server_message: Option<String>,
}

/// Who rejected a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectedBy {
    /// The transition table; nothing was sent.
    Rules,
    /// The server; the state was fetched afterwards.
    Server,
}

impl<S: Lifecycle> RejectedMove<S> {
    pub(crate) fn by_rules(rejection: TransitionRejection<S>) -> Self {
        Self {
            rejection,
            by: RejectedBy::Rules,
            server_message: None,
        }
    }

    pub(crate) fn by_server(state: S, cause: S::Move, error: &Error) -> Self {
        let problem = error.problem();
        let server_message =
            problem.and_then(|problem| problem.detail.clone().or(problem.title.clone()));
        Self {
            rejection: TransitionRejection {
                state,
                cause,
                actor: caller::<S>(cause),
            },
            by: RejectedBy::Server,
            server_message,
        }
    }

    /// Whether the state by itself would allow the step. Then another condition is not met (for
    /// example, the card's account is inactive), or the entity has changed between the rejection and the fetch.
    #[must_use]
    pub fn state_allows(&self) -> bool {
        let TransitionRejection { state, cause, .. } = self.rejection;
        let actors = [Actor::Programme, Actor::Simulator];
        actors
            .iter()
            .any(|actor| state.after(cause, *actor).is_ok())
    }
}

/// The actor of a move: the simulator where the tables list it, and otherwise the programme.
fn caller<S: Lifecycle>(cause: S::Move) -> Actor {
    let mut listed = S::TRANSITIONS.iter().filter(|step| step.cause == cause);
    match listed.any(|step| step.actors.contains(&Actor::Programme)) {
        true => Actor::Programme,
        false => Actor::Simulator,
    }
}

impl<S: Lifecycle> fmt::Display for RejectedMove<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TransitionRejection { state, cause, .. } = self.rejection;
        match (self.by, self.state_allows()) {
            (RejectedBy::Rules, _) => write!(formatter, "{}", self.rejection)?,
            (RejectedBy::Server, false) => write!(
                formatter,
                "the server rejected the move: {}",
                self.rejection
            )?,
            (RejectedBy::Server, true) => write!(
                formatter,
                "the server did not let the {state} {entity} be {cause}, though its state allows it: \
                 another condition is not met, or the state has just changed",
                entity = S::ENTITY
            )?,
        }
        match &self.server_message {
            Some(said) => write!(formatter, " (it said: {said})"),
            None => Ok(()),
        }
    }
}

impl<S: Lifecycle> std::error::Error for RejectedMove<S> {}

/// Why an authorisation was not made.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum AuthoriseError {
    /// Only active cards authorise.
    #[error("the card is {state}, and only active cards take payments")]
    NotActive {
        /// The state the card is in.
        state: CardState,
        /// Who rejected it.
        by: RejectedBy,
    },
    /// The card's state is one this version does not know.
    #[error("the card is {status:?}, a state this version does not know; install a newer version")]
    UnknownState {
        /// The state, as the server names it.
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
    /// It is being released, or was released: it can no longer be captured.
    #[error("the authorisation is {state} and can no longer be captured")]
    NotCapturable {
        /// The state it is in.
        state: AuthorisationState,
    },
    /// It was not captured within the time. It can still be captured: wait again.
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
