//! Runs a table of cases: each act is met by a change without retries, by the same change with
//! retries, and by a read.

use std::sync::Arc;

use offblocks_client::{Client, ClientBuilder, Error, ErrorKind, KeyId, RetryPolicy, SigningKey};
use offblocks_types::{AccountId, Card, CardId, CreateAccountCardRequest};
use uuid::Uuid;

use super::script::{Act, Script};
use crate::server::{TIMEOUT, TestRandom, TestTimer};

/// What a server may have in a body, and no text of an error may show.
pub const PRIVATE: &str = "18 Harbour Row";

/// One thing that a server does, and what the client makes of it.
pub struct Case {
    pub name: &'static str,
    pub act: Act,
    pub kind: ErrorKind,
    /// What the text of the error says.
    pub says: &'static str,
    /// Whether a change may have been carried out.
    pub unknown: bool,
    /// Whether the call is sent again.
    pub again: bool,
}

/// A builder of a client whose timeouts come when a test calls for them, and whose pauses take no time.
pub fn builder(url: &str, timer: &Arc<TestTimer>) -> ClientBuilder {
    Client::builder()
        .base_url(url)
        .bearer_token("token-1")
        .signing_key(SigningKey::generate().unwrap(), KeyId::new("key").unwrap())
        .configure_http(|http| http.tls_certs_only([]))
        .timer(timer.clone())
        .random(Arc::new(TestRandom::default()))
        .timeout(TIMEOUT)
        .deadline(TIMEOUT * 2)
        .body_limit(1 << 20)
}

pub fn client(url: &str) -> Client {
    builder(url, &Arc::default()).build().unwrap()
}

pub fn account() -> AccountId {
    AccountId(Uuid::from_u128(1))
}

pub fn card() -> CardId {
    CardId(Uuid::from_u128(2))
}

pub fn order() -> CreateAccountCardRequest {
    let order = serde_json::json!({"type": "virtual", "billingAddress": {"firstLine": PRIVATE,
        "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"}});
    serde_json::from_value(order).unwrap()
}

/// Orders a card of a server that does this with the first request.
pub async fn ordered(act: Act, policy: RetryPolicy) -> (Script, Result<Card, Error>) {
    let script = Script::start([act]).await;
    let call = client(&script.url).create_account_card(account(), order());
    let ended = call.retry(policy).await;
    (
        script,
        ended.map(offblocks_client::ResponseValue::into_inner),
    )
}

/// Checks every case.
pub async fn check(cases: Vec<Case>) {
    for case in cases {
        once(&case).await;
        with_retries(&case).await;
        read(&case).await;
    }
}

async fn once(case: &Case) {
    let (script, ended) = ordered(case.act.clone(), RetryPolicy::none()).await;
    let error = ended.expect_err(case.name);
    examine(case, &error);
    let expected = case.unknown;
    assert_eq!(
        error.is_outcome_unknown(),
        expected,
        "{}: {error}",
        case.name
    );
    let key = error.idempotency_key().unwrap().to_string();
    assert_eq!(script.keys(), [key], "{}: it is sent once", case.name);
}

async fn with_retries(case: &Case) {
    let (script, ended) = ordered(case.act.clone(), RetryPolicy::default()).await;
    let keys = script.keys();
    match (case.again, ended) {
        (true, Ok(_)) => {
            assert_eq!(keys.len(), 2, "{}: it is sent twice", case.name);
            assert_eq!(keys[0], keys[1], "{}: with one key", case.name);
        }
        (false, Err(_)) => assert_eq!(keys.len(), 1, "{}: it is sent once", case.name),
        (_, ended) => panic!("{}: {ended:?} after {} requests", case.name, keys.len()),
    }
}

async fn read(case: &Case) {
    let script = Script::start([case.act.clone()]).await;
    let call = client(&script.url).get_card(card());
    let error = call.retry(RetryPolicy::none()).await.expect_err(case.name);
    examine(case, &error);
    assert!(
        !error.is_outcome_unknown(),
        "{}: a read changes nothing",
        case.name
    );
}

/// The kind of an error, and its text.
pub fn examine(case: &Case, error: &Error) {
    let (name, text) = (case.name, error.to_string());
    assert_eq!(error.kind(), case.kind, "{name}: {text}");
    assert!(text.contains(case.says), "{name}: {text}");
    assert!(text.len() < 800, "{name}: {text}");
    assert!(!text.chars().any(char::is_control), "{name}: {text:?}");
    for shown in [&text, &format!("{error:?}")] {
        assert!(!shown.contains(PRIVATE), "{name} shows an address: {shown}");
    }
}
