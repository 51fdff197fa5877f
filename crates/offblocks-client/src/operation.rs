//! What follows from an operation's description in the contract.

use crate::generated::operations::{GET_TOKEN, Operation};

impl Operation {
    /// Whether a call changes anything on the server. Fetching a token does not count as a change: it can
    /// be repeated.
    pub(crate) fn changes(&self) -> bool {
        self.method != "GET" && *self != GET_TOKEN
    }
}
