//! The request log: the latest requests to the API, their responses, and the result of each check.
//!
//! [`record`](recording::record) is a layer around the API. It copies heads and the beginnings of
//! bodies, without their secrets ([`redact`]), and adds one entry to the [`Journal`] when the last
//! byte of a response was handed over. Nothing happens between calls. This module does not depend on
//! the rest of the sandbox, so all of the sandbox may use it.

mod body;
mod entry;
pub(crate) mod har;
mod journal;
pub(crate) mod recording;
pub(crate) mod redact;
pub(crate) mod wire;

pub use entry::{LoggedBody, LoggedHeaders, LoggedRequest};
pub(crate) use journal::{Journal, Last};
