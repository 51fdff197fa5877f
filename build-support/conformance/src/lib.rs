//! What a server really answers, held against the contract.
//!
//! Judging is pure: a [`Judge`] is given a [`Contract`] and one [`Exchange`] after the other,
//! whoever made or recorded them, and ends with a [`Report`]. Nothing here sends, reads or prints;
//! [`recorded`] turns the text of a HAR or NDJSON file into exchanges, [`render`] a report into
//! text.
//!
//! ```
//! use conformance::{Contract, Exchange, FailOn, Intent, Judge, Outcome};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let contract = r#"{
//!   "openapi": "3.1.0", "info": {"title": "Library", "version": "1"},
//!   "paths": {"/books": {"get": {"operationId": "getBooks", "responses": {"200": {
//!     "description": "All books.",
//!     "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}
//!   }}}}}
//! }"#;
//! let contract = Contract::new(contract::read_str("library.json", contract)?);
//! let mut exchange = Exchange::new("GET", "https://library.example/books", Intent::Recorded);
//! exchange.answer.status = 200;
//! exchange.answer.headers.push("content-type", "application/json");
//! exchange.answer.body = br#"["Emma", 7]"#.to_vec();
//!
//! let mut judge = Judge::new(&contract, None);
//! judge.judge(&exchange);
//! let report = judge.finish("a recording");
//! assert_eq!(report.findings[0].rule.id, "type-wrong");
//! assert_eq!(report.findings[0].example.at.as_deref(), Some("/1"));
//! assert_eq!(report.outcome(FailOn::Warning), Outcome::Findings);
//! # Ok(())
//! # }
//! ```
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
//!
//! # What it never knows
//! How a server is reached: calls are made elsewhere and handed over as [`Exchange`]s. Generated
//! code, policies of generation, other contracts.

mod base;
mod baseline;
mod body;
mod curl;
mod exchange;
mod fields;
mod harvest;
mod index;
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
pub use exchange::{Answer, Exchange, Headers, Intent, Probe};
pub use index::{Contract, Matched, Media, Operation, Parameter, Response};
pub use judge::Judge;
pub use report::{
    Coverage, Example, FailOn, Finding, OperationCoverage, Outcome, Report, Severity, Summary,
};
pub use rules::{ALL as RULES, Rule};
