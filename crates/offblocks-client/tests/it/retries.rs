//! What is tried again, and how calls end that were.

use std::future::Future as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use offblocks_client::{ErrorKind, KeyId, RetryBudget, RetryPolicy, Sign, Signing, SigningKey};
use offblocks_types::{AccountId, CardId, CreateAccountCardRequest};
use serde_json::Value;

use crate::server::{CARD, Server, TestClock, eventually, json};

fn card() -> CardId {
    "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap()
}

fn account() -> AccountId {
    AccountId(uuid::Uuid::from_u128(1))
}

fn order() -> CreateAccountCardRequest {
    serde_json::from_value(serde_json::json!({
        "type": "virtual",
        "billingAddress": {"firstLine": "18 Harbour Row", "city": "Bristol", "country": "GB", "postCode": "BS1 4RN"},
    }))
    .unwrap()
}

/// The usual card in this state.
fn card_in(status: &str) -> String {
    let mut card: Value = serde_json::from_str(CARD).unwrap();
    card["status"] = status.into();
    card.to_string()
}

fn after(status: StatusCode, pause: &str) -> impl IntoResponse {
    (status, [(header::RETRY_AFTER, pause.to_owned())])
}

fn fail(server: &Server, statuses: &[u16]) {
    for status in statuses {
        server.respond_next(StatusCode::from_u16(*status).unwrap());
    }
}

#[tokio::test]
async fn failures_that_pass_are_tried_again_with_one_key_and_fresh_signatures() {
    let server = Server::start().await;
    fail(&server, &[500, 503, 429]);
    let call = server.client().create_account_card(account(), order());
    let issued = call.await.unwrap();
    assert_eq!((issued.attempts(), issued.id), (4, card()));
    let seen = server.seen();
    let headers = |name: &str| -> Vec<String> {
        seen.iter()
            .map(|seen| seen.header(name).to_owned())
            .collect()
    };
    let (mut keys, mut signatures) = (headers("idempotency-key"), headers("signature"));
    keys.dedup();
    signatures.dedup();
    assert_eq!((keys.len(), signatures.len()), (1, 4));
    // Full jitter with a fraction of one half.
    let pauses = [100, 200, 400].map(Duration::from_millis);
    assert_eq!(server.timer.pauses(), pauses);
}

#[tokio::test]
async fn attempts_end_and_the_last_response_stands() {
    let server = Server::start().await;
    fail(&server, &[500, 502, 503, 504]);
    let error = server.client().get_card(card()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 4));
    assert_eq!(error.status(), Some(StatusCode::GATEWAY_TIMEOUT));
    assert!(!error.is_outcome_unknown(), "a read changes nothing");

    fail(&server, &[500, 502, 503, 504]);
    let error = server.client().delete_card(card()).await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    let key = error.idempotency_key().unwrap().to_string();
    assert!(error.to_string().contains(&key), "{error}");
}

#[tokio::test]
async fn what_is_final_is_sent_once() {
    let server = Server::start().await;
    for status in [400, 404, 409, 410, 418, 422, 501] {
        let before = server.seen().len();
        fail(&server, &[status]);
        let error = server.client().deactivate_card(card()).await.unwrap_err();
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(server.seen().len() - before, 1, "{error}");
        assert!(!error.is_outcome_unknown(), "{error}");
    }
}

#[tokio::test]
async fn a_key_that_still_runs_is_waited_for() {
    let server = Server::start().await;
    server.respond_next(after(StatusCode::CONFLICT, "3"));
    server.respond_next(json(StatusCode::OK, &card_in("inactive")));
    let frozen = server.client().deactivate_card(card()).await.unwrap();
    assert_eq!(
        (frozen.attempts(), frozen.is_settled_by_reading()),
        (2, false)
    );
    assert_eq!(server.timer.pauses(), [Duration::from_secs(3)]);
}

#[tokio::test]
async fn the_servers_pause_is_kept_and_one_that_is_too_long_ends_the_call() {
    let server = Server::start().await;
    server.respond_next(after(StatusCode::TOO_MANY_REQUESTS, "30"));
    server.respond_next(json(StatusCode::OK, CARD));
    server.client().get_card(card()).await.unwrap();
    assert_eq!(server.timer.pauses(), [Duration::from_secs(30)]);
    server.respond_next(after(StatusCode::TOO_MANY_REQUESTS, "31"));
    let error = server.client().get_card(card()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 1)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
}

#[tokio::test]
async fn retries_are_switched_off_for_a_client_or_a_call() {
    let server = Server::start().await;
    fail(&server, &[503, 503]);
    let client = server.client_without_retries();
    assert_eq!(client.get_card(card()).await.unwrap_err().attempts(), 1);
    let call = server.client().get_card(card()).retry(RetryPolicy::none());
    assert_eq!(call.await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn clones_share_a_budget_and_an_empty_one_ends_calls_at_once() {
    let server = Server::start().await;
    fail(&server, &[503; 5]);
    let client = server
        .signing()
        .retry_budget(RetryBudget::new(2 * RetryBudget::RETRY_COST))
        .build()
        .unwrap();
    // The token's fetch succeeds and finds the bucket full.
    let error = client.clone().get_card(card()).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "{error}");
    let error = client.get_card(card()).await.unwrap_err();
    assert_eq!(error.attempts(), 1, "{error}");
}

#[tokio::test]
async fn a_pause_beyond_the_deadline_is_not_begun() {
    let server = Server::start().await;
    let patient = RetryPolicy {
        longest_retry_after: Duration::from_secs(10_000),
        ..RetryPolicy::default()
    };
    server.respond_next(after(StatusCode::TOO_MANY_REQUESTS, "20"));
    server.respond_next(after(StatusCode::TOO_MANY_REQUESTS, "5000"));
    let call = server.client().get_card(card()).retry(patient);
    let error = call.await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 2)
    );
    assert_eq!(server.timer.pauses(), [Duration::from_secs(20)]);
}

#[tokio::test]
async fn a_lost_success_is_settled_by_reading() {
    let server = Server::start().await;
    let client = server.client();
    // 502 although it was carried out, then a rejection, then the read.
    fail(&server, &[502, 409]);
    server.respond_next(json(StatusCode::OK, &card_in("inactive")));
    let frozen = client.deactivate_card(card()).await.unwrap();
    assert!(frozen.is_settled_by_reading() && frozen.status.as_str() == "inactive");
    let paths: Vec<_> = server.seen().into_iter().map(|seen| seen.path).collect();
    let resource = format!("/v1/cards/{}", card());
    assert_eq!(paths[1..], [format!("{resource}/deactivate"), resource]);

    // What has no body.
    fail(&server, &[504, 409]);
    server.respond_next(json(StatusCode::OK, &card_in("terminated")));
    client.delete_card(card()).await.unwrap();
    fail(&server, &[504, 404, 404]);
    client
        .delete_webhook(offblocks_types::WebhookId(uuid::Uuid::nil()))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_rejection_stands_when_the_resource_says_so() {
    let server = Server::start().await;
    let client = server.client();
    fail(&server, &[502, 409]);
    server.respond_next(json(StatusCode::OK, &card_in("terminated")));
    let error = client.deactivate_card(card()).await.unwrap_err();
    assert!(
        error.is_conflict() && !error.is_outcome_unknown(),
        "{error}"
    );
    fail(&server, &[502, 404, 404]);
    let error = client.deactivate_card(card()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    // A creation is decided by its key.
    fail(&server, &[502, 409]);
    let error = client.create_account_card(account(), order()).await;
    assert!(error.unwrap_err().is_conflict());
}

#[tokio::test]
async fn what_cannot_be_settled_is_an_error_of_its_own() {
    let server = Server::start().await;
    fail(&server, &[502, 409, 500, 500, 500, 500]);
    let call = server.client().deactivate_card(card());
    let key = call.key();
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.is_outcome_unknown() && error.idempotency_key() == key);
    assert_eq!(error.status(), Some(StatusCode::CONFLICT));
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_with_both_times_and_corrected_on_request() {
    let server = Server::start().await;
    let behind = Arc::new(TestClock::default());
    behind.advance(-600);
    let client = server.signing().clock(behind.clone()).build().unwrap();
    let error = client.get_card(card()).await.unwrap_err();
    let skew = error.clock_skew().unwrap();
    assert!(
        skew.is_behind() && skew.by() == Duration::from_secs(600),
        "{skew}"
    );
    assert!(error.to_string().contains("600 s behind"), "{error}");

    let corrected = server
        .signing()
        .clock(behind)
        .correct_clock_skew()
        .build()
        .unwrap();
    server.respond_next(json(StatusCode::OK, CARD));
    let before = server.seen().len();
    corrected.get_card(card()).await.unwrap();
    let created = |place: usize| {
        let input = server.seen()[place].header("signature-input").to_owned();
        let (_, created) = input.split_once("created=").unwrap();
        created.split(';').next().unwrap().parse::<i64>().unwrap()
    };
    assert_eq!(created(before + 1) - created(before), 600);
}

#[tokio::test]
async fn hooks_see_each_attempt_and_no_secret() {
    let server = Server::start().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (before, after) = (seen.clone(), seen.clone());
    let client = server
        .signing()
        .before_send(move |sending| {
            let shown = format!("{sending:?}").to_lowercase();
            assert!(
                !shown.contains("token-1") && !shown.contains("sig=:"),
                "{shown}"
            );
            let name = header::HeaderName::from_static("x-attempt");
            let attempt = HeaderValue::from(sending.attempt);
            sending.headers.insert(name, attempt);
            let line = format!("{} {}", sending.operation.id, sending.attempt);
            before.lock().unwrap().push(line);
        })
        .after_response(move |ended| {
            let status = ended.status.map_or(0, |status| status.as_u16());
            after.lock().unwrap().push(status.to_string());
        })
        .build()
        .unwrap();
    fail(&server, &[503]);
    server.respond_next(json(StatusCode::OK, CARD));
    client.get_card(card()).await.unwrap();
    let expected = ["getToken 1", "200", "getCard 1", "503", "getCard 2", "200"];
    assert_eq!(*seen.lock().unwrap(), expected);
    assert_eq!(server.seen()[1].header("x-attempt"), "2");
}

#[tokio::test]
async fn calls_beyond_the_bound_wait_for_their_turn() {
    let server = Server::start().await;
    let most = Arc::new(Mutex::new((0_i32, 0_i32)));
    let (up, down) = (most.clone(), most.clone());
    let client = server
        .signing()
        .max_in_flight(3)
        .after_response(move |_| down.lock().unwrap().0 -= 1)
        .build()
        .unwrap();
    server.count_in_flight(move || {
        let mut most = up.lock().unwrap();
        most.0 += 1;
        most.1 = most.1.max(most.0);
    });
    let calls: Vec<_> = (0..60)
        .map(|_| tokio::spawn(client.create_account_card(account(), order()).send()))
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!((1..=3).contains(&most.lock().unwrap().1), "{most:?}");
    eventually(|| server.seen().len() == 60).await;
}

#[tokio::test]
async fn a_call_dropped_at_any_await_leaves_the_client_whole() {
    let server = Server::start().await;
    for polls in 0..60 {
        // One place for all, so that a place that is not given back would stop the last call.
        let client = server.signing().max_in_flight(1).build().unwrap();
        if polls % 2 == 0 {
            client
                .create_account_card(account(), order())
                .await
                .unwrap();
        }
        fail(&server, &[503]);
        let mut call = Box::pin(client.create_account_card(account(), order()).send());
        for _ in 0..polls {
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            if call.as_mut().poll(&mut context).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(call);
        let last = client
            .create_account_card(account(), order())
            .await
            .unwrap();
        assert_eq!(last.id, card(), "after {polls} polls");
        server.forget_responses();
    }
}

#[tokio::test]
async fn a_signer_elsewhere_signs_and_its_failure_ends_the_call_before_it_is_sent() {
    /// A key that is behind a service, which can be down.
    struct Remote {
        key: SigningKey,
        id: KeyId,
        down: Arc<AtomicBool>,
    }

    impl Sign for Remote {
        fn key_id(&self) -> KeyId {
            self.id.clone()
        }

        fn sign<'a>(&'a self, base: &'a [u8]) -> Signing<'a> {
            Box::pin(async move {
                tokio::task::yield_now().await;
                match self.down.load(Ordering::SeqCst) {
                    true => Err("the key service is down".into()),
                    false => Ok(self.key.sign(base).ok_or("no memory")?),
                }
            })
        }
    }

    let server = Server::start().await;
    let (key, id) = server.key();
    let down = Arc::new(AtomicBool::new(false));
    let remote = Remote {
        key,
        id,
        down: down.clone(),
    };
    let client = server.signing().signer(remote).build().unwrap();
    client
        .create_account_card(account(), order())
        .await
        .unwrap();
    down.store(true, Ordering::SeqCst);
    let error = client
        .create_account_card(account(), order())
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Setup, 1));
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "the key service is down");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_signing_key_is_registered_in_the_contracts_form() {
    let server = Server::start().await;
    let client = server.client();
    let (key, id) = server.key();
    server.respond_next(StatusCode::NO_CONTENT);
    client.register_signing_key(&key, &id).await.unwrap();
    let seen = server.seen().pop().unwrap();
    let body: Value = serde_json::from_slice(&seen.body).unwrap();
    assert_eq!(body["signingKeyId"], id.as_str());
    assert_eq!(body["signingKey"], key.public_key().to_base64_pem());
    let named = KeyId::new("key-1").unwrap();
    let error = client.register_signing_key(&key, &named).await.unwrap_err();
    assert!(
        error.is_setup() && error.to_string().contains("UUID"),
        "{error}"
    );
}
