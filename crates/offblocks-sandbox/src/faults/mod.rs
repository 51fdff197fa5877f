//! Faults on purpose: which calls of the API fail, and how.
//!
//! A [`Fault`] says which calls it is for. The database keeps them and how often each was met, for
//! restarts and for the other processes on it. The [`Registry`] is this process's copy, and
//! [`choice`] decides about a call. The layer carries a choice out around everything else that a call goes through, so
//! that what happens "after the commit" does. What needs the connection itself (a reset, a body
//! that ends too early, silence) is left to [`crate::listening`], which the response tells.

mod body;
mod choice;
mod fault;
mod layer;
mod registry;

pub(crate) use choice::{Source, kept, report, seq};
pub use fault::{AppliedFault, Fault, FaultId, FaultKind, FaultReport};
pub(crate) use layer::apply;
pub(crate) use registry::Registry;
