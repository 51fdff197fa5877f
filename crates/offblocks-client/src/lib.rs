#![doc = include_str!("../README.md")]
//!
//! # What a call does
//! The arguments the contract requires are arguments of the method, the others are calls on the
//! [builder] it returns, and `send` sends it. What the contract requires besides is added on the way:
//!
//! - **The token** is fetched by the first call that needs one and renewed a minute ahead of its end
//!   (a short-lived one in the last quarter of its life); however many callers wait, one of them
//!   asks. When the server responds with 401 to a token kept from an earlier call, the token is
//!   renewed once and the call sent again.
//! - **The signature** is made for each attempt anew, over method, authority, path and the digest of
//!   the exact bytes of the body.
//! - **The idempotency key** is a fresh UUID for each call and the same for all its attempts; give
//!   your own with `idempotency_key` to make a call that can be repeated after a crash.
//!
//! # When it fails
//! [`Error`] keeps the status, the body, the operation and the server's request id. It has
//! predicates such as [`Error::is_conflict`], and says in words what to do. Secrets, tokens and
//! card numbers are in none of its texts, and `tracing` spans (one for each call, named
//! `offblocks`) carry no payloads.
//!
//! # When the server moves on
//! A new field or a new value of an enum stops no call: the field is ignored, the value kept as
//! `Unknown`. The client notices all the same, and so it does a status or a body that the contract
//! does not know. Each such [`Drift`] is logged once (a `tracing` event of the target
//! `offblocks::drift`) and given to the callback given to [`ClientBuilder::on_drift`] as often as
//! it occurs, as a metric needs it:
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::sync::{Arc, Mutex, PoisonError};
//!
//! use offblocks_client::{Client, Operation};
//!
//! // Your metrics library has counters with labels; a map will do here.
//! let counters = Arc::new(Mutex::new(BTreeMap::new()));
//! let sink = counters.clone();
//! let client = Client::builder()
//!     .base_url("http://localhost:8080/v1")
//!     .on_drift(move |drift| {
//!         let labels = (drift.operation, drift.kind.as_str(), drift.pointer.clone());
//!         let mut counters = sink.lock().unwrap_or_else(PoisonError::into_inner);
//!         *counters.entry(labels).or_insert(0) += drift.count;
//!     })
//!     .build()?;
//!
//! // Every call is looked at. Here is what a response with two new things would give:
//! let operation = Operation::find("getCards").ok_or("the contract has it")?;
//! let body = br#"[{"status": "active"}, {"status": "resting", "limit": 5}]"#;
//! client.drift_watch().response(operation, http::StatusCode::OK, body);
//!
//! let counters = counters.lock().map_err(|_| "a callback panicked")?;
//! assert_eq!(counters[&("getCards", "unknown_value", "/*/status".to_owned())], 1);
//! assert_eq!(counters[&("getCards", "unknown_field", "/*/limit".to_owned())], 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! No value of a response is in an event. What counts as drift, and what looking for it costs, is
//! in [`drift`].
//!
//! # For maintainers
//! `attempt.rs` sends a call, attempt by attempt; `retry.rs` decides whether another one follows. The
//! generated module and the hand-written ones know each other: progenitor's hook is a trait of the
//! generated client, which carries the session. The hand-written modules know each other in one
//! direction only.

mod attempt;
mod base_url;
mod build_error;
mod carried;
mod client;
mod clock;
pub mod drift;
mod error;
#[rustfmt::skip] // The generator prints it in a style of its own.
mod generated;
mod hooks;
mod response;
mod retry;
mod session;
mod system;

pub use build_error::BuildError;
pub use client::{ClientBuilder, DEFAULT_TIMEOUT};
pub use clock::{Clock, Random};
pub use drift::{Drift, DriftKind};
pub use error::{Error, Problem, Violation};
pub use generated::operations::Operation;
pub use generated::{Client, builder, operations};
pub use offblocks_signature::{KeyId, SigningKey};
pub use response::ResponseValue;
