//! Why a card was not ordered, or is not active.

use offblocks_client::Error;
use thiserror::Error as ThisError;

use super::check::OrderProblem;
use crate::error::{MoveFailure, OrderError};
use crate::handle::IssuanceError;
use crate::rules::CardState;

/// Why a card of [`Cards::order`](crate::Cards::order) was not ordered, or is not active.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum IssueError {
    /// It was not ordered.
    #[error(transparent)]
    Order(#[from] OrderFailure),
    /// It was ordered, and the simulator did not issue it.
    #[error("the card was ordered, and the simulator did not issue it: {0}")]
    Simulator(#[from] MoveFailure<CardState>),
    /// It was ordered, and is not active.
    #[error(transparent)]
    Issuance(#[from] IssuanceError),
}

/// Why a card was not ordered.
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum OrderFailure {
    /// The rules say that no card would be issued; nothing was sent.
    #[error("no card would be issued: {}", texts(.0))]
    Problems(Vec<OrderProblem>),
    /// The order failed.
    #[error(transparent)]
    Order(#[from] OrderError),
}

impl From<Error> for IssueError {
    fn from(error: Error) -> Self {
        Self::Order(OrderFailure::Order(error.into()))
    }
}

fn texts(problems: &[OrderProblem]) -> String {
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    texts.join("; ")
}
