//! What a server really answers, held against the contract.
//!
//! Judging is pure: a [`Judge`] is given a [`Contract`] and one [`Exchange`] after the other,
//! whoever made or recorded them, and ends with a [`Report`]. Nothing here sends, reads or prints;
//! [`recorded`] turns the text of a HAR or NDJSON file into exchanges, [`render`] a report into
//! text.
//!
//! # What is judged
//! - the status, the content type, the presence of a body and of required headers;
//! - every value of a JSON body against the schema of its status, with fields that no schema
//!   declares. The bodies of refusals are left free where the contract gives them none;
//! - for a deliberately wrong call ([`Probe`]), whether it was refused, and with which status.
//!
//! # Choices
//! Where the contract is silent:
//! - 501 says that an operation is not served. It is not held against the server, but listed in
//!   the coverage and as a note of its own rule.
//! - 405, 422 (a reused idempotency key), 413, 415 and 429 are answers of the protocol: expected
//!   from the probe that asks for them, and left alone in recorded traffic.
//! - 500 is documented, and still a warning: nobody asks a server to fail.
//!
//! No message holds a value of a body, except short values outside an enum; tokens, secrets and
//! signatures never leave an exchange (see [`redact`]).

mod base;
mod baseline;
mod body;
mod contract;
mod curl;
mod exchange;
mod fields;
mod harvest;
mod judge;
mod observe;
mod probes;
pub mod recorded;
pub mod redact;
pub mod render;
mod report;
mod rules;
mod schema;

pub use base::Base;
pub use baseline::{Baseline, BaselineError};
pub use contract::{Contract, Matched, Media, Operation, Parameter, Response};
pub use exchange::{Answer, Exchange, Headers, Intent, Probe};
pub use judge::Judge;
pub use report::{
    Coverage, Example, FailOn, Finding, OperationCoverage, Outcome, Report, Severity, Summary,
};
pub use rules::{ALL as RULES, Rule};
