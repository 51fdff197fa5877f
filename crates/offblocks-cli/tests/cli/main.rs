//! The built command, run as a person runs it.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

mod cards;
mod control;
mod control_data;
mod data;
mod golden;
mod in_tests;
mod keys;
mod offblocks;
mod quickstart;
mod sandbox;
mod seed;
