//! A contract becomes Rust crates.
//!
//! It walks one way: [`lower`] turns OpenAPI 3.1 into 3.0, [`model`] names every type and
//! operation, [`emit`] prints files. [`generate`] is the whole way, under a [`policy`]; [`vendor`]
//! is the way of a new contract into this workspace.

pub mod emit;
pub mod generate;
pub mod lower;
pub mod model;
pub mod policy;
pub mod vendor;
