//! Faults on purpose: which calls of the API fail, and how.
//!
//! A [`Fault`] says for which calls it is. The database keeps faults and how often each was met, for
//! restarts and for the other processes on it. The [`Registry`] is this process's copy, and
//! [`choice`] decides about a call. The layer that applies a fault is outside all other layers, so that
//! "after the commit" is really after it. Faults of the connection itself (a reset, a body that ends too
//! early, silence) are applied by [`crate::listening`]. It finds them in the extensions of the response.

mod body;
mod choice;
mod fault;
mod layer;
mod registry;
mod status;

pub(crate) use choice::{Source, kept, report, seq};
pub use fault::{AppliedFault, Fault, FaultId, FaultKind, FaultReport};
pub(crate) use layer::apply;
pub(crate) use registry::Registry;
