//! Passing a delivery on.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode};
use offblocks_client::{Timer as _, TokioTimer};
use url::Url;

use crate::failure::{Failure, chain};

/// How long a receiver has for its response. OffBlocks itself does not wait longer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Header fields that are about one connection, and not about the delivery.
const OF_THE_CONNECTION: [HeaderName; 6] = [
    http::header::HOST,
    http::header::CONNECTION,
    http::header::CONTENT_LENGTH,
    http::header::TRANSFER_ENCODING,
    http::header::UPGRADE,
    http::header::TE,
];

/// Passes deliveries on to an address.
#[derive(Clone)]
pub(super) struct Forwarder {
    url: Url,
    http: reqwest::Client,
    timer: TokioTimer,
}

/// What a receiver responded.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    pub(super) took: Duration,
}

impl Forwarder {
    pub(super) fn new(url: Url) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build();
        let http = http.map_err(|error| Failure::new("deliveries cannot be passed on", error))?;
        let timer = TokioTimer::new();
        Ok(Self { url, http, timer })
    }

    /// Sends the delivery as it came.
    pub(super) async fn pass_on(
        &self,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Response, String> {
        let mut headers = headers.clone();
        for name in OF_THE_CONNECTION {
            headers.remove(name);
        }
        let request = self.http.post(self.url.clone()).headers(headers).body(body);
        let begun = self.timer.elapsed();
        let failed = |error: reqwest::Error| chain(&error.without_url());
        let response = request.send().await.map_err(failed)?;
        let status = response.status();
        let body = response.bytes().await.map_err(failed)?;
        Ok(Response {
            status,
            body,
            took: self.timer.elapsed().saturating_sub(begun),
        })
    }
}
