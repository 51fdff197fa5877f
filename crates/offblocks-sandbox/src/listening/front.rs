//! What is looked at before anything else of a request.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};
use offblocks_server::Problem;

use super::Hosts;

/// The response to a request that does not go on to the API: one for another host, one that
/// expects more than a `100 Continue` (RFC 9110, section 10.1.1), or one about the server as a
/// whole (`OPTIONS *`, section 9.3.7).
pub(crate) fn respond(hosts: &Hosts, request: &Request) -> Option<Response> {
    let named = hosts.check(request.version(), request.uri(), request.headers());
    if let Err(error) = named {
        return Some(Problem::from(error).into_response());
    }
    if expects_more(request) {
        let problem = Problem::new(StatusCode::EXPECTATION_FAILED)
            .with_detail("the only expectation this server meets is 100-continue");
        return Some(problem.into_response());
    }
    let whole = request.method() == Method::OPTIONS && request.uri().path() == "*";
    whole.then(|| {
        let methods = HeaderValue::from_static("DELETE, GET, PATCH, POST, PUT");
        (StatusCode::NO_CONTENT, [(header::ALLOW, methods)]).into_response()
    })
}

fn expects_more(request: &Request) -> bool {
    let expected = request.headers().get_all(header::EXPECT).iter();
    let met = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"100-continue");
    expected.into_iter().any(|value| !met(value))
}
