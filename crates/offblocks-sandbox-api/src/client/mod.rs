//! A typed client of the control plane.

#[rustfmt::skip]
mod generated;

pub use generated::*;
