//! From a request to the operation that handles it: 404 and 405 are decided here.

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, header};
use tower::ServiceExt;

use super::{
    BodyLimit, Operation, Problem,
    nearest::nearest,
    paths::Paths,
    router::{ApiService, Endpoint},
};

/// Every operation, found by path and then by method.
pub(super) struct Dispatch {
    paths: Paths<Methods>,
    base_path: String,
    templates: Vec<String>,
    limit: BodyLimit,
}

/// The operations of one path template.
type Methods = Vec<(&'static Operation, ApiService)>;

impl Dispatch {
    pub(super) fn new(endpoints: Vec<Endpoint>, base_path: &str, limit: BodyLimit) -> Self {
        let mut paths = Paths::<Methods>::default();
        let mut templates: Vec<_> = endpoints
            .iter()
            .map(|endpoint| format!("{base_path}{}", endpoint.path))
            .collect();
        templates.sort();
        templates.dedup();
        for Endpoint {
            operation,
            path,
            service,
        } in endpoints
        {
            paths
                .entry(&format!("{base_path}{path}"))
                .push((operation, service));
        }
        Self {
            paths,
            base_path: base_path.to_owned(),
            templates,
            limit,
        }
    }

    /// Responds to a request; never fails. A response to `HEAD` has no body.
    pub(super) async fn respond(&self, request: Request) -> Response {
        let head = request.method() == Method::HEAD;
        let response = self.route(request).await;
        if head {
            response.map(|_| Body::empty())
        } else {
            response
        }
    }

    async fn route(&self, mut request: Request) -> Response {
        let Some((methods, values)) = self.paths.find(request.uri().path()) else {
            let detail = self.unknown(request.uri().path());
            return Problem::not_found(detail).into_response();
        };
        let method = request.method().as_str();
        let Some((operation, service)) = methods.iter().find(|(known, _)| known.method == method)
        else {
            return not_allowed(methods).into_response();
        };
        let extensions = request.extensions_mut();
        extensions.insert(*operation);
        extensions.insert(self.limit);
        extensions.insert(values);
        service.clone().oneshot(request).await.into_response()
    }
}

impl Dispatch {
    /// What is said about an unknown path: the base path that is missing, or the nearest template.
    fn unknown(&self, path: &str) -> String {
        let unknown = "the contract has no such path";
        let based = format!("{}{path}", self.base_path);
        if self.paths.find(&based).is_some() {
            let base = &self.base_path;
            return format!("{unknown}; the paths of this server begin with {base}");
        }
        match nearest(&self.templates, path).or_else(|| nearest(&self.templates, &based)) {
            Some(template) => format!("{unknown}; the nearest is {template}"),
            None => unknown.to_owned(),
        }
    }
}

fn not_allowed(methods: &Methods) -> Problem {
    let declared: Vec<_> = methods
        .iter()
        .map(|(operation, _)| operation.method)
        .collect();
    let declared = declared.join(", ");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED)
        .with_detail(format!("the contract declares {declared} for this path"));
    match HeaderValue::from_str(&declared) {
        Ok(allow) => problem.with_header(header::ALLOW, allow),
        Err(_) => problem,
    }
}
