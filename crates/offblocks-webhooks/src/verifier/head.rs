//! The checks of the head of a delivery.

use http::request::Parts;
use http::{HeaderMap, Method, header};

use crate::error::WebhookError;

/// Checks the method, and what is declared about the body.
pub(super) fn check(parts: &Parts, body_limit: usize) -> Result<(), WebhookError> {
    if parts.method != Method::POST {
        let method = parts.method.clone();
        return Err(WebhookError::MethodNotAllowed { method });
    }
    if declared_length(&parts.headers).is_some_and(|length| length > body_limit as u64) {
        return Err(WebhookError::BodyTooLarge { limit: body_limit });
    }
    if is_coded(&parts.headers) {
        return Err(WebhookError::UnsupportedCoding);
    }
    if !is_json(&parts.headers) {
        return Err(WebhookError::UnsupportedMediaType);
    }
    Ok(())
}

fn declared_length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Whether the body has a content coding (RFC 9110, section 8.4). `identity` is none.
fn is_coded(headers: &HeaderMap) -> bool {
    headers.get_all(header::CONTENT_ENCODING).iter().any(|it| {
        let mut codings = it.as_bytes().split(|byte| *byte == b',');
        codings.any(|coding| {
            let coding = coding.trim_ascii();
            !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
        })
    })
}

/// Whether the declared type is JSON, in UTF-8 where it names a charset.
fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return false;
    };
    let Ok(value) = value.to_str() else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    json && parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, charset)| {
            let charset = charset.trim().trim_matches('"');
            // The second one is a common misspelling.
            ["utf-8", "utf8"]
                .iter()
                .any(|it| charset.eq_ignore_ascii_case(it))
        })
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn only_json_without_a_coding_is_read() {
        let json = ("content-type", "application/json");
        for (headers, expected) in [
            (&[json][..], "ok"),
            (
                &[("content-type", "Application/JSON; charset=\"UTF-8\"")],
                "ok",
            ),
            (&[("content-type", "application/json;charset=utf8")], "ok"),
            (&[json, ("content-encoding", "identity")], "ok"),
            (&[json, ("content-encoding", "")], "ok"),
            (&[json, ("content-length", "100")], "ok"),
            (&[json, ("content-length", "101")], "BodyTooLarge"),
            (&[json, ("content-encoding", "gzip")], "UnsupportedCoding"),
            (
                &[json, ("content-encoding", "identity, br")],
                "UnsupportedCoding",
            ),
            (&[json, json], "UnsupportedMediaType"),
            (
                &[("content-type", "application/json; charset=latin1")],
                "UnsupportedMediaType",
            ),
            (
                &[("content-type", "application/problem+json")],
                "UnsupportedMediaType",
            ),
            (&[("content-type", "text/plain")], "UnsupportedMediaType"),
            (&[], "UnsupportedMediaType"),
        ] {
            let mut request = Request::post("/hooks");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let parts = request.body(()).unwrap().into_parts().0;
            let outcome = match check(&parts, 100) {
                Ok(()) => "ok".to_owned(),
                Err(error) => format!("{error:?}"),
            };
            assert!(outcome.starts_with(expected), "{headers:?}: {outcome}");
        }
    }
}
