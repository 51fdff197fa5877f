//! What a rejection by the simulator means.

use std::future::Future;

use offblocks_client::Error;

use crate::error::{MoveFailure, RejectedMove};
use crate::rules::{Actor, Lifecycle};

/// The outcome of a move that the simulator was asked for.
///
/// The simulator responds to a wrong state with 400, as it does to other mistakes. Only then the entity is
/// fetched: its state shows which of the two it was.
pub(crate) async fn outcome<S: Lifecycle>(
    cause: S::Move,
    result: Result<(), Error>,
    fetch_state: impl Future<Output = Option<S>>,
) -> Result<(), MoveFailure<S>> {
    let Err(error) = result else { return Ok(()) };
    if !error.is_bad_request() && !error.is_conflict() {
        return Err(error.into());
    }
    match fetch_state.await {
        Some(state) if state.after(cause, Actor::Simulator).is_err() => {
            Err(RejectedMove::by_server(state, cause, &error).into())
        }
        _ => Err(error.into()),
    }
}
