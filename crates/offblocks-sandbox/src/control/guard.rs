//! Who may call the control plane.
//!
//! It can change everything that the sandbox holds, so three kinds of callers are rejected:
//!
//! - **Other machines**, unless they have the control token. A connection from this machine counts
//!   as one from another machine when its headers show a proxy.
//! - **Pages of other origins** in a browser of this machine. They are recognised by `Origin` and
//!   `Sec-Fetch-Site`. A request that they can send without a preflight (a "simple request") changes
//!   nothing. `Host` is checked before, for every request of the listener.
//! - **Holders of API credentials**: those are for the API. An `Authorization` header is compared only
//!   with the control token.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::Request;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use offblocks_server::Problem;
use offblocks_types::support::{Base64, Secret};

use crate::listening::Peer;
use crate::settings::Settings;

/// A header that a page of another origin cannot send without a preflight. It replaces the content type of
/// a `POST` that has no body.
const MARK: &str = "sandbox-control";

/// The forms of pages are below this path. They carry a token of their own, which a page of another
/// origin cannot know, so that they work without script.
const FORMS: &str = "/_sandbox/ui/";

const BASIC: &str = "Basic realm=\"OffBlocks sandbox: the control token is the password\"";

/// Headers that proxies add.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
];

/// The rules, with the token that opens the control plane to other machines.
pub(super) struct Guard {
    token: Option<Secret>,
}

impl Guard {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            token: settings.control_token.clone(),
        }
    }

    /// Whether the caller of the request is accepted. [`check_simple`] is a further check.
    ///
    /// # Errors
    /// The response to one that may not.
    pub(super) fn check(&self, request: &Request) -> Result<(), Problem> {
        check_origin(request)?;
        self.check_caller(request)
    }

    fn check_caller(&self, request: &Request) -> Result<(), Problem> {
        let given = request.headers().get(header::AUTHORIZATION);
        match (&self.token, given) {
            (_, None) if is_of_this_machine(request) => Ok(()),
            (Some(token), Some(given)) if is_token(given, token) => Ok(()),
            (Some(_), None) => Err(unauthorised(
                "the control plane needs the control token from other machines: send it as \
                 `Authorization: Bearer …`",
            )),
            (Some(_), Some(_)) => Err(unauthorised(
                "this is not the control token; the API's own tokens are for the API alone",
            )),
            (None, Some(_)) if is_of_this_machine(request) => Err(unauthorised(
                "the sandbox has no control token, so none is accepted: leave the Authorization \
                 header out, or start the sandbox with --control-token-file",
            )),
            (None, _) => Err(forbidden(
                "the control plane is closed to other machines: start the sandbox with \
                 --control-token-file and send that token",
            )),
        }
    }
}

/// Rejects what a page of another origin sent. Only a page as a whole may be opened from elsewhere,
/// by following a link: its content stays out of the other page's reach.
fn check_origin(request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    if let Some(origin) = headers.get(header::ORIGIN)
        && !is_own_origin(origin, request)
    {
        return Err(forbidden(
            "pages of other origins cannot use the control plane",
        ));
    }
    match text(headers, "sec-fetch-site") {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) if is_link(request) => Ok(()),
        Some(_) => Err(forbidden(
            "pages of other origins cannot use the control plane",
        )),
    }
}

/// Whether a person follows a link to a page.
fn is_link(request: &Request) -> bool {
    let headers = request.headers();
    request.method() == Method::GET
        && text(headers, "sec-fetch-mode") == Some("navigate")
        && text(headers, "sec-fetch-dest") == Some("document")
}

/// The listener speaks plain http, and its hosts are checked already.
fn is_own_origin(origin: &HeaderValue, request: &Request) -> bool {
    let target = request.uri().authority().map(|it| it.as_str());
    let host = target.or_else(|| text(request.headers(), header::HOST.as_str()));
    let origin = origin
        .to_str()
        .ok()
        .and_then(|it| it.strip_prefix("http://"));
    match (origin, host) {
        (Some(origin), Some(host)) => origin.eq_ignore_ascii_case(host.trim()),
        _ => false,
    }
}

/// Rejects a `POST` that a page could send without asking first, whatever the headers above say.
///
/// # Errors
/// The response to one that a route would take.
pub(super) fn check_simple(request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let is_json = text(headers, header::CONTENT_TYPE.as_str())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"));
    let is_form = request.uri().path().starts_with(FORMS);
    if request.method() != Method::POST || is_json || is_form || headers.contains_key(MARK) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE).with_detail(
        "send `Content-Type: application/json`, or the header `Sandbox-Control: 1` where there is \
         no body: a page of another origin can send neither",
    ))
}

fn is_of_this_machine(request: &Request) -> bool {
    let peer = request.extensions().get::<Peer>();
    let loopback = peer.is_some_and(|Peer(address)| address.to_canonical().is_loopback());
    loopback
        && !FORWARDED
            .iter()
            .any(|name| request.headers().contains_key(*name))
}

/// Whether the token is given: as a bearer token, or as the password that a browser asks a person
/// for. Digests are compared, so that the time taken shows nothing of the token.
fn is_token(given: &HeaderValue, token: &Secret) -> bool {
    let Ok(given) = given.to_str() else {
        return false;
    };
    let Some((scheme, given)) = given.split_once(' ') else {
        return false;
    };
    let given = match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(given.trim().as_bytes().to_vec()),
        "basic" => password(given.trim()),
        _ => None,
    };
    given.is_some_and(|given| {
        let (given, token) = (
            digest(&SHA256, &given),
            digest(&SHA256, token.expose().as_bytes()),
        );
        verify_slices_are_equal(given.as_ref(), token.as_ref()).is_ok()
    })
}

/// The password of basic authentication (RFC 7617). The name before it does not matter.
fn password(encoded: &str) -> Option<Vec<u8>> {
    let decoded = encoded.parse::<Base64>().ok()?.into_bytes();
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    Some(decoded[colon + 1..].to_vec())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn forbidden(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN).with_detail(detail)
}

fn unauthorised(detail: &str) -> Problem {
    Problem::unauthorised(detail)
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
        // A browser then asks the person in front of it.
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static(BASIC))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    const LOCAL: &str = "127.0.0.1";
    const REMOTE: &str = "192.0.2.7";

    fn status(token: Option<&str>, peer: &str, method: &str, headers: &[(&str, &str)]) -> u16 {
        let mut request = Request::builder()
            .method(method)
            .uri("/_sandbox/clock")
            .header("host", "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
        let settings = Settings {
            control_token: token.map(Secret::from),
            ..Settings::default()
        };
        let checked = Guard::new(&settings).check(&request);
        let checked = checked.and_then(|()| check_simple(&request));
        checked
            .err()
            .map_or(200, |problem| problem.status().as_u16())
    }

    #[test]
    fn other_machines_need_the_token_and_this_one_does_not() {
        const TOKEN: Option<&str> = Some("the control token");
        let bearer = |token| [("authorization", token)];
        for (token, peer, headers, expected) in [
            (None, LOCAL, &[][..], 200),
            (None, "::1", &[], 200),
            (None, "::ffff:127.0.0.1", &[], 200),
            (None, REMOTE, &[], 403),
            (None, REMOTE, &bearer("Bearer anything"), 403),
            (None, LOCAL, &bearer("Bearer anything"), 401),
            (None, LOCAL, &[("x-forwarded-for", REMOTE)], 403),
            (None, LOCAL, &[("forwarded", "for=192.0.2.7")], 403),
            (TOKEN, LOCAL, &[], 200),
            (TOKEN, LOCAL, &[("via", "1.1 proxy")], 401),
            (TOKEN, REMOTE, &[], 401),
            (TOKEN, REMOTE, &bearer("Bearer the control token"), 200),
            (TOKEN, REMOTE, &bearer("bearer the control token"), 200),
            (TOKEN, REMOTE, &bearer("Basic the control token"), 401),
            // `me:the control token`
            (
                TOKEN,
                REMOTE,
                &bearer("Basic bWU6dGhlIGNvbnRyb2wgdG9rZW4="),
                200,
            ),
            // `the control token:`
            (
                TOKEN,
                REMOTE,
                &bearer("Basic dGhlIGNvbnRyb2wgdG9rZW46"),
                401,
            ),
            (TOKEN, REMOTE, &bearer("Bearer the control toke"), 401),
            (TOKEN, REMOTE, &bearer("Bearer"), 401),
            (TOKEN, LOCAL, &bearer("Bearer another"), 401),
        ] {
            let found = status(token, peer, "GET", headers);
            assert_eq!(found, expected, "{token:?} from {peer} with {headers:?}");
        }
    }

    #[test]
    fn pages_of_other_origins_can_do_nothing() {
        const JSON: (&str, &str) = ("content-type", "application/json");
        let link = [
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        let site = |site| ("sec-fetch-site", site);
        let origin = |origin| ("origin", origin);
        for (method, headers, expected) in [
            ("GET", &[origin("http://127.0.0.1:8080")][..], 200),
            ("GET", &[origin("http://127.0.0.1:9090")], 403),
            ("GET", &[origin("https://127.0.0.1:8080")], 403),
            ("GET", &[origin("http://evil.example")], 403),
            ("GET", &[origin("null")], 403),
            ("GET", &[site("same-origin")], 200),
            ("GET", &[site("none")], 200),
            ("GET", &[site("same-site")], 403),
            ("GET", &[site("cross-site")], 403),
            ("GET", &[site("cross-site"), link[0], link[1]], 200),
            (
                "GET",
                &[site("cross-site"), link[0], ("sec-fetch-dest", "iframe")],
                403,
            ),
            ("POST", &[site("cross-site"), link[0], link[1], JSON], 403),
            ("PUT", &[origin("http://evil.example"), JSON], 403),
            ("POST", &[JSON], 200),
            (
                "POST",
                &[("content-type", "Application/JSON; charset=utf-8")],
                200,
            ),
            ("POST", &[("content-type", "text/plain")], 415),
            (
                "POST",
                &[("content-type", "application/x-www-form-urlencoded")],
                415,
            ),
            ("POST", &[], 415),
            ("POST", &[("sandbox-control", "1")], 200),
            ("PATCH", &[], 200),
        ] {
            let found = status(None, LOCAL, method, headers);
            assert_eq!(found, expected, "{method} with {headers:?}");
        }
    }
}
