//! `offblocks NOUN VERB`: every operation of the contract against a sandbox.

mod failures;
mod formats;
mod output;
pub mod session;
mod walk;
