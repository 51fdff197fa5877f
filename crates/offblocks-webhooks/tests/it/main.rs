//! The receiving side of webhooks, with every feature.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
mod crashes;
mod frameworks;
mod keys;
mod properties;
mod rejections;
mod sandbox;
mod secrets;
mod stores;
mod transactions;
