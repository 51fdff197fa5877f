#![doc = include_str!("../README.md")]
//!
//! A [`Checker`] is given a [`Contract`] and one [`Exchange`] after the other, and ends with a
//! [`ConformanceReport`]. [`recorded`] turns the text of a HAR or NDJSON file into exchanges,
//! [`render`] writes a report in the formats of the crate `report`.
//!
//! # What is checked
//! - The status, the content type, the presence of a body and of required headers.
//! - Every value of a JSON body against the schema of its status, with fields that no schema
//!   declares. The bodies of rejections are left free where the contract gives them none.
//! - For a deliberately wrong call ([`Probe`]), whether it was rejected, and with which status.
//!
//! # Choices
//! Where the contract is silent:
//! - 501 says that an operation is not served. That is a note, and it is listed in the coverage.
//! - 405, 422 (a reused idempotency key), 413, 415 and 429 are responses of the protocol. They are expected
//!   from the probe that causes them, and ignored in recorded traffic.
//! - 500 is documented, and still a warning, because it means that the server failed.
//!
//! No message holds a value of a body, except short values outside an enum; tokens, secrets and
//! signatures never leave an exchange (see [`redact`]).

mod accepted;
mod base;
mod body;
mod checker;
mod curl;
mod exchange;
mod fields;
mod harvest;
mod headers;
mod index;
mod observe;
mod probes;
pub mod recorded;
pub mod redact;
pub mod render;
mod report;
mod rules;
mod schema;

pub use self::report::{ConformanceReport, Coverage, Example, Finding, OperationCoverage, Outcome};
pub use base::Base;
pub use checker::Checker;
pub use exchange::{Exchange, Headers, Intent, Probe, ReceivedResponse};
pub use index::{Contract, DocumentedResponse, Matched, Media, Operation, Parameter};
pub use rules::{ALL as RULES, FindingRule};
