//! Idempotency keys over a store in memory.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, body::Body};
use common::{ACCOUNT, Bank, KEY, NEW_CARD, TestResponse, new_card, request, send, served_by};
use http::{Request, StatusCode, header};
use offblocks_server::{
    support::{Incoming, respond},
    *,
};
use tokio::sync::Notify;

/// What the store knows of a key.
#[derive(Clone)]
enum Entry {
    Running,
    Done(Fingerprint, StoredResponse),
}

/// A store in memory; keys belong to principals.
#[derive(Default)]
struct Memory {
    entries: Mutex<HashMap<(String, uuid::Uuid), Entry>>,
}

/// An open claim; handlers see it.
#[derive(Clone)]
struct Transaction(Arc<Claim>);

impl IdempotencyStore for Memory {
    type Transaction = Transaction;
    type Error = Infallible;

    async fn begin(&self, claim: Claim) -> Result<Begin<Transaction>, Infallible> {
        let mut entries = self.entries.lock().unwrap();
        let place = (claim.scope.clone(), claim.key);
        Ok(match entries.get(&place).cloned() {
            Some(Entry::Running) => Begin::Running,
            Some(Entry::Done(known, _)) if known != claim.fingerprint => Begin::Mismatch,
            Some(Entry::Done(_, response)) => Begin::Replay(response),
            None => {
                entries.insert(place, Entry::Running);
                Begin::Fresh(Transaction(Arc::new(claim)))
            }
        })
    }

    async fn finish(&self, open: Transaction, response: &StoredResponse) -> Result<(), Infallible> {
        let Transaction(claim) = open;
        let done = Entry::Done(claim.fingerprint.clone(), response.clone());
        self.entries
            .lock()
            .unwrap()
            .insert((claim.scope.clone(), claim.key), done);
        Ok(())
    }

    async fn abandon(&self, Transaction(claim): Transaction) -> Result<(), Infallible> {
        self.entries
            .lock()
            .unwrap()
            .remove(&(claim.scope.clone(), claim.key));
        Ok(())
    }
}

/// The bank behind a store, every caller taken for `principal`.
fn keyed(bank: &Arc<Bank>, store: &Arc<Memory>, principal: &'static str) -> Router {
    served_by(bank)
        .layer(IdempotencyLayer::new(store.clone()))
        .layer(tower::util::MapRequestLayer::new(
            move |mut request: Request<Body>| {
                request.extensions_mut().insert(Principal::new(principal));
                request
            },
        ))
        .into_router()
}

fn with_key(key: Option<&str>, path: &str, body: &'static str) -> Request<Body> {
    let mut request = request("POST", path, body);
    request.headers_mut().remove("idempotency-key");
    key.map(|key| {
        request
            .headers_mut()
            .insert("idempotency-key", key.parse().unwrap())
    });
    request
}

#[tokio::test]
async fn the_same_call_gets_the_same_bytes_and_runs_once() {
    let bank = Arc::new(Bank::default());
    let router = keyed(&bank, &Arc::default(), "a");
    let first = send(&router, request("POST", &new_card(), NEW_CARD)).await;
    let second = send(&router, request("POST", &new_card(), NEW_CARD)).await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!((second.status, &second.body), (first.status, &first.body));
    let kind = |response: &TestResponse| response.header(header::CONTENT_TYPE).map(str::to_owned);
    assert_eq!(kind(&second), kind(&first));
    assert_eq!(bank.issued.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn keys_are_judged_before_anything_runs() {
    let bank = Arc::new(Bank::default());
    let router = keyed(&bank, &Arc::default(), "a");
    send(&router, request("POST", &new_card(), NEW_CARD)).await;
    let elsewhere = format!("/accounts/{}/cards", uuid::Uuid::nil());
    let queried = format!("{}?x=1", new_card());
    let cases = [
        (None, new_card(), NEW_CARD, StatusCode::BAD_REQUEST),
        (Some("seven"), new_card(), NEW_CARD, StatusCode::BAD_REQUEST),
        (
            Some(KEY),
            new_card(),
            "{}",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            Some(KEY),
            elsewhere,
            NEW_CARD,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            Some(KEY),
            queried,
            NEW_CARD,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ];
    for (key, path, body, status) in cases {
        let response = send(&router, with_key(key, &path, body)).await;
        assert_eq!(response.status, status, "{key:?} {path} {body}");
        response.problem();
    }
    assert_eq!(bank.issued.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn keys_belong_to_principals() {
    let (bank, store) = (Arc::new(Bank::default()), Arc::default());
    let (one, other) = (keyed(&bank, &store, "a"), keyed(&bank, &store, "b"));
    for router in [&one, &other, &one] {
        let response = send(router, request("POST", &new_card(), NEW_CARD)).await;
        assert_eq!(response.status, StatusCode::CREATED);
    }
    assert_eq!(bank.issued.load(Ordering::SeqCst), 2);
}

/// A handler that the test steers.
#[derive(Default)]
struct Steered {
    calls: AtomicUsize,
    entered: Notify,
    go_on: Notify,
}

impl Steered {
    /// The first call waits until it may go on and then ends with `status`; later ones with 204.
    fn router(self: &Arc<Self>, store: &Arc<Memory>, status: u16) -> Router {
        let handler = move |this: Arc<Self>, incoming: Incoming| async move {
            let context = incoming.into_context();
            assert!(
                context.extension::<Transaction>().is_some(),
                "handlers share the transaction"
            );
            if this.calls.fetch_add(1, Ordering::SeqCst) > 0 {
                return Ok::<_, Rejection>(respond::empty(204));
            }
            this.entered.notify_one();
            this.go_on.notified().await;
            assert_ne!(status, 0, "a panic of the handler");
            Ok(respond::json(status, "application/json", &"first"))
        };
        ApiRouter::new()
            .operation(&operations::DELETE_CARD, self.clone(), handler)
            .layer(IdempotencyLayer::new(store.clone()))
            .into_router()
    }

    fn request() -> Request<Body> {
        request("DELETE", &format!("/cards/{ACCOUNT}"), "")
    }
}

#[tokio::test]
async fn a_call_that_still_runs_is_409() {
    let steered = Arc::new(Steered::default());
    let router = steered.router(&Arc::default(), 200);
    let first = tokio::spawn({
        let router = router.clone();
        async move { send(&router, Steered::request()).await }
    });
    steered.entered.notified().await;
    let second = send(&router, Steered::request()).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert_eq!(second.header(header::RETRY_AFTER), Some("1"));
    second.problem();
    steered.go_on.notify_one();
    assert_eq!(first.await.unwrap().status, StatusCode::OK);
    let third = send(&router, Steered::request()).await;
    assert_eq!(
        (third.status, &third.body[..]),
        (StatusCode::OK, &b"\"first\""[..])
    );
}

#[tokio::test]
async fn failures_and_panics_are_rolled_back() {
    for status in [500, 503, 0] {
        let steered = Arc::new(Steered::default());
        let router = steered.router(&Arc::default(), status);
        steered.go_on.notify_one();
        let first = send(&router, Steered::request()).await;
        assert!(first.status.is_server_error(), "{status}: {first:?}");
        let second = send(&router, Steered::request()).await;
        assert_eq!(
            second.status,
            StatusCode::NO_CONTENT,
            "the key is free again"
        );
    }
}

#[tokio::test]
async fn a_caller_who_hangs_up_leaves_no_key_behind() {
    let (steered, store) = (Arc::new(Steered::default()), Arc::default());
    let router = steered.router(&store, 200);
    let first = tokio::spawn({
        let router = router.clone();
        async move { send(&router, Steered::request()).await }
    });
    steered.entered.notified().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    steered.go_on.notify_one();
    // The call goes on by itself; until it is done its key is taken.
    let response = loop {
        let response = send(&router, Steered::request()).await;
        if response.status != StatusCode::CONFLICT {
            break response;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(
        (response.status, &response.body[..]),
        (StatusCode::OK, &b"\"first\""[..])
    );
    assert_eq!(steered.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn operations_without_a_key_pass_by_the_store() {
    let store = Arc::<Memory>::default();
    let router = keyed(&Arc::default(), &store, "a");
    let response = send(&router, request("GET", "/cards", "")).await;
    assert_eq!(response.status, StatusCode::OK);
    assert!(store.entries.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_rejection_before_the_handler_leaves_the_key_free() {
    let bank = Arc::new(Bank::default());
    let router = keyed(&bank, &Arc::default(), "a");
    let mut other_type = request("POST", &new_card(), NEW_CARD);
    let text = "text/plain".parse().unwrap();
    other_type.headers_mut().insert(header::CONTENT_TYPE, text);
    for (rejected, status) in [
        (other_type, StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (request("POST", &new_card(), "{}"), StatusCode::BAD_REQUEST),
        (request("POST", &new_card(), "{"), StatusCode::BAD_REQUEST),
        (request("POST", &new_card(), ""), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(send(&router, rejected).await.status, status);
    }
    let first = send(&router, request("POST", &new_card(), NEW_CARD)).await;
    assert_eq!(
        first.status,
        StatusCode::CREATED,
        "the corrected call is carried out"
    );
    assert_eq!(first.header(IDEMPOTENCY_REPLAYED), None);
    let second = send(&router, request("POST", &new_card(), NEW_CARD)).await;
    assert_eq!(second.header(IDEMPOTENCY_REPLAYED), Some("true"));
}
