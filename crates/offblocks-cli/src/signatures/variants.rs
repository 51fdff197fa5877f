//! Requests that differ from a captured one in one component, as programs get it wrong. Pure.

use http::{HeaderMap, HeaderValue, Method, Uri};
use offblocks_signature::{CONTENT_DIGEST, ContentDigest};

use super::captured::Captured;

/// A request with one component changed.
pub(super) struct Variant {
    /// The component, as a signature names it.
    pub(super) component: &'static str,
    /// Its value in the captured request.
    pub(super) captured: String,
    /// Its value here.
    pub(super) signed: String,
    pub(super) request: Captured,
}

/// The variants of a request, the likely ones first. `authority` is that of the request.
pub(super) fn variants(request: &Captured, authority: &str) -> Vec<Variant> {
    let mut found = Vec::new();
    for other in authorities(authority) {
        let mut changed = request.clone();
        if let Some(uri) = with_parts(&request.uri, Some(&other), None) {
            changed.uri = uri;
            push(&mut found, "@authority", authority, other, changed);
        }
    }
    let path = request.uri.path().to_owned();
    for other in paths(&request.uri) {
        let mut changed = request.clone();
        if let Some(uri) = with_parts(&request.uri, None, Some(&other)) {
            changed.uri = uri;
            push(&mut found, "@path", &path, other, changed);
        }
    }
    for other in [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
    ] {
        let mut changed = request.clone();
        changed.method = other.clone();
        let method = request.method.as_str();
        push(&mut found, "@method", method, other.to_string(), changed);
    }
    if let Ok(lower) = request
        .method
        .as_str()
        .to_ascii_lowercase()
        .parse::<Method>()
    {
        let mut changed = request.clone();
        changed.method = lower.clone();
        let method = request.method.as_str();
        push(&mut found, "@method", method, lower.to_string(), changed);
    }
    for body in bodies(&request.body) {
        let mut changed = request.clone();
        let digest = ContentDigest::sha512(&body).header_value();
        let before = text(request.headers.get(CONTENT_DIGEST));
        changed.headers.insert(CONTENT_DIGEST, digest.clone());
        changed.body = body;
        push(
            &mut found,
            "content-digest",
            &before,
            text(Some(&digest)),
            changed,
        );
    }
    found
}

fn push(
    found: &mut Vec<Variant>,
    component: &'static str,
    captured: &str,
    signed: String,
    request: Captured,
) {
    if captured != signed {
        found.push(Variant {
            component,
            captured: captured.to_owned(),
            signed,
            request,
        });
    }
}

/// The authority with and without a port, and other names of this machine.
fn authorities(authority: &str) -> Vec<String> {
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    let mut all: Vec<String> = vec![host.to_owned()];
    all.extend(
        ["80", "443", "8080"]
            .iter()
            .map(|port| format!("{host}:{port}")),
    );
    for other in ["localhost", "127.0.0.1"] {
        all.push(other.to_owned());
        all.extend(port.map(|port| format!("{other}:{port}")));
    }
    all
}

/// The path with and without a slash at its end and a prefix such as `/v1`.
fn paths(uri: &Uri) -> Vec<String> {
    let path = uri.path();
    let mut all = vec![match path.strip_suffix('/') {
        Some(shorter) => shorter.to_owned(),
        None => format!("{path}/"),
    }];
    let segments = path.trim_start_matches('/').split_once('/');
    all.extend(segments.map(|(_, rest)| format!("/{rest}")));
    all.extend(["/v1", "/api", "/api/v1"].map(|prefix| format!("{prefix}{path}")));
    all.retain(|other| !other.is_empty());
    all
}

/// The body as other programs write it: without or with a line feed, and as compact JSON.
fn bodies(body: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![body.to_vec(), body.trim_ascii().to_vec()];
    all.push([body, b"\n"].concat());
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    if let Some(json) = json {
        all.push(json.to_string().into_bytes());
        all.push(format!("{json:#}").into_bytes());
    }
    all
}

fn with_parts(uri: &Uri, authority: Option<&str>, path: Option<&str>) -> Option<Uri> {
    let mut parts = uri.clone().into_parts();
    if let Some(authority) = authority {
        parts.authority = Some(authority.parse().ok()?);
        parts.scheme = parts.scheme.or(Some(http::uri::Scheme::HTTPS));
    }
    if let Some(path) = path {
        let query = uri
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        parts.path_and_query = Some(format!("{path}{query}").parse().ok()?);
    }
    Uri::from_parts(parts).ok()
}

/// The authority of a request: of its URL, else of its `Host`.
pub(super) fn authority(uri: &Uri, headers: &HeaderMap) -> String {
    let of_uri = uri.authority().map(ToString::to_string);
    of_uri.unwrap_or_else(|| text(headers.get(http::header::HOST)))
}

fn text(value: Option<&HeaderValue>) -> String {
    let bytes = value.map(HeaderValue::as_bytes).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}
