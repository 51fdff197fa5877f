//! Operations collected, layered, and turned into an axum router.

use std::{convert::Infallible, future::Future, pin::Pin, sync::Arc};

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tower::{Layer, Service, ServiceExt, service_fn, util::BoxCloneSyncService};

use super::{BodyLimit, Incoming, Operation, Problem, Rejection, dispatch::Dispatch};

/// How many bytes of a request body are read unless [`ApiRouter::body_limit`] says otherwise:
/// one MiB.
pub const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

/// What layers wrap: the handler of one operation.
pub type ApiService = BoxCloneSyncService<Request, Response, Infallible>;

/// The handler of one operation. All have one type, so that what is around them is compiled once.
type Handler = Arc<dyn Fn(Incoming) -> Handled + Send + Sync>;

type Handled = Pin<Box<dyn Future<Output = Result<Response, Rejection>> + Send>>;

/// Operations of a contract and their handlers.
///
/// Unknown paths (404) and undeclared methods of declared paths (405, with `Allow`; `HEAD` and
/// `OPTIONS` are methods like any other) get a response before any layer sees the request. Every
/// request that reaches a layer carries its `&'static` [`Operation`] and the [`BodyLimit`] in its
/// extensions.
#[derive(Clone, Debug)]
#[must_use = "a router does nothing until `into_router` turns it into a service"]
pub struct ApiRouter {
    endpoints: Vec<Endpoint>,
    base_path: String,
    limit: BodyLimit,
}

/// An operation and what handles it.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    pub(super) operation: &'static Operation,
    pub(super) path: String,
    pub(super) service: ApiService,
}

impl ApiRouter {
    /// A router without operations.
    pub fn new() -> Self {
        Self {
            endpoints: Vec::new(),
            base_path: String::new(),
            limit: BodyLimit(DEFAULT_BODY_LIMIT),
        }
    }

    /// Handles an operation at the path the contract gives it.
    pub fn operation<A, H, F>(self, operation: &'static Operation, api: Arc<A>, handler: H) -> Self
    where
        A: Send + Sync + 'static,
        H: Fn(Arc<A>, Incoming) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response, Rejection>> + Send + 'static,
    {
        self.operation_at(operation.path, operation, api, handler)
    }

    /// Handles an operation at a path of one's own choice, as receivers of callbacks do.
    pub fn operation_at<A, H, F>(
        self,
        path: &str,
        operation: &'static Operation,
        api: Arc<A>,
        handler: H,
    ) -> Self
    where
        A: Send + Sync + 'static,
        H: Fn(Arc<A>, Incoming) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response, Rejection>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |incoming| Box::pin(handler(api.clone(), incoming)));
        self.with(path, operation, handled(operation, handler))
    }

    /// Responds to an operation with 501, once its layers have let the call through.
    pub fn not_implemented(self, operation: &'static Operation) -> Self {
        let service = service_fn(move |_: Request| async move {
            let detail = format!("this version of the server does not implement {}", operation.id);
            Ok(Problem::new(StatusCode::NOT_IMPLEMENTED)
                .with_detail(detail)
                .into_response())
        });
        self.with(operation.path, operation, BoxCloneSyncService::new(service))
    }

    /// Adds the operations of another router. An operation that both have keeps this router's
    /// handler, so that stubs can fill what is left; base path and body limit stay this router's.
    pub fn merge(mut self, other: Self) -> Self {
        let known: Vec<_> = self.keys().collect();
        let fresh = other.endpoints.into_iter();
        let fresh = fresh.filter(|new| !known.contains(&(new.operation.method, new.path.clone())));
        let fresh: Vec<_> = fresh.collect();
        self.endpoints.extend(fresh);
        self
    }

    /// Wraps the handler of every operation collected so far. The layer added last sees a request
    /// first.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<ApiService>,
        L::Service: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        for endpoint in &mut self.endpoints {
            let service = layer.layer(endpoint.service.clone());
            let service = service.map_response(IntoResponse::into_response);
            endpoint.service = BoxCloneSyncService::new(service);
        }
        self
    }

    /// Serves every operation below a path such as `/v1`. Unlike nesting the finished router, this
    /// leaves the request's own path as the caller sent and signed it.
    pub fn base_path(mut self, base_path: &str) -> Self {
        let trimmed = base_path.trim_matches('/');
        self.base_path = if trimmed.is_empty() {
            String::new()
        } else {
            format!("/{trimmed}")
        };
        self
    }

    /// How many bytes of a request body are read; more is a 413.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.limit = BodyLimit(bytes);
        self
    }

    /// The operations collected so far.
    pub fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.endpoints.iter().map(|endpoint| endpoint.operation)
    }

    /// The finished service.
    pub fn into_router(self) -> Router {
        let dispatch = Arc::new(Dispatch::new(self.endpoints, &self.base_path, self.limit));
        Router::new().fallback(move |request: Request| {
            let dispatch = dispatch.clone();
            async move { dispatch.respond(request).await }
        })
    }

    fn with(mut self, path: &str, operation: &'static Operation, service: ApiService) -> Self {
        self.endpoints.push(Endpoint {
            operation,
            path: path.to_owned(),
            service,
        });
        self
    }

    fn keys(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.endpoints
            .iter()
            .map(|known| (known.operation.method, known.path.clone()))
    }
}

/// Reads a request and has it handled.
fn handled(operation: &'static Operation, handler: Handler) -> ApiService {
    BoxCloneSyncService::new(service_fn(move |request: Request| {
        let handler = handler.clone();
        async move {
            let response = match Incoming::read(operation, request).await {
                Ok(incoming) => handler(incoming).await,
                Err(rejection) => Err(rejection),
            };
            Ok(response.into_response())
        }
    }))
}

impl Default for ApiRouter {
    fn default() -> Self {
        Self::new()
    }
}
