//! What happened and what to do now, as tables.

use http::StatusCode;

use super::Kind;

/// What happened, as it follows the operation's name.
pub(super) fn happened(kind: Kind, status: Option<StatusCode>) -> String {
    match (kind, status) {
        (Kind::Setup, _) => "was not sent".to_owned(),
        (Kind::Connect, _) => "could not connect".to_owned(),
        (Kind::Timeout, _) => "timed out".to_owned(),
        (Kind::Interrupted, _) => "broke off before the response was whole".to_owned(),
        (Kind::Decode, _) => "was answered with something the client cannot read".to_owned(),
        (Kind::Status, Some(status)) => format!("was answered with {status}"),
        (Kind::Status, None) => "was rejected".to_owned(),
    }
}

/// What to do now, after a call of this path template.
pub(super) fn now(kind: Kind, status: Option<StatusCode>, path: &str) -> Option<&'static str> {
    match kind {
        Kind::Setup => None,
        Kind::Connect => Some("check the base URL and the network, then send it again"),
        Kind::Timeout | Kind::Interrupted => {
            Some("it may have been carried out: send it again with the same idempotency key")
        }
        Kind::Decode => Some("compare the crate's contract with the server's"),
        // Without an identifier in it, only the part before the path can be wrong.
        Kind::Status if status == Some(StatusCode::NOT_FOUND) && !path.contains('{') => {
            Some("check the base URL; it ends with the base path, such as `/v1`")
        }
        Kind::Status => status.and_then(after),
    }
}

/// Whether a status tells of something that passes.
pub(super) fn passes(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

fn after(status: StatusCode) -> Option<&'static str> {
    Some(match status.as_u16() {
        400 => "correct the request; unchanged it will fail again",
        401 => "check the API credentials, and that the signing key is registered",
        403 => "ask whether these credentials may do this",
        404 => "check the identifier",
        409 => "fetch the current state before trying again",
        422 => "use a fresh idempotency key for another payload",
        408 | 429 => "wait, then send it again with the same idempotency key",
        300..=399 => "check the base URL; redirects are not followed",
        500..=599 => "send it again later with the same idempotency key",
        _ => return None,
    })
}
