#![doc = include_str!("../README.md")]
//!
//! # A tour
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use offblocks_client::{Client, Error, ErrorKind};
//! use offblocks_types::{AccountId, Card, CardId, CreateAccountCardRequest};
//!
//! # async fn tour(account: AccountId, request: CreateAccountCardRequest, id: CardId)
//! # -> Result<(), Box<dyn std::error::Error>> {
//! // From the environment: address, credentials and signing key.
//! let client = Client::from_env()?;
//!
//! // A call is a method, and a future. What the contract does not require is set before.
//! let card = client.get_card(id).timeout(Duration::from_secs(5)).await?;
//! println!("{} is {} ({:?})", card.id, card.status, card.request_id());
//!
//! // A change has an idempotency key from the moment it is built.
//! let order = client.create_account_card(account, request);
//! println!("ordering under the key {:?}", order.key());
//! match order.await {
//!     Ok(card) => println!("ordered {}", card.id),
//!     Err(error) if error.kind() == ErrorKind::Conflict => println!("not now: {error}"),
//!     Err(error) if error.is_outcome_unknown() => println!("repeat it: {error}"),
//!     Err(error) => return Err(error.into()),
//! }
//!
//! // Calls own their client, so they can be spawned.
//! let cards = tokio::spawn(client.get_cards().send()).await??;
//! println!("{} cards", cards.len());
//! # Ok(())
//! # }
//! ```
//!
//! [When something goes wrong](guide::when_something_goes_wrong) and
//! [Going to production](guide::going_to_production) are pages of their own.
//!
//! # What a call does
//! The arguments the contract requires are arguments of the method, the others are calls on the
//! [builder] it returns, and `send` sends it; awaiting the call does the same. A call owns its client,
//! so it can be spawned. It takes a timeout, a deadline, headers and a [`RetryPolicy`] of its own. The
//! client adds what else the contract requires:
//!
//! - **The token** is fetched by the first call that needs one. It is renewed in the background a
//!   minute before its end (a short-lived token in the last quarter of its life), so that no call
//!   waits for it. All callers that wait for the first token share one fetch, which continues when they
//!   give up. A 401 to a token kept from an earlier call renews it once.
//! - **The signature** is made again for each attempt, over method, authority, path and the digest of
//!   the exact bytes of the body. The key can be elsewhere: see [`Sign`].
//! - **The idempotency key** is a fresh UUID that a call has from the moment it is built. All its
//!   attempts and all its clones share it, so a loop around a cloned call repeats the call and orders
//!   no second card. Read it with `key`, or from the response and the error; give your own with
//!   `idempotency_key` to make a call that can be repeated after a crash.
//!
//! What every call takes:
//!
//! ```
//! use std::time::Duration;
//!
//! use http::{HeaderName, HeaderValue};
//! use offblocks_client::RetryPolicy;
//! use offblocks_types::uuid::Uuid;
//! # use offblocks_types::CreateAccountCardRequest;
//! # use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let sandbox = offblocks_sandbox::testing::start().await;
//! # let client = sandbox.client();
//! # let account = sandbox.active_account().await.id;
//! # let order: CreateAccountCardRequest = serde_json::from_value(json!({
//! #     "type": "virtual",
//! #     "billingAddress": {"firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"},
//! # }))?;
//! let (name, value) = (HeaderName::from_static("x-tenant"), HeaderValue::from_static("7"));
//! let call = client
//!     .create_account_card(account, order)
//!     .idempotency_key(Uuid::from_u128(7)) // Of your own database; a fresh one otherwise.
//!     .timeout(Duration::from_secs(5)) // Of one attempt.
//!     .deadline(Duration::from_secs(20)) // Of the whole call.
//!     .retry(RetryPolicy::default().with_attempts(2))
//!     .header(name, value);
//! println!("{} under the key {:?}", call.operation().id, call.key());
//! let card = call.send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `blocking` a program without an async runtime sends the same calls:
//!
//! ```
//! # #[cfg(feature = "blocking")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let runtime = tokio::runtime::Runtime::new()?;
//! # let sandbox = runtime.block_on(offblocks_sandbox::testing::start());
//! # let client = sandbox.client();
//! let chains = client.get_chains().send_blocking()?;
//! println!("{} chains", chains.len());
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "blocking"))]
//! # fn main() {}
//! ```
//!
//! After a temporary failure the call is sent again by a [`RetryPolicy`], within a [`RetryBudget`] that all
//! clones of a client share. When an attempt got no response and a later one is rejected because the work is
//! done already, the resource is read. If it is in the expected state, the call is a success
//! ([`ResponseValue::is_settled_by_reading`]).
//!
//! # When it fails
//! [`Error`] has a [`kind`](Error::kind) to match on, predicates such as
//! [`is_outcome_unknown`](Error::is_outcome_unknown), and everything the server said; each
//! [`ErrorKind`] says what to do now. Secrets, tokens, card numbers and bodies of successes are in
//! none of its texts. `tracing` spans (one for each call and one for each of its attempts, whose fields
//! follow OpenTelemetry's semantic conventions for HTTP clients) carry no payloads.
//!
//! # When the server is newer than the contract
//! A new field or a new value of an enum stops no call: the field is ignored, and the value kept as
//! `Unknown`. The client reports them, and also a status or a body that the contract does not
//! describe. Each such [`Drift`] is logged once (a `tracing` event of the target
//! `offblocks::drift`). The callback of [`ClientBuilder::on_drift`] receives it each time it occurs, as a
//! metric needs it:
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
//! A generated call builds its request and gives it to `send`, which runs `attempt` under a span.
//! `attempt` sends the call, attempt by attempt. `retry` decides whether another attempt follows, and
//! `settle` what a rejection means after a lost response. `received` holds a response in bytes. `error` and
//! `response` use it. The generated client carries the session. Fetching a token is a call like others, so
//! the session is given `fetch_token` as a value.

mod attempt;
mod base_url;
#[cfg(feature = "blocking")]
mod blocking;
mod build_error;
mod call;
mod client;
pub mod drift;
mod environment;
mod error;
mod fetch_token;
mod from_env;
#[rustfmt::skip] // The generator prints it in a style of its own.
mod generated;
pub mod guide;
mod hooks;
mod operation;
mod profile;
mod proxy;
mod random;
mod read;
mod received;
mod response;
mod retry;
mod send;
mod session;
mod settle;
mod signing;
mod signing_key;
mod skew;
mod span;
mod system;
mod timer;
mod tls;
mod untyped;

pub use build_error::BuildError;
pub use client::{
    ClientBuilder, DEFAULT_BODY_LIMIT, DEFAULT_DEADLINE, DEFAULT_IDLE_TIMEOUT,
    DEFAULT_MAX_IN_FLIGHT, DEFAULT_TIMEOUT,
};
pub use drift::{Drift, DriftKind};
pub use environment::{Environment, EnvironmentError};
pub use error::{Error, ErrorBuilder, ErrorKind};
pub use generated::operations::Operation;
pub use generated::{Client, builder, not_enforced, operations};
pub use hooks::{AfterResponse, BeforeSend};
pub use offblocks_signature::{Clock, KeyId, SigningKey};
pub use profile::Profile;
pub use random::Random;
pub use received::{Problem, Violation};
pub use reqwest;
pub use response::ResponseValue;
pub use retry::{RetryBudget, RetryPolicy};
pub use session::{Credentials, CredentialsFuture, CredentialsProvider};
pub use signing::{Sign, Signing};
pub use skew::ClockSkew;
pub use timer::{Timer, TokioTimer};
pub use untyped::UntypedCall;
