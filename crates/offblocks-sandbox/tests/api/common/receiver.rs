//! A receiver of webhooks over real HTTP.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use offblocks_signature::{KeyId, Message, Verified, Verifier, VerifyError, VerifyingKey};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Caller, text};

/// How long a test waits for what has to come, before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// What a strict receiver makes of the signature at `now`.
    pub fn verify(&self, key: &PublicKey, now: i64) -> Result<Verified, VerifyError> {
        let message = Message::new(&self.method, &self.uri, &self.headers);
        let verifier = Verifier::builder().scheme(http::uri::Scheme::HTTP);
        let verifier = verifier.max_signatures(1).require_created(true).build();
        let find = |id: &KeyId| (id.as_str() == key.id).then(|| key.key.clone());
        verifier.verify(&message, &self.body, now, find)
    }
}

/// A sandbox's verification key, fetched over the API.
#[derive(Debug, Clone)]
pub struct PublicKey {
    pub id: String,
    pub key: VerifyingKey,
}

impl PublicKey {
    pub async fn of(caller: &Caller) -> Self {
        let fetched = caller.get("/webhooks/verification-key").await.expect(200);
        let key = VerifyingKey::from_base64_pem(&text(&fetched, "key")).unwrap();
        let id = text(&fetched, "keyId");
        Self { id, key }
    }
}

/// Keeps what it receives, and responds with what it is told: 200 unless told otherwise.
pub struct Receiver {
    address: SocketAddr,
    inbox: Arc<Inbox>,
    task: JoinHandle<()>,
}

struct Inbox {
    received: watch::Sender<Vec<Received>>,
    responses: Mutex<VecDeque<Response>>,
}

impl Receiver {
    pub async fn start() -> Self {
        Self::at((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    pub async fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let inbox = Arc::new(Inbox {
            received: watch::Sender::new(Vec::new()),
            responses: Mutex::default(),
        });
        let router = axum::Router::new().fallback(receive);
        let router = router.with_state(Arc::clone(&inbox));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            inbox,
            task,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hooks/offblocks", self.address)
    }

    /// Responds to the next deliveries with these, one each.
    pub fn respond(&self, responses: impl IntoIterator<Item = Response>) {
        self.inbox.responses.lock().unwrap().extend(responses);
    }

    pub fn respond_with(&self, statuses: impl IntoIterator<Item = StatusCode>) {
        self.respond(statuses.into_iter().map(|status| status.into_response()));
    }

    /// What came so far, once that is at least `number` requests.
    pub async fn received(&self, number: usize) -> Vec<Received> {
        let mut received = self.inbox.received.subscribe();
        let enough = received.wait_for(|received| received.len() >= number);
        match tokio::time::timeout(PATIENCE, enough).await {
            Ok(received) => received.unwrap().clone(),
            Err(_) => {
                let came = self.inbox.received.borrow().len();
                panic!("{came} of {number} deliveries came: does the dispatcher wake up?")
            }
        }
    }

    pub fn count(&self) -> usize {
        self.inbox.received.borrow().len()
    }

    /// Closes its port.
    pub fn stop(self) -> SocketAddr {
        self.task.abort();
        self.address
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(State(inbox): State<Arc<Inbox>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    inbox.received.send_modify(|received| {
        received.push(Received {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body,
        });
    });
    let told = inbox.responses.lock().unwrap().pop_front();
    told.unwrap_or_else(|| axum::Json(json!({})).into_response())
}

impl Caller {
    /// Subscribes a URL to events of these types, and returns the subscription.
    pub async fn subscribe(&self, url: &str, types: &[&str]) -> Value {
        let body = json!({"callbackUrl": url, "types": types});
        self.call("PUT", "/webhooks")
            .body(body)
            .send()
            .await
            .expect(200)
    }
}

/// All types of events.
pub const ALL: &[&str] = &[
    "customer.updated",
    "account.updated",
    "card.updated",
    "authorisation.updated",
    "transaction.updated",
];
