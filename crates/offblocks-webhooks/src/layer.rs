//! The tower layer.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower::{Layer, Service, ServiceExt as _};

use crate::verifier::WebhookVerifier;

/// Verifies requests before a service sees them, and responds to those that are rejected.
///
/// The service finds the [`VerifiedDelivery`](crate::VerifiedDelivery) in the extensions of its
/// request, and can read the whole body again. The layer works in front of every service whose bodies can
/// be made of bytes: axum's, those of the receiver router of `offblocks-server`, and
/// `http_body_util::Full<Bytes>`.
#[derive(Clone, Debug)]
pub struct VerifyLayer {
    verifier: WebhookVerifier,
}

impl VerifyLayer {
    /// A layer that verifies with this verifier.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    /// use http_body_util::Full;
    /// use offblocks_webhooks::testing::{Fault, TestSender, card_event};
    /// use offblocks_webhooks::{VerifiedDelivery, VerifyLayer};
    /// use tower::{Layer as _, ServiceExt as _, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let layer = VerifyLayer::new(sender.verifier().build()?);
    /// let service = layer.layer(service_fn(|request: Request<Full<Bytes>>| async move {
    ///     let delivery: Option<&VerifiedDelivery> = request.extensions().get();
    ///     let length = delivery.map_or(0, |delivery| delivery.body.len());
    ///     Ok::<_, Infallible>(Response::new(format!("{length} bytes")))
    /// }));
    ///
    /// let (event, forged) = (card_event(1, "active"), Fault::BadSignature);
    /// let good = sender.deliver(&event).map(Full::new);
    /// assert_eq!(service.clone().oneshot(good).await?.status(), 200);
    /// let bad = sender.deliver_with(&event, &forged).map(Full::new);
    /// assert_eq!(service.oneshot(bad).await?.status(), 401);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new(verifier: WebhookVerifier) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = VerifyService<S>;

    fn layer(&self, inner: S) -> VerifyService<S> {
        let verifier = self.verifier.clone();
        VerifyService { verifier, inner }
    }
}

/// The service that [`VerifyLayer`] builds.
#[derive(Clone, Debug)]
pub struct VerifyService<S> {
    verifier: WebhookVerifier,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for VerifyService<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Body + From<Bytes> + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    /// The service is waited for once a request is verified.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (verifier, inner) = (self.verifier.clone(), self.inner.clone());
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let verified = match verifier.verify_parts(&parts, body).await {
                Ok(verified) => verified,
                Err(error) => {
                    error.log();
                    return Ok(error.to_response().map(R::from));
                }
            };
            let body = B::from(verified.body.clone());
            parts.extensions.insert(verified);
            inner.oneshot(Request::from_parts(parts, body)).await
        })
    }
}
