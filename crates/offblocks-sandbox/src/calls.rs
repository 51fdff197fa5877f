//! The calls that reached an operation, for tests that ask what was called.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use offblocks_server::{IDEMPOTENCY_REPLAYED, Operation};

/// One call, once its response was made. It holds no header with a secret and no body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Call {
    /// The `operationId` in the contract.
    pub operation: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path as it was sent, base path included, without a query.
    pub path: String,
    /// The status of the response.
    pub status: StatusCode,
    /// The idempotency key, where one was sent.
    pub idempotency_key: Option<String>,
    /// Whether an earlier response was repeated for this key.
    pub replayed: bool,
}

/// Every call since it was made. Clones are the same log.
#[derive(Debug, Clone, Default)]
pub(crate) struct CallLog(Arc<Mutex<Vec<Call>>>);

impl CallLog {
    /// All of them, in the order of their responses.
    pub(crate) fn all(&self) -> Vec<Call> {
        self.calls().clone()
    }

    pub(crate) fn clear(&self) {
        self.calls().clear();
    }

    fn calls(&self) -> MutexGuard<'_, Vec<Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call through and notes it.
    pub(crate) async fn note(self, request: Request, next: Next) -> Response {
        let operation = request.extensions().get::<&'static Operation>().copied();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let idempotency_key = operation.and_then(|operation| key(operation, request.headers()));
        let response = next.run(request).await;
        if let Some(operation) = operation {
            let call = Call {
                operation: operation.id,
                method,
                path,
                status: response.status(),
                idempotency_key,
                replayed: response.headers().contains_key(IDEMPOTENCY_REPLAYED),
            };
            self.calls().push(call);
        }
        response
    }
}

fn key(operation: &Operation, headers: &HeaderMap) -> Option<String> {
    let header = operation.idempotency_key?;
    let key = headers.get(header.name)?.to_str().ok()?;
    Some(key.to_owned())
}
