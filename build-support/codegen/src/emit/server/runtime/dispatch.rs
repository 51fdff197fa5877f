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
    parameters::PathValues,
    paths::{Paths, Template, pairs},
    router::{ApiService, Endpoint},
};

/// Every operation, found by path and then by method.
pub(super) struct Dispatch {
    paths: Paths<Vec<Route>>,
    base_path: String,
    templates: Vec<String>,
    limit: BodyLimit,
}

/// One of the operations of a path template.
struct Route {
    operation: &'static Operation,
    service: ApiService,
    /// The names of the path's parameters, in order.
    names: Vec<String>,
    /// What the query has to hold.
    query: Vec<(String, String)>,
}

impl Dispatch {
    pub(super) fn new(endpoints: Vec<Endpoint>, base_path: &str, limit: BodyLimit) -> Self {
        let mut paths = Paths::<Vec<Route>>::default();
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
            let template = Template::new(&path);
            paths
                .entry(&format!("{base_path}{}", template.path))
                .push(Route {
                    operation,
                    service,
                    names: template.names.into_iter().map(str::to_owned).collect(),
                    query: template.query,
                });
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
        let (route, values) = match self.find(&request) {
            Ok(found) => found,
            Err(problem) => return problem.into_response(),
        };
        let mut named: Vec<(String, String)> = Vec::new();
        for (name, value) in route.names.iter().zip(values) {
            // A parameter that stands in the path again has the same value.
            if !named.iter().any(|(known, _)| known == name) {
                named.push((name.clone(), value));
            }
        }
        let extensions = request.extensions_mut();
        extensions.insert(route.operation);
        extensions.insert(self.limit);
        extensions.insert(PathValues(named));
        route.service.clone().oneshot(request).await.into_response()
    }

    /// The operation of a request, and the values of its path's parameters.
    fn find(&self, request: &Request) -> Result<(&Route, Vec<String>), Problem> {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let Some((routes, values)) = self.paths.find(path) else {
            return Err(Problem::not_found(self.unknown(path)));
        };
        let mut of_method = routes.iter().filter(|route| route.operation.method == method).peekable();
        if of_method.peek().is_none() {
            return Err(not_allowed(routes));
        }
        let query = request.uri().query().unwrap_or_default();
        match chosen(of_method, query, &values) {
            Some(route) => Ok((route, values)),
            None => Err(Problem::not_found(incomplete(routes, method))),
        }
    }
}

/// The first of the operations that ask for the most of what the query holds.
fn chosen<'r>(
    routes: impl Iterator<Item = &'r Route>,
    query: &str,
    values: &[String],
) -> Option<&'r Route> {
    let mut best: Option<&Route> = None;
    for route in routes {
        let asks = route.query.len();
        let is_better = best.is_none_or(|best| asks > best.query.len());
        if is_better && agree(&route.names, values) && (asks == 0 || holds(query, &route.query)) {
            best = Some(route);
        }
    }
    best
}

/// Whether a parameter that stands in a path more than once has one value.
fn agree(names: &[String], values: &[String]) -> bool {
    names.iter().enumerate().all(|(place, name)| {
        let first = names.iter().position(|one| one == name);
        first.is_none_or(|first| first == place || values.get(first) == values.get(place))
    })
}

fn holds(query: &str, wanted: &[(String, String)]) -> bool {
    let given = pairs(query);
    wanted.iter().all(|pair| given.contains(pair))
}

/// What is said where the path is the contract's and the rest is not.
fn incomplete(routes: &[Route], method: &str) -> String {
    let paths = routes.iter().filter(|route| route.operation.method == method);
    let paths: Vec<_> = paths.map(|route| route.operation.path).collect();
    let paths = paths.join(", ");
    format!("the contract has this path only as {paths}")
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

fn not_allowed(routes: &[Route]) -> Problem {
    let mut declared: Vec<_> = Vec::new();
    for route in routes {
        if !declared.contains(&route.operation.method) {
            declared.push(route.operation.method);
        }
    }
    let declared = declared.join(", ");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED)
        .with_detail(format!("the contract declares {declared} for this path"));
    match HeaderValue::from_str(&declared) {
        Ok(allow) => problem.with_header(header::ALLOW, allow),
        Err(_) => problem,
    }
}
