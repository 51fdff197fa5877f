//! Server traits, router and verification layers of the OffBlocks API: for whoever answers it, be
//! it a gateway, a proxy or a test double.
//!
//! The contract's operations are traits, one for each tag ([`CardsApi`], [`CustomersApi`], …),
//! without default bodies: an operation that is added stops the build until somebody answers it.
//! A method gets typed, checked arguments, and its result can only hold statuses that the contract
//! documents. [`cards_router`] and its kin make an [`ApiRouter`] of an implementation, [`router`]
//! one of an implementation of everything, and [`NotImplemented`] answers for the rest with 501.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::body::Body;
//! use http::{Request, StatusCode};
//! use offblocks_server::*;
//! use offblocks_types::{Asset, Blockchain};
//! use tower::ServiceExt;
//!
//! /// Answers the operations of Engine.
//! struct Chains(Vec<Blockchain>);
//!
//! impl EngineApi for Chains {
//!     async fn get_chains(&self, _: RequestContext) -> Result<Vec<Blockchain>, GetChainsError> {
//!         Ok(self.0.clone())
//!     }
//!
//!     async fn get_assets(
//!         &self,
//!         _: RequestContext,
//!         chain: Option<String>,
//!     ) -> Result<Vec<Asset>, GetAssetsError> {
//!         match chain {
//!             None => Ok(Vec::new()),
//!             // Only what the contract documents can be said: there is no `NotFound` here.
//!             Some(_) => Err(GetAssetsError::BadRequest(Problem::bad_request("no such chain"))),
//!         }
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let chains = Arc::new(Chains(Vec::new()));
//! let service = engine_router(chains)
//!     .merge(NotImplemented::everything())
//!     .base_path("/v1")
//!     .into_router();
//! // A server would now run `axum::serve(listener, service)`.
//!
//! let call = |path: &str| Request::get(path).body(Body::empty());
//! let answer = service.clone().oneshot(call("/v1/assets?chain=eip155%3A1")?).await?;
//! assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
//! assert_eq!(answer.headers()["content-type"], "application/problem+json");
//! let answer = service.oneshot(call("/v1/cards")?).await?;
//! assert_eq!(answer.status(), StatusCode::NOT_IMPLEMENTED);
//! # Ok(())
//! # }
//! ```
//!
//! # What happens to a request
//! 1. An unknown path is 404; an undeclared method of a declared path is 405 with `Allow`, `HEAD`
//!    and `OPTIONS` among them. Nobody is asked who they are for that.
//! 2. Layers, added with [`ApiRouter::layer`], the one added last first: [`VerificationLayer`],
//!    then [`IdempotencyLayer`]. They decide by the [`Operation`] in the request's extensions.
//! 3. Parameters and body are read: 413 beyond [`ApiRouter::body_limit`], 415 for another content
//!    type than the contract's or a content coding, 400 without a body that has to be there or with the JSON pointer and reason for what breaks its schema.
//! 4. The method of the trait.
//!
//! Every refusal is a [`Problem`] (RFC 9457). Answers by steps 1 to 3 are about HTTP and not about
//! the contract, so they may have statuses that it does not document.
//!
//! # Choices
//! Where the contract is silent:
//! - An enum value that the contract does not list is refused in a request, although the Rust
//!   types could hold it; a member that it does not list is ignored.
//! - A JSON key that stands twice in one object is refused, and so is a parameter given twice that
//!   is no list. Unknown query parameters are ignored.
//! - A body sent to an operation that has none is ignored. It is still part of what was signed.
//! - Only the contract's own media type is accepted, in UTF-8; `application/x+json` is another.
//! - Failed authentication is always 401, a wrong digest or malformed signature too.
//! - Bodies of up to [`DEFAULT_BODY_LIMIT`](support::DEFAULT_BODY_LIMIT) are read.
//! - UUIDs in paths, bodies and keys have five groups of hexadecimal digits of either case; braces,
//!   `urn:uuid:` and digits without hyphens are rejected.
//! - What the headers tell (token, content type, coding, length) is judged before the body is read.
//! - Idempotency compares bodies byte by byte; see [`idempotency`].
//!
//! # Absent on purpose
//! No client, no storage, no clock and no randomness: times and ids come from whoever builds the
//! layers.

#[rustfmt::skip]
mod generated;

mod clock;
pub mod idempotency;
mod panic;
mod principal;
mod request_id;
mod trace;
pub mod verification;

pub use clock::Clock;
pub use generated::support::{
    ApiRouter, Operation, Problem, Rejection, RequestContext, RequestId, Violation,
};
pub use generated::*;
pub use idempotency::{
    Begin, Claim, Fingerprint, IDEMPOTENCY_REPLAYED, IdempotencyLayer, IdempotencyStore,
    StoredResponse,
};
pub use panic::{PanicLayer, PanicService};
pub use principal::Principal;
pub use request_id::{REQUEST_ID, RequestIdLayer, RequestIdService};
pub use trace::{TraceLayer, TraceService};
pub use verification::{
    Keys, NoTokens, TokenError, Tokens, Unavailable, VerificationError, VerificationLayer,
    VerifiedSignature,
};
