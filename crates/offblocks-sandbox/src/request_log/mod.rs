//! The request log: what was asked of the API last, what was responded, and what each check made
//! of it.
//!
//! [`record`](recording::record) is a layer around the API. It copies heads and the beginnings of
//! bodies, without their secrets ([`redact`]), and adds one entry to the [`Journal`] when the last
//! byte of a response was handed over. Nothing happens between calls. This room knows nothing
//! of the rest of the sandbox, which may therefore use it everywhere.

mod body;
mod entry;
pub(crate) mod har;
mod journal;
pub(crate) mod recording;
mod redact;
pub(crate) mod wire;

pub use entry::{LoggedBody, LoggedHeaders, LoggedRequest};
pub(crate) use journal::{Journal, Last};
