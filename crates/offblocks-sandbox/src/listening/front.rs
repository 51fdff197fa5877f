//! The checks that come before all others of a request.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};
use offblocks_server::Problem;

use super::Hosts;

/// The most bytes of a request's target: as many as a server should take (RFC 9112, section 3).
const LONGEST_TARGET: usize = 8_000;

/// The response to a request that is not passed on to the API: one for another host, one whose
/// target is too long, one that
/// expects more than a `100 Continue` (RFC 9110, section 10.1.1), one whose body is coded in a way
/// that is not read (RFC 9112, section 6.1), or one about the server as a whole (`OPTIONS *`, RFC
/// 9110, section 9.3.7).
pub(crate) fn respond(hosts: &Hosts, request: &Request) -> Option<Response> {
    let named = hosts.check(request.version(), request.uri(), request.headers());
    if let Err(error) = named {
        return Some(Problem::from(error).into_response());
    }
    let target = request.uri().path_and_query();
    if target.is_some_and(|target| target.as_str().len() > LONGEST_TARGET) {
        let detail =
            format!("the target of the request has more than {LONGEST_TARGET} bytes: shorten it");
        let problem = Problem::new(StatusCode::URI_TOO_LONG).with_detail(detail);
        return Some(problem.into_response());
    }
    if expects_more(request) {
        let problem = Problem::new(StatusCode::EXPECTATION_FAILED)
            .with_detail("the only expectation this server meets is 100-continue");
        return Some(problem.into_response());
    }
    if is_coded(request) {
        let problem = Problem::new(StatusCode::NOT_IMPLEMENTED)
            .with_detail("the only transfer coding this server reads is chunked; send it alone");
        return Some(problem.into_response());
    }
    let whole = request.method() == Method::OPTIONS && request.uri().path() == "*";
    whole.then(|| {
        let methods = HeaderValue::from_static("DELETE, GET, PATCH, POST, PUT");
        (StatusCode::NO_CONTENT, [(header::ALLOW, methods)]).into_response()
    })
}

fn is_coded(request: &Request) -> bool {
    let codings = request.headers().get_all(header::TRANSFER_ENCODING).iter();
    let mut names = codings.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    names.any(|name| !name.trim_ascii().eq_ignore_ascii_case(b"chunked"))
}

fn expects_more(request: &Request) -> bool {
    let expected = request.headers().get_all(header::EXPECT).iter();
    let met = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"100-continue");
    expected.into_iter().any(|value| !met(value))
}
