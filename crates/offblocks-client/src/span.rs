//! The spans of a call and of its attempts.
//!
//! The span of an attempt follows OpenTelemetry's semantic conventions for HTTP clients. The span of the
//! call is around all attempts. For what the conventions do not name, it has names below `offblocks`. No
//! header, body, query or key is in the spans.

use http::StatusCode;
use reqwest::Url;
use tracing::Span;
use tracing::field::Empty;

use crate::error::Error;
use crate::generated::operations::Operation;
use crate::received::RawResponse;

/// The span of one call with all its attempts.
pub(crate) fn call(operation: &'static Operation, url: &Url) -> Span {
    tracing::info_span!(
        "offblocks",
        otel.kind = "internal",
        otel.name = operation.id,
        otel.status_code = Empty,
        offblocks.operation = operation.id,
        offblocks.entity_id = entity(operation, url),
        offblocks.attempts = Empty,
        offblocks.request_id = Empty,
        error.r#type = Empty,
    )
}

/// The span of one attempt; attempts count from one.
pub(crate) fn attempt(operation: &'static Operation, url: &Url, number: u32) -> Span {
    let (method, template) = (operation.method, operation.path);
    tracing::info_span!(
        "offblocks.attempt",
        otel.kind = "client",
        otel.name = format_args!("{method} {template}"),
        otel.status_code = Empty,
        http.request.method = method,
        url.template = template,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        network.protocol.name = "http",
        http.request.resend_count = number.checked_sub(2).map(|count| count + 1),
        http.response.status_code = Empty,
        offblocks.request_id = Empty,
        error.r#type = Empty,
    )
}

/// Adds how the call ended.
pub(crate) fn record_call(span: &Span, ended: &Result<RawResponse, Error>) {
    let attempts = match ended {
        Ok(response) => response.attempts(),
        Err(error) => error.attempts(),
    };
    span.record("offblocks.attempts", attempts);
    record(span, ended);
}

/// Adds how the attempt ended.
pub(crate) fn record_attempt(span: &Span, ended: &Result<RawResponse, Error>) {
    if let Some(status) = status(ended) {
        span.record("http.response.status_code", status.as_u16());
    }
    record(span, ended);
}

fn record(span: &Span, ended: &Result<RawResponse, Error>) {
    let id = match ended {
        Ok(response) => response.request_id(),
        Err(error) => error.request_id(),
    };
    if let Some(id) = id {
        span.record("offblocks.request_id", id);
    }
    match (ended, status(ended)) {
        (Err(error), _) => {
            span.record("error.type", error.kind().as_str());
        }
        (Ok(_), Some(status)) if !status.is_success() => {
            span.record("error.type", status.as_str());
        }
        _ => return,
    }
    span.record("otel.status_code", "ERROR");
}

fn status(ended: &Result<RawResponse, Error>) -> Option<StatusCode> {
    match ended {
        Ok(response) => Some(response.status_code()),
        Err(error) => error.status(),
    }
}

/// The identifier in the path: the segment where the template has its first parameter.
fn entity<'u>(operation: &Operation, url: &'u Url) -> Option<&'u str> {
    let template: Vec<&str> = operation.path.split('/').skip(1).collect();
    let parameter = template
        .iter()
        .position(|segment| segment.starts_with('{'))?;
    let from_the_end = template.len() - parameter;
    let segments: Vec<&str> = url.path_segments()?.collect();
    segments
        .get(segments.len().checked_sub(from_the_end)?)
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::operations::{DEACTIVATE_CARD, GET_CARDS};

    #[test]
    fn the_entity_is_the_first_identifier_of_the_path() {
        let url = |path: &str| Url::parse(&format!("https://api.example/v1{path}")).unwrap();
        let card = url("/cards/7/deactivate");
        assert_eq!(entity(&DEACTIVATE_CARD, &card), Some("7"));
        assert_eq!(entity(&GET_CARDS, &url("/cards")), None);
    }
}
