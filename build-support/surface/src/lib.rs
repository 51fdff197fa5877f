#![doc = include_str!("../README.md")]
//!
//! Inside it, [`rust`] and [`inventory`] do not depend on each other.

mod generated_crate;
pub mod inventory;
mod options;
pub mod rust;

pub use options::options;
