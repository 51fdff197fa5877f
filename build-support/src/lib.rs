//! Reads an OpenAPI contract, lowers it, and emits Rust crates from it.
//!
//! A contract walks one way through the rooms: `read` turns text into a document with places,
//! `lower` turns OpenAPI 3.1 into what openapiv3 and progenitor take, [`model`] names every type
//! and operation, `emit` prints files, and [`files`] alone writes them.

pub mod conformance;
pub mod diagnostics;
pub mod drift;
pub mod emit;
pub mod files;
pub mod generate;
pub mod lower;
pub mod model;
pub mod policy;
pub mod read;
pub mod vendor;
