#![doc = include_str!("../README.md")]
//!
//! # What is promised of a value
//!
//! - **Nothing is lost between reading and writing.** Timestamps keep their nanoseconds, amounts
//!   keep their digits, and a value of an enum that this version does not know stays the same.
//!   Only properties that the contract does not list are dropped.
//! - **Values are compared by their meaning.** "20" and "20.0" are equal amounts. Two timestamps of one
//!   instant are equal, also when they are written with different offsets.
//! - **Secrets are not printed.** [`Secret`] hides itself from `Debug` and is wiped on drop.
//! - **Ranges are not checked here.** The server checks `minLength`, `pattern` and bounds:
//!   it validates bodies by the contract's schema before they become values.

mod caip;
#[rustfmt::skip]
mod generated;
mod money;
mod status;
mod webhook_event;

#[cfg(all(test, feature = "schemars"))]
#[path = "generated/schema_checks.rs"]
#[rustfmt::skip]
mod schema_checks;
#[cfg(all(test, feature = "schemars"))]
mod schema_agreement;

pub use caip::{
    BlockchainAccountId, BlockchainAssetId, BlockchainId, BlockchainTransactionId, CaipError,
};
pub use generated::support::{Base64, Base64Error, DecimalError, Secret, UnknownValue};
pub use generated::*;
pub use {chrono, url, uuid};
