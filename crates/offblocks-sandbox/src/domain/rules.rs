//! The lifecycle tables of `offblocks-cards`, applied to the contract's statuses.

use std::fmt::Display;
use std::str::FromStr;

use offblocks_cards::rules::{Actor, Lifecycle, UnknownName};

use crate::failure::Failure;

/// The status after a move.
///
/// # Errors
/// `Conflict` with the table's reason, where it does not list the move.
pub(super) fn after<S, T>(status: &T, cause: S::Move, actor: Actor) -> Result<T, Failure>
where
    S: Lifecycle,
    T: Display + FromStr,
{
    let next = state::<S>(status)?.after(cause, actor);
    let next = next.map_err(|refusal| Failure::conflict(refusal.to_string()))?;
    next.to_string().parse().map_err(|_| unknown(&next))
}

/// A status of the contract as a state of its lifecycle.
///
/// # Errors
/// When the lifecycle does not know it, which a database written by this sandbox never holds.
pub(super) fn state<S: FromStr<Err = UnknownName>>(status: &impl Display) -> Result<S, Failure> {
    status.to_string().parse().map_err(|_| unknown(status))
}

fn unknown(status: &impl Display) -> Failure {
    Failure::invalid(format!("the status {status} has no rules"))
}
