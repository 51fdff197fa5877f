//! A server that checks what the contract asks of a request, and sends the responses that a test sets.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use offblocks_client::{Client, ClientBuilder, Clock, Random, RetryPolicy, Timer};
use offblocks_signature::{KeyId, Message, SigningKey, Verifier};
use uuid::Uuid;

/// The secret of the only credentials.
pub const SECRET: &str = "hunter2-is-the-secret";

/// The API key of the only credentials.
pub const API_KEY: Uuid = Uuid::from_u128(0xd049_53b7);

/// The name the signing key is registered under.
pub const KEY_ID: &str = "2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";

/// The card every successful response holds.
pub const CARD: &str = r#"{"accountId": "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461",
"createdAt": "2024-03-05T09:41:07.218364509Z", "id": "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3",
"billingAddress": {"city": "Bristol", "country": "GB", "firstLine": "18 Harbour Row",
"postCode": "BS1 4RN"}, "status": "issuing", "type": "virtual",
"updatedAt": "2024-03-05T09:41:07.218364509Z"}"#;

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn seconds(&self) -> i64 {
        1_795_340_781 + self.0.load(Ordering::SeqCst)
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.seconds().unsigned_abs())
    }
}

/// A timer by which every pause is over at once. Timeouts of [`TIMEOUT`] come when a test calls for
/// them, and longer ones never.
#[derive(Debug, Default)]
pub struct TestTimer {
    pauses: Mutex<Vec<Duration>>,
    over: tokio::sync::Notify,
}

/// How long an attempt of the tests' clients may take.
pub const TIMEOUT: Duration = Duration::from_secs(1000);

impl TestTimer {
    /// The pauses so far.
    pub fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }

    /// Ends every timeout that runs now.
    pub fn time_out(&self) {
        self.over.notify_waiters();
    }
}

impl Timer for TestTimer {
    fn elapsed(&self) -> Duration {
        self.pauses().iter().sum()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        match duration.cmp(&TIMEOUT) {
            std::cmp::Ordering::Greater => return Box::pin(std::future::pending()),
            std::cmp::Ordering::Equal => return Box::pin(self.over.notified()),
            std::cmp::Ordering::Less => {}
        }
        self.pauses.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

/// Randomness that counts: keys differ, and every fraction is the greatest.
#[derive(Debug, Default)]
pub struct TestRandom(AtomicUsize);

impl Random for TestRandom {
    fn uuid(&self) -> Uuid {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        uuid::Builder::from_random_bytes((number as u128).to_be_bytes()).into_uuid()
    }

    fn fraction(&self) -> f64 {
        0.5
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// A running server, and a client's view of it.
pub struct Server {
    pub url: String,
    pub clock: Arc<TestClock>,
    pub timer: Arc<TestTimer>,
    key: SigningKey,
    state: Arc<Desk>,
}

/// What the server knows and has seen.
pub struct Desk {
    clock: Arc<TestClock>,
    verifier: Verifier,
    key: offblocks_signature::VerifyingKey,
    /// Responses to give instead of the usual one, first come first served.
    responses: Mutex<VecDeque<Response>>,
    /// Responses of the token call, likewise.
    token_responses: Mutex<VecDeque<Response>>,
    /// How many tokens were asked for.
    tokens: AtomicUsize,
    /// The number of the only token that is good.
    valid: AtomicUsize,
    /// Whether the token call never responds.
    hangs: AtomicBool,
    /// How long tokens live, in seconds.
    life: AtomicI64,
    seen: Mutex<Vec<Seen>>,
    arrived: Mutex<Option<Box<dyn Fn() + Send>>>,
}

impl Server {
    pub async fn start() -> Self {
        let key = SigningKey::generate().unwrap();
        let clock = Arc::new(TestClock::default());
        let state = Arc::new(Desk {
            clock: clock.clone(),
            verifier: Verifier::builder().scheme("http".parse().unwrap()).build(),
            key: key.public_key(),
            responses: Mutex::default(),
            token_responses: Mutex::default(),
            tokens: AtomicUsize::new(0),
            valid: AtomicUsize::new(0),
            hangs: AtomicBool::new(false),
            life: AtomicI64::new(3600),
            seen: Mutex::default(),
            arrived: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().fallback(respond).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            clock,
            timer: Arc::default(),
            key,
            state,
        }
    }

    /// A client that lacks nothing.
    pub fn client(&self) -> Client {
        self.signing().build().unwrap()
    }

    /// The builder of a client that lacks nothing.
    pub fn signing(&self) -> ClientBuilder {
        self.builder()
            .credentials(API_KEY, SECRET)
            .signing_key(self.key.clone(), KeyId::new(KEY_ID).unwrap())
    }

    /// A client that lacks nothing and tries nothing again.
    pub fn client_without_retries(&self) -> Client {
        self.signing().retry(RetryPolicy::none()).build().unwrap()
    }

    /// A client's builder that knows the address and the time only.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url(&self.url)
            .clock(self.clock.clone())
            .timer(self.timer.clone())
            .random(Arc::new(TestRandom::default()))
            .timeout(TIMEOUT)
            .deadline(TIMEOUT * 2)
    }

    pub fn respond_next(&self, response: impl IntoResponse) {
        self.state
            .responses
            .lock()
            .unwrap()
            .push_back(response.into_response());
    }

    /// Responds as usual again.
    pub fn forget_responses(&self) {
        self.state.responses.lock().unwrap().clear();
    }

    pub fn respond_next_token(&self, response: impl IntoResponse) {
        self.state
            .token_responses
            .lock()
            .unwrap()
            .push_back(response.into_response());
    }

    pub fn tokens_live(&self, seconds: i64) {
        self.state.life.store(seconds, Ordering::SeqCst);
    }

    /// No token given out so far is good any longer.
    pub fn revoke_tokens(&self) {
        self.state.valid.store(usize::MAX, Ordering::SeqCst);
    }

    /// Calls this with each request but those for tokens.
    pub fn count_in_flight(&self, arrived: impl Fn() + Send + 'static) {
        *self.state.arrived.lock().unwrap() = Some(Box::new(arrived));
    }

    /// The token call counts and never responds from now on.
    pub fn hang_tokens(&self) {
        self.state.hangs.store(true, Ordering::SeqCst);
    }

    /// The only signing key that is good, and its id.
    pub fn key(&self) -> (SigningKey, KeyId) {
        (self.key.clone(), KeyId::new(KEY_ID).unwrap())
    }

    pub fn tokens_asked(&self) -> usize {
        self.state.tokens.load(Ordering::SeqCst)
    }

    /// The requests so far, those for tokens apart.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }
}

/// Responds, with the time of the test's clock.
async fn respond(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let clock = desk.clock.clone();
    let mut response = decide(desk, request).await;
    let date = httpdate::fmt_http_date(clock.now()).parse().unwrap();
    response.headers_mut().entry(header::DATE).or_insert(date);
    response
}

async fn decide(desk: Arc<Desk>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    if parts.uri.path() == "/v1/auth/token" {
        if desk.hangs.load(Ordering::SeqCst) {
            desk.tokens.fetch_add(1, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
        return desk.token(&body);
    }
    let seen = Seen {
        path: parts.uri.path().to_owned(),
        headers: parts.headers.clone(),
        body: body.clone(),
    };
    desk.seen.lock().unwrap().push(seen);
    if let Some(arrived) = &*desk.arrived.lock().unwrap() {
        arrived();
    }
    if let Some(reason) = desk.rejects(&parts, &body) {
        return (StatusCode::UNAUTHORIZED, reason).into_response();
    }
    let set = desk.responses.lock().unwrap().pop_front();
    set.unwrap_or_else(|| json(StatusCode::CREATED, CARD))
}

impl Desk {
    fn token(&self, body: &[u8]) -> Response {
        let number = self.tokens.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(set) = self.token_responses.lock().unwrap().pop_front() {
            return set;
        }
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        assert_eq!(body["apiKey"], API_KEY.to_string());
        assert_eq!(body["apiSecret"], SECRET);
        self.valid.store(number, Ordering::SeqCst);
        let ends = self.clock.seconds() + self.life.load(Ordering::SeqCst);
        let granted =
            format!(r#"{{"token": "token-{number}", "expiresAt": {ends}, "tokenType": "Bearer"}}"#);
        json(StatusCode::OK, &granted)
    }

    /// Why a request is rejected, by the rules of the contract.
    fn rejects(&self, parts: &Parts, body: &[u8]) -> Option<String> {
        let expected = format!("Bearer token-{}", self.valid.load(Ordering::SeqCst));
        let bearer = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        if bearer != expected {
            return Some(format!("`{bearer}` is not `{expected}`"));
        }
        if parts.uri.path().starts_with("/v1/auth/") {
            return None;
        }
        let keys = |id: &KeyId| (id.as_str() == KEY_ID).then(|| self.key.clone());
        let now = self.clock.seconds();
        let verdict = self
            .verifier
            .verify(&Message::from_parts(parts), body, now, keys);
        verdict.err().map(|error| error.to_string())
    }
}

pub fn json(status: StatusCode, body: &str) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (status, kind, body.to_owned()).into_response()
}

/// Waits until something that other tasks do has happened.
pub async fn eventually(happened: impl Fn() -> bool) {
    let waiting = async {
        while !happened() {
            tokio::task::yield_now().await;
        }
    };
    let limit = Duration::from_secs(20);
    tokio::time::timeout(limit, waiting)
        .await
        .expect("what was waited for happens");
}
