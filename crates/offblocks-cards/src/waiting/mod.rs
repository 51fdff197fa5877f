//! Waiting until an entity reaches a state.
//!
//! One engine (`engine`) serves every entity (`entity`). Whether a wait has reached its state, can still
//! reach it or cannot is read from the tables of [`rules`](crate::rules) (`verdict`).

mod engine;
mod entity;
mod error;
mod events;
#[cfg(test)]
mod tests;
mod verdict;

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use futures_util::Stream;
use offblocks_types::WebhookEvent;

use crate::connection::Connection;
use crate::polling::PollingPolicy;
pub(crate) use engine::{Surroundings, watch};
pub use entity::Entity;
pub use error::WaitError;
pub(crate) use events::Events;
pub use verdict::{Verdict, verdict};

/// A wait for an entity, made by [`Cards::wait_for`](crate::Cards::wait_for). Await it.
///
/// It polls by the [`PollingPolicy`], with a random part in each pause, and polls again after a temporary
/// failure. It only reads, so it can be dropped at any time and begun again.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<'e, E: Entity> {
    connection: Connection,
    id: E::Id,
    wanted: Vec<E::State>,
    policy: PollingPolicy,
    events: Events<'e>,
}

impl<'e, E: Entity> Wait<'e, E> {
    pub(crate) fn new(connection: Connection, id: E::Id) -> Self {
        Self {
            policy: connection.polling_policy(),
            connection,
            id,
            wanted: Vec::new(),
            events: Events::default(),
        }
    }

    /// Succeeds when the entity is in this state. Call it several times to wait for any of several states.
    /// Without a call, any final state counts.
    ///
    /// The wait ends with [`WaitError::Unreachable`] as soon as the lifecycle leads to none of them.
    pub fn until(mut self, state: E::State) -> Self {
        self.wanted.push(state);
        self
    }

    /// Waits by this policy.
    pub fn policy(self, policy: PollingPolicy) -> Self {
        Self { policy, ..self }
    }

    /// Listens to these events too: the first poll or event that shows the state ends the wait. Events about
    /// other entities are ignored, and events that are older than what is known change nothing. When the
    /// stream ends, polling continues alone.
    ///
    /// Events that are taken from the stream while it waits are not put back. Where others need them
    /// too, give each its own stream.
    pub fn events<'s, S>(self, events: &'s mut S) -> Wait<'s, E>
    where
        S: Stream<Item = WebhookEvent> + Send + Unpin,
    {
        Wait {
            connection: self.connection,
            id: self.id,
            wanted: self.wanted,
            policy: self.policy,
            events: Events::of(events),
        }
    }

    async fn wait(self) -> Result<E, WaitError<E>> {
        let wanted = self.wanted;
        let settled = |entity: &E| verdict(entity.state(), &wanted) != Verdict::Wait;
        let surroundings = Surroundings::of(&self.connection, self.policy);
        let (connection, id) = (&self.connection, self.id);
        let poll = || E::fetch(connection.client(), id);
        let seen = watch(surroundings, id, poll, settled, self.events).await?;
        match verdict(seen.state(), &wanted) {
            Verdict::Reached => Ok(seen),
            Verdict::Unreachable => Err(WaitError::Unreachable {
                entity: Box::new(seen),
                wanted,
            }),
            Verdict::Wait => Err(WaitError::Deadline {
                entity: Box::new(seen),
                waited: self.policy.timeout,
            }),
        }
    }
}

impl<'e, E: Entity> IntoFuture for Wait<'e, E> {
    type Output = Result<E, WaitError<E>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'e>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}

impl<E: Entity> fmt::Debug for Wait<'_, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wait")
            .field("id", &format_args!("{}", self.id))
            .field("wanted", &self.wanted)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
