//! The sandbox over real HTTP. One program, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

mod authentication;
mod challenges;
mod common;
mod durability;
mod edges;
mod idempotency;
mod issuance;
mod listening;
mod transitions;
mod traps;
