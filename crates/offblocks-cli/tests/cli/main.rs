//! The built command, run as a person runs it.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of tests may panic like tests"
)]

mod cards;
mod cards_shared;
mod cards_tls;
mod commands;
mod configure;
mod control;
mod control_data;
mod data;
mod golden;
mod in_tests;
mod keyring;
mod keys;
mod listen;
mod manual;
mod offblocks;
mod onboarding;
mod operations;
mod quickstart;
mod recorded;
mod sandbox;
mod seed;
mod settings;
mod signatures;
