//! Sends deliveries over HTTP: no proxy, no redirects, bounded time, and of each response no more
//! than a bounded beginning.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::log::{Attempt, AttemptOutcome};
use super::request::Prepared;
use super::target::{self, Resolver};

/// How much of a response's body the log keeps.
const EXCERPT: usize = 1024;

/// How much of a response's body is read, so that the connection can be used again. A longer one
/// costs the receiver its connection.
const READ: usize = 64 * 1024;

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(3);

/// How long an unused connection is kept, and how many for each receiver.
const IDLE: Duration = Duration::from_secs(30);
const IDLE_CONNECTIONS: usize = 16;

/// Sends prepared requests.
#[derive(Debug)]
pub(super) struct Sender {
    allowed: Arc<BTreeSet<String>>,
    timeout: Duration,
    /// Without certificates, which take memory.
    plain: OnceLock<Result<reqwest::Client, String>>,
    secure: OnceLock<Result<reqwest::Client, String>>,
}

impl Sender {
    pub(super) fn new(allowed: BTreeSet<String>, timeout: Duration) -> Self {
        Self {
            allowed: Arc::new(allowed),
            timeout,
            plain: OnceLock::new(),
            secure: OnceLock::new(),
        }
    }

    /// Sends a request, and tells what came of it.
    pub(super) async fn send(&self, request: Prepared, now: DateTime<Utc>) -> Attempt {
        let (url, headers) = (request.url.clone(), request.logged_headers());
        let started = Instant::now();
        let outcome = match tokio::time::timeout(self.timeout, self.exchange(request)).await {
            Ok(Ok((status, excerpt))) => AttemptOutcome::Response { status, excerpt },
            Ok(Err(reason)) => AttemptOutcome::Failed { reason },
            Err(_) => AttemptOutcome::Failed {
                reason: format!("no complete response within {:?}", self.timeout),
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

    async fn exchange(&self, request: Prepared) -> Result<(u16, String), String> {
        target::check(&request.url, &self.allowed).map_err(|error| error.to_string())?;
        let sent = self
            .client(request.url.scheme() == "https")?
            .post(request.url)
            .headers(request.headers)
            .body(request.body)
            .send()
            .await;
        let mut response = sent.map_err(reason)?;
        let status = response.status().as_u16();
        let (mut excerpt, mut read) = (Vec::new(), 0);
        while read < READ {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    read += chunk.len();
                    let room = EXCERPT - excerpt.len();
                    excerpt.extend_from_slice(&chunk[..chunk.len().min(room)]);
                }
                Ok(None) => break,
                // The status came, and it alone decides.
                Err(_) => break,
            }
        }
        Ok((status, String::from_utf8_lossy(&excerpt).into_owned()))
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
