//! The public surface of the generated crates: what a change of the contract does to it, and
//! whether the code in the tree still is what the contract says.
//!
//! This crate never knows how Rust is written: it compares what the emitters of `codegen` give, and
//! ties it to the changes that `drift` found. It writes no files, renders no reports and opens no
//! connection. Inside it, [`rust`] and [`inventory`] do not know each other.

pub mod inventory;
mod options;
pub mod rust;

pub use options::options;
