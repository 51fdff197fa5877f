//! Traits and a router for a server of the control plane.

#[rustfmt::skip]
mod generated;

pub use generated::*;
