//! `offblocks conformance`, against the sandbox, against servers that are wrong on purpose, and on
//! recorded traffic.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

mod accepted;
mod bank;
mod command;
mod inconclusive;
mod proxied;
mod recorded;
mod sandbox;
mod secrets;
mod tamper;
mod wrong;
