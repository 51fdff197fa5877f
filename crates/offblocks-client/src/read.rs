//! Reads a response to its end.

use std::time::SystemTime;

use http::Version;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use serde::de::IgnoredAny;

use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::{GET_TOKEN, Operation};
use crate::received::{Body, RawResponse, without_mark};

/// Reads what was sent to its end.
pub(crate) async fn read(
    client: &Client,
    operation: &'static Operation,
    response: Result<reqwest::Response, reqwest::Error>,
    sent: SystemTime,
) -> Result<RawResponse, Error> {
    let interrupted = |error| Error::interrupted(operation, error, client.inner.proxy.as_deref());
    let response = response.map_err(interrupted)?;
    let received = client.inner.clock.now();
    let (status, headers) = (response.status(), response.headers().clone());
    let limit = match status.is_success() {
        // A token is short.
        true if operation == &GET_TOKEN => Body::LIMIT,
        true => client.inner.body_limit,
        false => Body::LIMIT,
    };
    let delimited = is_delimited(&response);
    let body = read_body(response, limit).await;
    let whole = |body, cut| RawResponse {
        watch: client.inner.watch.clone(),
        operation,
        status,
        headers,
        body,
        cut,
        sent,
        received,
        key: None,
        attempts: 1,
        unknown: false,
        settled: false,
    };
    match body {
        Ok((body, None)) if !delimited && status.is_success() && is_cut_off(&body) => {
            let error = Error::new(operation, Kind::Interrupted)
                .because("the connection was closed in the middle of the body");
            Err(error.with_head(whole(Vec::new(), None)))
        }
        Ok((body, cut)) => Ok(whole(body, cut)),
        // A rejection without its body is still a rejection.
        Err(_) if !status.is_success() => Ok(whole(Vec::new(), None)),
        Err(error) => Err(interrupted(error).with_head(whole(Vec::new(), None))),
    }
}

/// Whether the protocol itself shows where the body ends. Where it does not (RFC 9112, section 6.3,
/// point 8), a body that was cut off looks like a whole one.
fn is_delimited(response: &reqwest::Response) -> bool {
    let headers = response.headers();
    response.version() > Version::HTTP_11
        || headers.contains_key(CONTENT_LENGTH)
        || headers.contains_key(TRANSFER_ENCODING)
}

/// Whether this is the beginning of a JSON object or array, without its end.
fn is_cut_off(body: &[u8]) -> bool {
    let body = without_mark(body);
    let begins = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let parsed = serde_json::from_slice::<IgnoredAny>(body);
    matches!(begins, Some(b'{' | b'[')) && parsed.is_err_and(|error| error.is_eof())
}

/// The body up to a limit, and that limit where there was more.
async fn read_body(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<(Vec<u8>, Option<usize>), reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok((body, Some(limit)));
        }
    }
    Ok((body, None))
}
