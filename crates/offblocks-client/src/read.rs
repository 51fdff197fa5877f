//! Reads a response to its end.

use std::time::SystemTime;

use crate::error::Error;
use crate::generated::Client;
use crate::generated::operations::Operation;
use crate::received::{Body, RawResponse};

/// How much of a successful response is read, in bytes. The contract's largest responses are lists
/// well below this.
const SUCCESS_LIMIT: usize = 64 << 20;

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
        true => SUCCESS_LIMIT,
        false => Body::LIMIT,
    };
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
        Ok((body, cut)) => Ok(whole(body, cut)),
        // A rejection is one without its words too.
        Err(_) if !status.is_success() => Ok(whole(Vec::new(), false)),
        Err(error) => Err(interrupted(error).with_head(whole(Vec::new(), false))),
    }
}

/// The body up to a limit, and whether there was more.
async fn read_body(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<(Vec<u8>, bool), reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok((body, true));
        }
    }
    Ok((body, false))
}
