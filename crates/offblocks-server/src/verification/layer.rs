//! The layer that lets calls through or refuses them.

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
use offblocks_signature::Verifier;
use tower::{Layer, Service, ServiceExt};

use super::{Keys, Tokens, VerificationError, VerifiedSignature, steps};
use crate::{
    Clock, Operation, Problem,
    support::{ApiService, BodyLimit, DEFAULT_BODY_LIMIT, collect_body},
};

/// Authenticates calls as the contract asks; see the [module](super).
///
/// Behind a proxy, tell the [`Verifier`] which scheme and authority callers use.
pub struct VerificationLayer<T, K>(Arc<Checks<T, K>>);

struct Checks<T, K> {
    tokens: T,
    keys: K,
    verifier: Verifier,
    clock: Box<dyn Clock>,
}

impl<T: Tokens, K: Keys> VerificationLayer<T, K> {
    /// A layer that asks these for tokens and keys, and judges ages by this clock.
    pub fn new(tokens: T, keys: K, verifier: Verifier, clock: impl Clock) -> Self {
        Self(Arc::new(Checks {
            tokens,
            keys,
            verifier,
            clock: Box::new(clock),
        }))
    }
}

impl<T, K> Clone for VerificationLayer<T, K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
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

/// What [`VerificationLayer`] makes of an operation's handler.
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
            match layer.0.verify(request).await {
                Ok(request) => inner.oneshot(request).await,
                Err(error) => Ok(refuse(error)),
            }
        })
    }
}

impl<T: Tokens, K: Keys> Checks<T, K> {
    /// The request with what was found out in its extensions, its body unread again. A request
    /// that belongs to no operation is held to everything.
    async fn verify(&self, mut request: Request) -> Result<Request, VerificationError> {
        let operation = request.extensions().get::<&'static Operation>().copied();
        if operation.is_none_or(Operation::needs_authentication) {
            let principal = steps::principal(&self.tokens, request.headers()).await?;
            request.extensions_mut().insert(principal);
        }
        if operation.is_none_or(|operation| operation.signed || operation.digest) {
            let signed = operation.is_none_or(|operation| operation.signed);
            return self.verify_body(request, signed).await;
        }
        Ok(request)
    }

    /// Judges the signature of a request, or only its digest where none is asked for.
    async fn verify_body(
        &self,
        request: Request,
        signed: bool,
    ) -> Result<Request, VerificationError> {
        let (mut parts, body) = request.into_parts();
        let limit = parts.extensions.get().copied();
        let limit = limit.unwrap_or(BodyLimit(DEFAULT_BODY_LIMIT));
        let body = collect_body(&parts.headers, body, limit).await?;
        if signed {
            let now = self.clock.now().timestamp();
            let found = steps::signature(&self.keys, &self.verifier, (&parts, &body), now).await?;
            parts.extensions.insert(VerifiedSignature(found));
        } else {
            steps::digest(&parts.headers, &body)?;
        }
        Ok(Request::from_parts(parts, Body::from(body)))
    }
}

fn refuse(error: VerificationError) -> Response {
    let source = std::error::Error::source(&error).map(ToString::to_string);
    tracing::debug!(reason = %error, source, "refused");
    Problem::from(error).into_response()
}
