//! The built command, run as a person runs it.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

mod cards;
mod control;
mod golden;
mod keys;
mod offblocks;
mod quickstart;
mod sandbox;
