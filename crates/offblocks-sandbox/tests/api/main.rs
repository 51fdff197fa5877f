//! The sandbox over real HTTP. One program, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

mod authentication;
mod challenges;
mod common;
mod control;
#[cfg(unix)]
mod crashes;
mod dashboard;
mod data_control;
mod durability;
mod edges;
mod files;
mod hang_ups;
mod idempotency;
mod isolation;
mod issuance;
mod listening;
mod lists;
mod money;
mod outages;
mod plans;
mod postgres;
mod programmes;
mod random;
mod request_log;
mod restarts;
mod revocation;
mod testing;
mod ticking;
mod transitions;
mod traps;
mod watching;
mod webhooks;
