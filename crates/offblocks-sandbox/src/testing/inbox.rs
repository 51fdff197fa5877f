//! A receiver of webhooks over HTTP that verifies what it receives.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::uri::Scheme;
use http::{HeaderMap, Method, StatusCode, Uri};
use offblocks_signature::{KeyId, Message, Verified, Verifier, VerifyError, VerifyingKey};
use offblocks_types::{SaveWebhookRequest, VerificationKey, WebhookEvent, WebhookType};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

use super::start::TestSandbox;
use crate::clock::Clock as _;

/// How long a delivery is waited for before the test fails. A passing test never waits so long.
const WAIT_TIMEOUT: Duration = Duration::from_secs(20);

/// The longest body that is read.
const LONGEST: usize = 1024 * 1024;

/// A request as it came.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Received {
    /// The method.
    pub method: Method,
    /// The path and query.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Received {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("the body is not JSON: {error}"))
    }

    /// The event in the body.
    ///
    /// # Panics
    /// When the body is not an event.
    pub fn event(&self) -> WebhookEvent {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("the body is not an event: {error}"))
    }

    /// Verifies the signature as a strict receiver does at `now`, in seconds since the Unix epoch: one
    /// signature, with a time, by this key.
    ///
    /// # Errors
    /// Why the signature is rejected.
    ///
    /// # Panics
    /// When the verification key is not a key.
    pub fn verify(&self, key: &VerificationKey, now: i64) -> Result<Verified, VerifyError> {
        let message = Message::new(&self.method, &self.uri, &self.headers);
        let verifier = Verifier::builder().scheme(Scheme::HTTP);
        let verifier = verifier.max_signatures(1).require_created(true).build();
        let public = VerifyingKey::from_encoded_pem(key.key.as_bytes());
        let public = public.unwrap_or_else(|error| panic!("the verification key: {error}"));
        let id = key.key_id.to_string();
        let find = |named: &KeyId| (named.as_str() == id).then(|| public.clone());
        verifier.verify(&message, &self.body, now, find)
    }
}

/// Keeps what it receives, and responds with 200 unless other responses are set. Dropping it closes its
/// port.
#[derive(Debug)]
pub struct Inbox {
    address: SocketAddr,
    kept: Arc<Kept>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Kept {
    received: watch::Sender<Vec<Received>>,
    responses: Mutex<VecDeque<Response>>,
}

impl Inbox {
    /// Listens on a free port of this machine.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn start() -> Self {
        Self::at((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Listens on an address.
    ///
    /// # Panics
    /// When the address cannot be had.
    pub async fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await;
        let listener = listener.unwrap_or_else(|error| panic!("cannot listen: {error}"));
        let address = listener.local_addr().expect("a listener has an address");
        let kept = Arc::new(Kept {
            received: watch::Sender::new(Vec::new()),
            responses: Mutex::default(),
        });
        let router = axum::Router::new().fallback(receive);
        let router = router.with_state(Arc::clone(&kept));
        let task = tokio::spawn(async move {
            // Serving ends with the task; an error means that the test has ended.
            let _ = axum::serve(listener, router).await;
        });
        Self {
            address,
            kept,
            task,
        }
    }

    /// Where it receives.
    ///
    /// # Panics
    /// Never: an address makes a URL.
    pub fn url(&self) -> Url {
        let url = format!("http://{}/hooks/offblocks", self.address);
        url.parse().expect("an address makes a URL")
    }

    /// Responds to the next deliveries with these, one each.
    pub fn respond(&self, responses: impl IntoIterator<Item = Response>) {
        let mut waiting = self.kept.responses();
        waiting.extend(responses);
    }

    /// Responds to the next deliveries with these statuses, one each.
    pub fn respond_with(&self, statuses: impl IntoIterator<Item = StatusCode>) {
        self.respond(statuses.into_iter().map(|status| status.into_response()));
    }

    /// How many requests came so far.
    pub fn count(&self) -> usize {
        self.kept.received.borrow().len()
    }

    /// What came so far, once that is at least `number` requests.
    ///
    /// # Panics
    /// When they do not come within 20 seconds.
    pub async fn received(&self, number: usize) -> Vec<Received> {
        let waited = self.wait(|received| received.len() >= number).await;
        waited.unwrap_or_else(|came| panic!("{} of {number} deliveries came", came.len()))
    }

    /// Waits for this many events of a type, and asserts that no more of them have come.
    ///
    /// # Panics
    /// When another number comes; the message lists what came.
    pub async fn assert_received(&self, kind: WebhookType, number: usize) {
        let of_kind = |received: &[Received]| {
            let events = received.iter().map(|received| received.event());
            events.filter(|event| event.webhook_type() == kind).count()
        };
        let waited = self.wait(|received| of_kind(received) >= number).await;
        let came = waited.unwrap_or_else(|came| came);
        let found = of_kind(&came);
        let kinds = came.iter().map(|it| it.event().webhook_type().to_string());
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        assert_eq!(
            found, number,
            "{found} deliveries of {kind} came instead of {number}; these came: {kinds}"
        );
    }

    /// Closes its port, and returns the address.
    pub fn stop(self) -> SocketAddr {
        self.address
    }

    /// What came, once it is enough; what came until then where that takes too long.
    async fn wait(
        &self,
        enough: impl Fn(&[Received]) -> bool,
    ) -> Result<Vec<Received>, Vec<Received>> {
        let mut received = self.kept.received.subscribe();
        let waiting = received.wait_for(|received| enough(received));
        match tokio::time::timeout(WAIT_TIMEOUT, waiting).await {
            Ok(received) => Ok(received.expect("this inbox holds the sender").clone()),
            Err(_) => Err(self.kept.received.borrow().clone()),
        }
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Kept {
    fn responses(&self) -> std::sync::MutexGuard<'_, VecDeque<Response>> {
        self.responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

async fn receive(State(kept): State<Arc<Kept>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LONGEST).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    kept.received.send_modify(|received| {
        received.push(Received {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body,
        });
    });
    let told = kept.responses().pop_front();
    told.unwrap_or_else(|| axum::Json(serde_json::json!({})).into_response())
}

impl TestSandbox {
    /// Subscribes a new [`Inbox`] to events of these types.
    ///
    /// # Panics
    /// When no port can be had, or the sandbox rejects the subscription.
    pub async fn receive(&self, types: &[WebhookType]) -> Inbox {
        let inbox = Inbox::start().await;
        let request = SaveWebhookRequest::new(inbox.url(), types.to_vec());
        let saved = self.client().save_webhook(request).send().await;
        saved.unwrap_or_else(|error| panic!("saveWebhook fails: {error}"));
        inbox
    }

    /// Asserts that each delivery carries a signature that a strict receiver accepts.
    ///
    /// # Panics
    /// When one does not; the message says why.
    pub async fn assert_signed(&self, received: &[Received]) {
        let key = self.client().get_webhook_verification_key().send().await;
        let key = key.unwrap_or_else(|error| panic!("getWebhookVerificationKey fails: {error}"));
        let now = self.clock().now().timestamp();
        for received in received {
            let verified = received.verify(&key, now);
            verified.unwrap_or_else(|error| panic!("a delivery's signature is rejected: {error}"));
        }
    }
}
