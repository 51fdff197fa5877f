//! Sends deliveries over HTTP: no proxy, no redirects, bounded time, and of each response no more
//! than a bounded beginning.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::request::Prepared;
use crate::deliveries::target::{self, Resolver};
use crate::deliveries::{Attempt, AttemptOutcome};

/// How much of a response's body the log keeps.
const EXCERPT: usize = 1024;

/// How much of a response's body is read, so that the connection can be used again. A longer one
/// costs the receiver its connection.
const READ: usize = 64 * 1024;

/// How long the body of a response may take after its head.
const BODY: Duration = Duration::from_secs(1);

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(3);

/// How long an unused connection is kept, and how many for each receiver.
const IDLE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 16;

/// Sends prepared requests.
#[derive(Debug)]
pub(super) struct Sender {
    allowed: Arc<BTreeSet<String>>,
    /// Without certificates, which take memory.
    plain: OnceLock<Result<reqwest::Client, String>>,
    secure: OnceLock<Result<reqwest::Client, String>>,
}

impl Sender {
    pub(super) fn new(allowed: BTreeSet<String>) -> Self {
        Self {
            allowed: Arc::new(allowed),
            plain: OnceLock::new(),
            secure: OnceLock::new(),
        }
    }

    /// Sends a request, and tells what came of it within this time.
    pub(super) async fn send(
        &self,
        request: Prepared,
        patience: Duration,
        now: DateTime<Utc>,
    ) -> Attempt {
        let (url, headers) = (request.url.clone(), request.logged_headers());
        let started = Instant::now();
        let outcome = match tokio::time::timeout(patience, self.exchange(request)).await {
            Ok(Ok(response)) => AttemptOutcome::Response {
                status: response.status().as_u16(),
                excerpt: excerpt(response).await,
            },
            Ok(Err(reason)) => AttemptOutcome::Failed { reason },
            Err(_) => AttemptOutcome::Failed {
                reason: format!("no response within {patience:?}"),
            },
        };
        Attempt {
            attempted_at: now,
            url,
            headers,
            outcome,
            duration: started.elapsed(),
        }
    }

    async fn exchange(&self, request: Prepared) -> Result<reqwest::Response, String> {
        target::check(&request.url, &self.allowed).map_err(|error| error.to_string())?;
        let client = self.client(request.url.scheme() == "https")?;
        let request = client
            .post(request.url)
            .headers(request.headers)
            .body(request.body);
        request.send().await.map_err(reason)
    }

    fn client(&self, secure: bool) -> Result<&reqwest::Client, String> {
        let client = if secure { &self.secure } else { &self.plain };
        let client = client.get_or_init(|| {
            let builder = reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .http1_only()
                .tcp_nodelay(true)
                .connect_timeout(CONNECT)
                .pool_idle_timeout(IDLE)
                .pool_max_idle_per_host(IDLE_CONNECTIONS)
                .dns_resolver(Resolver(Arc::clone(&self.allowed)));
            let builder = if secure {
                builder
            } else {
                builder.tls_certs_only([])
            };
            builder.build().map_err(reason)
        });
        client.as_ref().map_err(Clone::clone)
    }
}

/// The beginning of the body, as far as it comes in time. The status alone decides what becomes of
/// the delivery, so nothing that is wrong with the body is an error.
async fn excerpt(mut response: reqwest::Response) -> String {
    let (mut excerpt, mut read) = (Vec::new(), 0);
    let reading = async {
        while read < READ
            && let Ok(Some(chunk)) = response.chunk().await
        {
            read += chunk.len();
            let room = EXCERPT - excerpt.len();
            excerpt.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
    };
    // What came until then is the excerpt.
    let _ = tokio::time::timeout(BODY, reading).await;
    String::from_utf8_lossy(&excerpt).into_owned()
}

/// The whole chain of causes: the client's own words say little. The URL stands in the log
/// beside them.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        reason = format!("{reason}: {cause}");
        source = cause.source();
    }
    reason
}
