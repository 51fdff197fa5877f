//! What follows from an operation's description in the contract.

use crate::generated::operations::{GET_TOKEN, Operation};

impl Operation {
    /// Whether a call changes anything on the server. Fetching a token does not: it can be done again.
    pub(crate) fn changes(&self) -> bool {
        self.method != "GET" && *self != GET_TOKEN
    }
}
