//! Why a wait did not end well.

use std::fmt;
use std::time::Duration;

use offblocks_client::Error;

use super::entity::Entity;
use crate::rules::Lifecycle as _;

/// Why a wait did not end well.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitError<E: Entity> {
    /// The entity can no longer reach the state that was waited for.
    Unreachable {
        /// The entity as it is.
        entity: Box<E>,
        /// What was waited for; nothing when it was a final state.
        wanted: Vec<E::State>,
    },
    /// The time is over. The entity can still reach the state: wait again.
    Deadline {
        /// The entity as it was seen last.
        entity: Box<E>,
        /// How long the wait was.
        waited: Duration,
    },
    /// A poll failed with an error that is not retryable, or the last poll failed.
    Call(Error),
}

impl<E: Entity> WaitError<E> {
    /// The entity as it was seen last, where it was seen.
    #[must_use]
    pub fn entity(&self) -> Option<&E> {
        match self {
            Self::Unreachable { entity, .. } | Self::Deadline { entity, .. } => Some(entity),
            Self::Call(_) => None,
        }
    }
}

impl<E: Entity> fmt::Display for WaitError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = E::State::ENTITY;
        match self {
            Self::Unreachable { entity, wanted } => {
                let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
                let wanted = match wanted.is_empty() {
                    true => "final".to_owned(),
                    false => wanted.join(" or "),
                };
                write!(
                    formatter,
                    "the {name} {} is {} and cannot become {wanted} any more",
                    entity.id(),
                    entity.status()
                )
            }
            Self::Deadline { entity, waited } => write!(
                formatter,
                "the {name} {} was still {} after {waited:?}; wait again or look later",
                entity.id(),
                entity.status()
            ),
            Self::Call(error) => error.fmt(formatter),
        }
    }
}

impl<E: Entity> std::error::Error for WaitError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

impl<E: Entity> From<Error> for WaitError<E> {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}
