//! The response to a call that fails with a status: a problem, with the headers without which that
//! status is not a valid response.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use hyper::ext::ReasonPhrase;
use offblocks_server::{Operation, Problem, operations};

use super::fault::FaultId;

/// The response with a status that a fault asks for.
pub(super) fn response(
    id: FaultId,
    status: StatusCode,
    operation: Option<&'static Operation>,
) -> Response {
    let mut response = problem(id, status).into_response();
    response.headers_mut().extend(required(status, operation));
    if status.canonical_reason().is_none() {
        // The server would write a placeholder as the reason of a status that has no name.
        let reason = ReasonPhrase::from_static(b"Unknown");
        response.extensions_mut().insert(reason);
    }
    response
}

/// The problem that names the fault.
pub(super) fn problem(id: FaultId, status: StatusCode) -> Problem {
    Problem::new(status).with_detail(format!("fault {id} of the sandbox's control plane"))
}

/// What RFC 9110 asks of these statuses: sections 15.5.2, 15.5.6, 15.5.8, 15.5.22 and 7.8.
fn required(
    status: StatusCode,
    operation: Option<&'static Operation>,
) -> Vec<(HeaderName, HeaderValue)> {
    let fixed = |name, value| (name, HeaderValue::from_static(value));
    match status {
        StatusCode::UNAUTHORIZED => vec![fixed(header::WWW_AUTHENTICATE, "Bearer")],
        StatusCode::METHOD_NOT_ALLOWED => vec![(header::ALLOW, others(operation))],
        StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            vec![fixed(header::PROXY_AUTHENTICATE, "Basic realm=\"sandbox\"")]
        }
        StatusCode::UPGRADE_REQUIRED => vec![
            fixed(header::CONNECTION, "upgrade"),
            fixed(header::UPGRADE, "HTTP/2.0"),
        ],
        _ => Vec::new(),
    }
}

/// The other methods of the path: a fault says that it does not take this one.
fn others(operation: Option<&'static Operation>) -> HeaderValue {
    let others: Vec<_> = operation.map_or_else(Vec::new, |this| {
        let of_path = |it: &&&Operation| it.path == this.path && it.method != this.method;
        let others = operations::all().iter().filter(of_path);
        others.map(|it| it.method).collect()
    });
    HeaderValue::from_str(&others.join(", ")).unwrap_or_else(|_| HeaderValue::from_static(""))
}
