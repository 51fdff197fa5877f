//! Sends a call: what the generated code calls.

use tracing::Instrument as _;

use crate::attempt;
use crate::call::CallOptions;
use crate::error::Error;
use crate::generated::Client;
use crate::received::RawResponse;
use crate::span;

/// Sends a request under its own span, until it has its final response.
pub(crate) async fn send_call(
    client: &Client,
    options: CallOptions,
    request: Result<reqwest::Request, progenitor_client::Error>,
) -> Result<RawResponse, Error> {
    let operation = options.operation;
    let request = request
        .map_err(|error| Error::unbuilt(operation, error).with_course(options.key, 0, false))?;
    let span = span::call(operation, request.url());
    let response = attempt::run(client, &options, request)
        .instrument(span.clone())
        .await;
    span::record_call(&span, &response);
    response
}
