//! The public surface of the generated crates: what a change of the contract does to it, and
//! whether the code in the tree still is what the contract says.

pub mod inventory;
mod options;
pub mod rust;

pub use options::options;
