//! Sends deliveries over HTTP: without a proxy or redirects, in limited time, and with only the beginning
//! of each response read.

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::client::legacy::{Builder, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::aws_lc_rs;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::request::{Prepared, pairs};
use crate::deliveries::target::{self, Resolver};
use crate::deliveries::{Attempt, AttemptOutcome};
use crate::request_log::redact;

/// How much of a response's body the log keeps.
const EXCERPT: usize = 1024;

/// How many bytes of a response's headers the log keeps.
const HEADERS: usize = 4096;

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

/// How long the head of a response may be.
const HEAD: usize = 64 * 1024;

/// How many headers a response may have.
const HEADER_COUNT: usize = 1000;

/// How many interim responses (1xx) may come before the response. A receiver that sends them without end
/// would keep a core busy as long as the attempt may take.
const INTERIM: usize = 16;

type Plain = HttpConnector<Resolver>;
type Secure = HttpsConnector<Plain>;

/// Sends prepared requests.
#[derive(Debug)]
pub(super) struct Sender {
    allowed: Arc<BTreeSet<String>>,
    plain: Client<Plain, Full<Bytes>>,
    /// Made when it is needed: certificates take memory.
    secure: OnceLock<Result<Client<Secure, Full<Bytes>>, String>>,
}

impl Sender {
    pub(super) fn new(allowed: BTreeSet<String>) -> Self {
        let allowed = Arc::new(allowed);
        Self {
            plain: builder().build(connector(&allowed)),
            allowed,
            secure: OnceLock::new(),
        }
    }

    /// Sends a request, and returns its outcome within this time.
    pub(super) async fn send(
        &self,
        request: Prepared,
        patience: Duration,
        now: DateTime<Utc>,
    ) -> Attempt {
        let (url, headers) = (request.url.clone(), request.logged_headers());
        let mut response_headers = Vec::new();
        let started = Instant::now();
        let outcome = match tokio::time::timeout(patience, self.exchange(request)).await {
            Ok(Ok(response)) => {
                response_headers = logged(response.headers());
                AttemptOutcome::Response {
                    status: response.status().as_u16(),
                    excerpt: excerpt(response).await,
                }
            }
            Ok(Err(reason)) => AttemptOutcome::Failed { reason },
            Err(_) => AttemptOutcome::Failed {
                reason: format!("no response within {patience:?}"),
            },
        };
        Attempt {
            attempted_at: now,
            url,
            headers,
            body: None,
            modes: None,
            response_headers,
            outcome,
            duration: started.elapsed(),
        }
    }

    async fn exchange(&self, prepared: Prepared) -> Result<Response<Incoming>, String> {
        target::check(&prepared.url, &self.allowed).map_err(|error| error.to_string())?;
        match prepared.url.scheme() {
            "https" => {
                let client = self.secure.get_or_init(|| secure(&self.allowed));
                through(client.as_ref().map_err(Clone::clone)?, prepared).await
            }
            _ => through(&self.plain, prepared).await,
        }
    }
}

fn builder() -> Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .http1_max_buf_size(HEAD)
        .http1_max_headers(HEADER_COUNT);
    builder
}

fn connector(allowed: &Arc<BTreeSet<String>>) -> Plain {
    let mut connector = HttpConnector::new_with_resolver(Resolver(Arc::clone(allowed)));
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(CONNECT));
    connector
}

fn secure(allowed: &Arc<BTreeSet<String>>) -> Result<Client<Secure, Full<Bytes>>, String> {
    let mut connector = connector(allowed);
    connector.enforce_http(false);
    let provider = aws_lc_rs::default_provider();
    let https = HttpsConnectorBuilder::new().with_provider_and_platform_verifier(provider);
    let https = https.map_err(|error| reason(&error))?;
    let https = https.https_only().enable_http1();
    Ok(builder().build(https.wrap_connector(connector)))
}

async fn through<C>(
    client: &Client<C, Full<Bytes>>,
    prepared: Prepared,
) -> Result<Response<Incoming>, String>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let mut request = Request::post(prepared.url.as_str())
        .body(Full::from(prepared.body))
        .map_err(|error| reason(&error))?;
    *request.headers_mut() = prepared.headers;
    request
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("*/*"));
    let flooded = Arc::new(Notify::new());
    hyper::ext::on_informational(&mut request, {
        let (flooded, interim) = (Arc::clone(&flooded), AtomicUsize::new(0));
        move |_| {
            if interim.fetch_add(1, Ordering::Relaxed) == INTERIM {
                flooded.notify_one();
            }
        }
    });
    tokio::select! {
        response = client.request(request) => response.map_err(|error| reason(&error)),
        // The request is dropped with its connection.
        () = flooded.notified() => {
            Err(format!("more than {INTERIM} interim responses (1xx) came, and no response"))
        }
    }
}

/// The first headers of a response, as the log keeps them.
fn logged(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut room = HEADERS;
    let kept = pairs(headers).map(|(name, value)| {
        let value = redact::header(&name, &value);
        (name, value)
    });
    let fits = |(name, value): &(String, String)| {
        let left = room.checked_sub(name.len() + value.len());
        room = left.unwrap_or_default();
        left.is_some()
    };
    kept.take_while(fits).collect()
}

/// The beginning of the body, as far as it comes in time. The status alone decides what becomes of
/// the delivery, so nothing that is wrong with the body is an error.
async fn excerpt(mut response: Response<Incoming>) -> String {
    let (mut excerpt, mut read) = (Vec::new(), 0);
    let reading = async {
        while read < READ
            && let Some(Ok(frame)) = response.body_mut().frame().await
        {
            let chunk = frame.into_data().unwrap_or_default();
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
fn reason(error: &dyn Error) -> String {
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !reason.ends_with(&text) {
            reason = format!("{reason}: {text}");
        }
        source = cause.source();
    }
    reason
}
