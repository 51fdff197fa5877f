//! The span of a call.
//!
//! Its fields have the names of OpenTelemetry's semantic conventions for HTTP clients, and names
//! below `offblocks` for what those do not know. No header, body, query or key is in them.

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
        otel.kind = "client",
        otel.name = operation.id,
        offblocks.operation = operation.id,
        http.request.method = operation.method,
        url.template = operation.path,
        server.address = url.host_str(),
        server.port = url.port_or_known_default(),
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        error.r#type = Empty,
        offblocks.attempts = Empty,
        offblocks.request_id = Empty,
        offblocks.entity_id = entity(operation, url),
    )
}

/// Adds how the call ended.
pub(crate) fn record(span: &Span, response: &Result<RawResponse, Error>) {
    let (status, id, attempts) = match response {
        Ok(response) => (
            Some(response.status_code()),
            response.request_id(),
            response.attempts(),
        ),
        Err(error) => (error.status(), error.request_id(), error.attempts()),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(id) = id {
        span.record("offblocks.request_id", id);
    }
    span.record("offblocks.attempts", attempts);
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
    match (response, status) {
        (Err(error), _) => {
            span.record("error.type", error.kind().as_str());
        }
        (Ok(_), Some(status)) if !status.is_success() => {
            span.record("error.type", status.as_str());
        }
        _ => {}
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
