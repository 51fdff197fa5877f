#![doc = include_str!("../README.md")]
//!
//! # The way
//! The document takes one way, and each stage takes what the stage before gave. [`policy`] says
//! what a contract cannot. [`lower`] turns a document into the few forms of OpenAPI 3.0 that are
//! read here, and openapiv3 proves that they are valid. [`model`] is built from that and names
//! every type and operation. [`emit`] writes Rust from the model; progenitor is shown a view of the
//! model, and the expressions that send its requests are kept. [`generate`] is the whole way.
//! [`vendor`] takes a new publication of the contract into this workspace.
//!
//! The modules refer to each other in this order and never back: policy, lower, model, emit,
//! generate, vendor.

pub mod emit;
pub mod generate;
pub mod lower;
pub mod model;
pub mod policy;
pub mod vendor;
