//! The layer that accepts or rejects calls.

use std::{
    convert::Infallible,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::request::Parts;
use offblocks_signature::{Verified, Verifier};
use tower::{Layer, Service, ServiceExt};

use super::{Keys, Tokens, VerificationError, VerifiedSignature, explain, steps, verdicts};
use crate::{
    Checks, Clock, Operation, Problem, Rejection, Verdict,
    support::{
        ApiService, BodyLimit, DEFAULT_BODY_LIMIT, check_declared_body, collect_body,
        idempotency_key,
    },
};

/// Authenticates calls as the contract requires; see the [module](super).
///
/// Behind a proxy, configure the [`Verifier`] with the scheme and authority that callers use.
pub struct VerificationLayer<T, K> {
    lookups: Arc<Lookups<T, K>>,
    anonymous: Option<BodyLimit>,
    explains: bool,
    skips_signatures: bool,
}

struct Lookups<T, K> {
    tokens: T,
    keys: K,
    verifier: Verifier,
    clock: Box<dyn Clock>,
}

impl<T: Tokens, K: Keys> VerificationLayer<T, K> {
    /// A layer that looks up `tokens` and `keys`, and checks the age of signatures by `clock`.
    pub fn new(tokens: T, keys: K, verifier: Verifier, clock: impl Clock) -> Self {
        Self {
            lookups: Arc::new(Lookups {
                tokens,
                keys,
                verifier,
                clock: Box::new(clock),
            }),
            anonymous: None,
            explains: false,
            skips_signatures: false,
        }
    }

    /// Does not check signatures and digests. Tokens are still checked. Anyone with a token can then call,
    /// so this is for measuring and for development on one machine.
    #[must_use]
    pub fn skip_signatures(mut self, skips: bool) -> Self {
        self.skips_signatures = skips;
        self
    }

    /// Adds to the problem of a rejected signature how this server read it: the members
    /// `signatureBase`, `signatureInput`, `component` and `serverTime`, as far as they are known.
    /// Meant for development. The caller's token is already verified, and no credential is shown.
    #[must_use]
    pub fn explain(mut self, explains: bool) -> Self {
        self.explains = explains;
        self
    }

    /// Reads at most this many bytes of a body where the contract requires no token, because anyone
    /// can send such a request. Operations with a token keep the router's limit.
    #[must_use]
    pub fn anonymous_body_limit(mut self, bytes: usize) -> Self {
        self.anonymous = Some(BodyLimit(bytes));
        self
    }
}

impl<T, K> Clone for VerificationLayer<T, K> {
    fn clone(&self) -> Self {
        Self {
            lookups: self.lookups.clone(),
            anonymous: self.anonymous,
            explains: self.explains,
            skips_signatures: self.skips_signatures,
        }
    }
}

impl<T, K> fmt::Debug for VerificationLayer<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerificationLayer").finish_non_exhaustive()
    }
}

impl<T, K> Layer<ApiService> for VerificationLayer<T, K> {
    type Service = VerificationService<T, K>;

    fn layer(&self, inner: ApiService) -> Self::Service {
        VerificationService {
            layer: self.clone(),
            inner,
        }
    }
}

/// The service that [`VerificationLayer`] builds around an operation's handler.
#[derive(Debug)]
pub struct VerificationService<T, K> {
    layer: VerificationLayer<T, K>,
    inner: ApiService,
}

impl<T, K> Clone for VerificationService<T, K> {
    fn clone(&self) -> Self {
        Self {
            layer: self.layer.clone(),
            inner: self.inner.clone(),
        }
    }
}

impl<T: Tokens, K: Keys> Service<Request> for VerificationService<T, K> {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self { layer, inner } = self.clone();
        Box::pin(async move {
            let mut checks = Checks::default();
            let mut response = match layer.verify(request, &mut checks).await {
                Ok(request) => inner.oneshot(request).await?,
                Err(error) => reject(error),
            };
            checks.note_verification(&mut response);
            Ok(response)
        })
    }
}

impl<T: Tokens, K: Keys> VerificationLayer<T, K> {
    /// Verifies a request, and notes in `checks` how far it came.
    async fn verify(
        &self,
        request: Request,
        checks: &mut Checks,
    ) -> Result<Request, VerificationError> {
        let verified = self.verify_all(request, checks).await;
        if let Err(error) = &verified {
            verdicts::note(checks, error);
        }
        verified
    }

    /// The request with the results in its extensions and its body unread again. A request that
    /// belongs to no operation must pass every check. The headers are checked before anything of
    /// the body is read.
    async fn verify_all(
        &self,
        mut request: Request,
        checks: &mut Checks,
    ) -> Result<Request, VerificationError> {
        let operation = request.extensions().get::<&'static Operation>().copied();
        let limit = request.extensions().get().copied();
        let mut limit = limit.unwrap_or(BodyLimit(DEFAULT_BODY_LIMIT));
        let authenticated = operation.is_none_or(Operation::needs_authentication);
        if authenticated {
            let tokens = &self.lookups.tokens;
            let principal = steps::principal(tokens, request.headers()).await?;
            request.extensions_mut().insert(principal);
        } else if let Some(anonymous) = self.anonymous {
            limit.0 = limit.0.min(anonymous.0);
            request.extensions_mut().insert(limit);
        }
        checks.token = Verdict::passed(authenticated);
        if self.skips_signatures {
            checks.pass_unsigned();
            return Ok(request);
        }
        if operation.is_none_or(|operation| operation.signed) {
            let (parts, body) = request.into_parts();
            return match self.lookups.signed(&parts, body, operation, limit).await {
                Ok((found, body)) => {
                    checks.pass(operation, !body.is_empty());
                    let mut request = Request::from_parts(parts, Body::from(body));
                    request.extensions_mut().insert(VerifiedSignature(found));
                    Ok(request)
                }
                Err(error) => Err(self.explained(error, &parts, checks)),
            };
        }
        if operation.is_some_and(|operation| operation.digest) {
            let (parts, body) = request.into_parts();
            let body = read(&parts, body, operation, limit).await?;
            steps::digest(&parts.headers, &body)?;
            checks.pass(operation, true);
            return Ok(Request::from_parts(parts, Body::from(body)));
        }
        checks.pass(operation, false);
        Ok(request)
    }
}

impl<T, K> VerificationLayer<T, K> {
    /// Explains a rejected signature: always in `checks`, and to the caller where that is enabled.
    fn explained(
        &self,
        error: VerificationError,
        parts: &Parts,
        checks: &mut Checks,
    ) -> VerificationError {
        let VerificationError::Signature(error) = error else {
            return error;
        };
        let now = self.lookups.clock.now();
        let members = explain::members(&self.lookups.verifier, parts, &error, now.into());
        if self.explains {
            checks.explanation = Some(members.clone());
            VerificationError::Explained(error, members)
        } else {
            checks.explanation = Some(members);
            VerificationError::Signature(error)
        }
    }
}

impl<T: Tokens, K: Keys> Lookups<T, K> {
    /// Verifies the signature of a request, and returns its body.
    async fn signed(
        &self,
        parts: &Parts,
        body: Body,
        operation: Option<&'static Operation>,
        limit: BodyLimit,
    ) -> Result<(Verified, Bytes), VerificationError> {
        let signatures = steps::signatures(&self.verifier, parts)?;
        let keys = steps::keys(&self.keys, &signatures, parts).await?;
        let body = read(parts, body, operation, limit).await?;
        let now = self.clock.unix_seconds();
        let found = steps::valid(&self.verifier, signatures, &keys, parts, &body, now)?;
        Ok((found, body))
    }
}

/// The whole body, unless the headers already show that it is not accepted.
async fn read(
    parts: &Parts,
    body: Body,
    operation: Option<&'static Operation>,
    limit: BodyLimit,
) -> Result<Bytes, Rejection> {
    if let Some(operation) = operation {
        idempotency_key(operation, &parts.headers)?;
        check_declared_body(operation, &parts.headers, limit)?;
    }
    collect_body(&parts.headers, body, limit).await
}

fn reject(error: VerificationError) -> Response {
    let source = std::error::Error::source(&error).map(ToString::to_string);
    tracing::debug!(reason = %error, source, "rejected");
    Problem::from(error).into_response()
}
