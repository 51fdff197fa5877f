//! Request ids: taken from the caller or created here, and returned in the response.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{extract::Request, response::Response};
use http::{HeaderName, HeaderValue};
use tower::{Layer, Service};

use crate::support::RequestId;

/// The header of a request id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id taken from a caller.
const LONGEST: usize = 128;

/// Gives every request a [`RequestId`] and every response an `x-request-id`.
///
/// A caller's own id is kept when it is up to 128 letters, digits, `-`, `_`, `.` or `:`. Anything
/// else is replaced, so that a caller cannot write arbitrary text into logs. Wrap the finished
/// router with this layer, so that a 404 has an id too.
#[derive(Clone)]
pub struct RequestIdLayer(Arc<dyn Fn() -> String + Send + Sync>);

impl RequestIdLayer {
    /// A layer that creates ids with `source`. The ids of `source` consist of letters, digits, `-`,
    /// `_`, `.` and `:`.
    pub fn new(source: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }
}

impl std::fmt::Debug for RequestIdLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestIdLayer").finish_non_exhaustive()
    }
}

impl<S> Layer<S> for RequestIdLayer {
    type Service = RequestIdService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        RequestIdService {
            ids: self.clone(),
            inner,
        }
    }
}

/// The service that [`RequestIdLayer`] builds around another.
#[derive(Debug, Clone)]
pub struct RequestIdService<S> {
    ids: RequestIdLayer,
    inner: S,
}

impl<S> Service<Request> for RequestIdService<S>
where
    S: Service<Request, Response = Response>,
    S::Future: Send + 'static,
    S::Error: 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let id = self.id(&request);
        let header = HeaderValue::from_str(&id);
        request.extensions_mut().insert(RequestId(id));
        let response = self.inner.call(request);
        Box::pin(async move {
            let mut response = response.await?;
            if let Ok(header) = header {
                response.headers_mut().insert(REQUEST_ID, header);
            }
            Ok(response)
        })
    }
}

impl<S> RequestIdService<S> {
    fn id(&self, request: &Request) -> String {
        let given = request
            .headers()
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok());
        given
            .filter(|id| is_harmless(id))
            .map_or_else(|| (self.ids.0)(), str::to_owned)
    }
}

fn is_harmless(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    !id.is_empty() && id.len() <= LONGEST && id.bytes().all(allowed)
}
