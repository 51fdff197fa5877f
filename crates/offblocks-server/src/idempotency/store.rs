//! What a store of idempotency keys has to do.

use std::future::Future;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, Uri, header};
use offblocks_signature::ContentDigest;
use uuid::Uuid;

/// Keeps the responses of calls by their idempotency keys.
///
/// Keys are valid for an hour in the OffBlocks API. A store removes older ones by its own clock.
pub trait IdempotencyStore: Send + Sync + 'static {
    /// An open transaction. Handlers find it in the extensions of their request; dropping the last
    /// clone of one that was neither finished nor abandoned has to roll it back.
    type Transaction: Clone + Send + Sync + 'static;

    /// Why the store failed.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Claims a key, or returns why it cannot be claimed. Two calls that claim the same key at once
    /// must not both be [`Begin::Fresh`].
    fn begin(
        &self,
        claim: Claim,
    ) -> impl Future<Output = Result<Begin<Self::Transaction>, Self::Error>> + Send;

    /// Stores the response of a fresh claim and commits. Like the handler before it, this runs to its end
    /// even when the caller disconnects.
    fn finish(
        &self,
        transaction: Self::Transaction,
        response: &StoredResponse,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Rolls back a fresh claim, so that the key can be claimed again. This is run to its end too.
    fn abandon(
        &self,
        transaction: Self::Transaction,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// A claim of a key, to run a call under it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// Whose key it is: the id of the principal, empty for calls without one.
    pub scope: String,
    /// The key.
    pub key: Uuid,
    /// The fingerprint of the call.
    pub fingerprint: Fingerprint,
}

impl Claim {
    /// A claim of `key` by a principal.
    pub fn new(scope: impl Into<String>, key: Uuid, fingerprint: Fingerprint) -> Self {
        Self {
            scope: scope.into(),
            key,
            fingerprint,
        }
    }
}

/// The state of a key in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin<Transaction> {
    /// Nothing, or nothing that is still valid: the call may run inside this transaction.
    Fresh(Transaction),
    /// The same call is finished: this was its response.
    Replay(StoredResponse),
    /// Another call used the key.
    Mismatch,
    /// The call with this key is still running.
    Running,
}

/// The fingerprint of a call: equal for calls with the same method, target and body bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a call. Bodies are compared byte by byte: a payload that was written
    /// differently is a different payload.
    #[must_use]
    pub fn of(method: &Method, uri: &Uri, body: &[u8]) -> Self {
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        let mut bytes = format!("{method} {target}\n").into_bytes();
        bytes.extend_from_slice(body);
        Self(ContentDigest::sha512(&bytes).to_string())
    }

    /// The fingerprint as a store keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A response as it is kept and sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// The status.
    pub status: u16,
    /// The content type, where there is a body.
    pub content_type: Option<String>,
    /// The body's bytes.
    pub body: Bytes,
}

impl StoredResponse {
    /// What is kept of a response with this body.
    #[must_use]
    pub fn of<B>(response: &Response<B>, body: Bytes) -> Self {
        let content_type = response.headers().get(header::CONTENT_TYPE);
        Self {
            status: response.status().as_u16(),
            content_type: content_type
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            body,
        }
    }
}

impl IntoResponse for StoredResponse {
    /// A status that is not a valid HTTP status becomes a 500.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let content_type = self
            .content_type
            .and_then(|value| HeaderValue::from_str(&value).ok());
        if let Some(content_type) = content_type {
            response
                .headers_mut()
                .insert(header::CONTENT_TYPE, content_type);
        }
        response
    }
}
