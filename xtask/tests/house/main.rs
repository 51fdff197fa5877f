//! The rules of the house: who may depend on whom, which modules may meet, and what only one place
//! may do. Each test names the fix in its message. `crates/README.md` and
//! `build-support/README.md` say the same in words.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

mod circles;
mod crates;
mod examples;
mod modules;
mod run_examples;
mod sources;
mod texts;
