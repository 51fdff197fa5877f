//! The lifecycle tables of `offblocks-cards`, applied to the contract's statuses and to what the
//! store keeps.

use chrono::{DateTime, Utc};
use offblocks_cards::rules::{
    AccountState, Actor, AuthorisationState, CardState, CustomerState, Lifecycle, TransactionState,
    UnknownName,
};
use offblocks_types::{Authorisation, Customer, Transaction};

use uuid::Uuid;

use super::{Work, steps};
use crate::failure::Failure;
use crate::store::accounts::AccountRecord;
use crate::store::cards::CardRecord;
use crate::store::changes::Entity;

/// An entity whose status follows one of the tables.
pub(super) trait Stateful: Sized {
    /// The states of the table.
    type State: Lifecycle;

    /// The state that the entity's status stands for.
    fn state(&self) -> Result<Self::State, UnknownName>;

    /// Takes on the status of a state.
    fn set_state(&mut self, state: Self::State);

    /// The instant of the last change.
    fn updated_at(&mut self) -> &mut DateTime<Utc>;

    /// Its identifier, by which steps wait for it.
    fn id(&self) -> Uuid;
}

/// An entity of the store, the field of it that holds the contract's type (if it is not that type
/// itself), and its states.
macro_rules! stateful {
    ($($entity:ident $(.$field:ident)?: $state:ident;)+) => {$(
        impl Stateful for $entity {
            type State = $state;

            fn state(&self) -> Result<$state, UnknownName> {
                state(&self$(.$field)?.status)
            }

            fn set_state(&mut self, state: $state) {
                self$(.$field)?.status = state.into();
            }

            fn updated_at(&mut self) -> &mut DateTime<Utc> {
                &mut self$(.$field)?.updated_at
            }

            fn id(&self) -> Uuid {
                self$(.$field)?.id.into()
            }
        }
    )+};
}

stateful! {
    Customer: CustomerState;
    AccountRecord.account: AccountState;
    CardRecord.card: CardState;
    Authorisation: AuthorisationState;
    Transaction: TransactionState;
}

/// Moves an entity on and stores it. A step that waits for the state before cannot happen any more, so
/// it does not wait any more either.
///
/// # Errors
/// `Conflict` with the table's reason, where it does not list the move.
pub(super) async fn change<E>(
    work: &mut Work<'_>,
    mut entity: E,
    cause: <E::State as Lifecycle>::Move,
    actor: Actor,
) -> Result<E, Failure>
where
    E: Stateful,
    for<'a> Entity<'a>: From<&'a E>,
{
    let next = check(&entity, cause, actor)?;
    entity.set_state(next);
    let updated_at = entity.updated_at();
    *updated_at = work.after(*updated_at);
    work.update(&entity).await?;
    steps::drop_waiting(work, entity.id()).await?;
    Ok(entity)
}

/// The state after a move.
///
/// # Errors
/// `Conflict` with the table's reason, where it does not list the move.
pub(super) fn check<E: Stateful>(
    entity: &E,
    cause: <E::State as Lifecycle>::Move,
    actor: Actor,
) -> Result<E::State, Failure> {
    let next = entity.state()?.after(cause, actor);
    next.map_err(|rejection| Failure::conflict(rejection.to_string()))
}

/// A status of the contract as a state of its lifecycle.
///
/// # Errors
/// When the lifecycle does not know it, which a database written by this sandbox never holds.
pub(super) fn state<'a, S, T>(status: &'a T) -> Result<S, UnknownName>
where
    S: TryFrom<&'a T, Error = UnknownName>,
{
    status.try_into()
}

impl From<UnknownName> for Failure {
    fn from(unknown: UnknownName) -> Self {
        Self::invalid(format!("the status {} has no rules", unknown.name))
    }
}
