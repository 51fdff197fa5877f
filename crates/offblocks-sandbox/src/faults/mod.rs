//! Faults on purpose: which calls of the API fail, and how.
//!
//! A [`Fault`] says which calls it is for. The [`Registry`] holds those in force, counts, and
//! chooses. The layer carries a choice out around everything else that a call goes through, so
//! that what happens "after the commit" does. What needs the connection itself (a reset, a body
//! that ends too early, silence) is left to [`crate::listening`], which the response tells.

mod body;
mod fault;
mod layer;
mod registry;

pub use fault::{Fault, FaultId, FaultKind, FaultReport};
pub(crate) use layer::{Source, apply};
pub(crate) use registry::Registry;
