//! The axum extractor, and errors as axum responses.

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};

use crate::delivery::VerifiedDelivery;
use crate::error::WebhookError;
use crate::event::{FromWebhookEvent, VerifiedEvent};
use crate::inbox::{HandleError, ReplayError};
use crate::verifier::WebhookVerifier;

/// Verifies the request with the [`WebhookVerifier`] of the state, and reads the event. A rejection
/// is a response. To handle it in the handler, take `Result<VerifiedEvent, WebhookError>`.
///
/// A request that a [`VerifyLayer`](crate::VerifyLayer) has verified is not verified again.
impl<S, E> FromRequest<S> for VerifiedEvent<E>
where
    S: Send + Sync,
    WebhookVerifier: FromRef<S>,
    E: FromWebhookEvent,
{
    type Rejection = WebhookError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebhookError> {
        VerifiedDelivery::from_request(request, state)
            .await?
            .into_event()
    }
}

/// Verifies the request as [`VerifiedEvent`] does, and leaves the body unread.
impl<S> FromRequest<S> for VerifiedDelivery
where
    S: Send + Sync,
    WebhookVerifier: FromRef<S>,
{
    type Rejection = WebhookError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, WebhookError> {
        if let Some(verified) = request.extensions_mut().remove() {
            return Ok(verified);
        }
        WebhookVerifier::from_ref(state).verify(request).await
    }
}

impl IntoResponse for WebhookError {
    fn into_response(self) -> Response {
        self.log();
        self.to_response().map(Body::from)
    }
}

impl IntoResponse for ReplayError {
    fn into_response(self) -> Response {
        let error = &self as &dyn std::error::Error;
        tracing::warn!(error, "an event is not handled now");
        self.to_response().map(Body::from)
    }
}

impl<E: std::error::Error + 'static> IntoResponse for HandleError<E> {
    fn into_response(self) -> Response {
        let error = &self as &dyn std::error::Error;
        tracing::warn!(error, "an event is not handled");
        self.to_response().map(Body::from)
    }
}
