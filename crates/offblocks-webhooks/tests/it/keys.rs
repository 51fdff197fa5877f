//! Keys: one fetch at a time, not too often, and rotated.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use http::StatusCode;
use offblocks_signature::KeyId;
use offblocks_webhooks::testing::{Fault, TestKeys, TestSender, card_event};
use offblocks_webhooks::{
    KeyFetchError, KeyPolicy, KeySource, KeysFuture, WebhookError, WebhookVerifier,
};
use tokio::sync::Semaphore;

use crate::common::{CALLBACK, TestClock, full, seconds, sender};

/// A source whose fetches wait for a permit.
#[derive(Clone)]
struct Gate {
    keys: TestKeys,
    open: Arc<Semaphore>,
    begun: Arc<AtomicUsize>,
}

impl KeySource for Gate {
    fn fetch(&self) -> KeysFuture<'_> {
        Box::pin(async {
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.open.acquire().await.unwrap().forget();
            self.keys.fetch().await
        })
    }
}

fn gated(sender: &TestSender, clock: &TestClock) -> (WebhookVerifier, Gate) {
    let gate = Gate {
        keys: sender.keys().clone(),
        open: Arc::new(Semaphore::new(0)),
        begun: Arc::default(),
    };
    let verifier = WebhookVerifier::builder(CALLBACK, gate.clone()).clock(clock.clone());
    (verifier.build().unwrap(), gate)
}

async fn accepted(verifier: &WebhookVerifier, sender: &TestSender) -> Result<(), WebhookError> {
    let request = full(sender.deliver(&card_event(1, "active")));
    verifier.verify(request).await.map(drop)
}

#[tokio::test]
async fn one_fetch_serves_all_that_wait() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let (verifier, gate) = gated(&sender, &clock);
    let waiting = join_all((0..100).map(|_| accepted(&verifier, &sender)));
    let opened = async {
        tokio::task::yield_now().await;
        gate.open.add_permits(100);
    };
    let (outcomes, ()) = tokio::join!(waiting, opened);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(gate.begun.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_fetch_goes_on_when_the_one_who_began_it_gives_up() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let (verifier, gate) = gated(&sender, &clock);
    {
        let mut given_up = Box::pin(accepted(&verifier, &sender));
        let polled = futures_util::FutureExt::now_or_never(&mut given_up);
        assert!(polled.is_none());
    }
    gate.open.add_permits(1);
    accepted(&verifier, &sender).await.unwrap();
    assert_eq!(gate.begun.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn made_up_key_ids_cause_no_storm() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let verifier = sender.verifier().build().unwrap();
    let event = card_event(1, "active");
    let mut statuses = Vec::new();
    for number in 0..600_u64 {
        let mut request = full(sender.deliver(&event));
        let input = request.headers()["signature-input"].to_str().unwrap();
        let (before, rest) = input.split_once("keyid=\"").unwrap();
        let (_, after) = rest.split_once('"').unwrap();
        let forged = format!("{before}keyid=\"made-up-{number}\"{after}");
        request
            .headers_mut()
            .insert("signature-input", forged.parse().unwrap());
        let error = verifier.verify(request).await.unwrap_err();
        statuses.push(error.status());
        // One minute in all.
        clock.advance(std::time::Duration::from_millis(100));
    }
    assert_eq!(sender.keys().fetches(), 7);
    let looked_up = statuses
        .iter()
        .filter(|it| **it == StatusCode::UNAUTHORIZED);
    assert_eq!(looked_up.count(), 7);
    let deferred = |it: &&StatusCode| **it == StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(statuses.iter().filter(deferred).count(), 593);
    // Good deliveries are not held up meanwhile.
    accepted(&verifier, &sender).await.unwrap();
}

#[tokio::test]
async fn an_id_that_was_looked_up_stays_unknown_until_keys_may_be_fetched_again() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let verifier = sender.verifier().build().unwrap();
    let event = card_event(1, "active");
    for (passed, fetches) in [(0, 1), (0, 2), (1, 2), (8, 2), (1, 3)] {
        clock.advance(seconds(passed));
        let request = full(sender.deliver_with(&event, &Fault::AnotherKey));
        let error = verifier.verify(request).await.unwrap_err();
        assert!(
            matches!(error, WebhookError::UnknownKey { .. }),
            "{error:?}"
        );
        assert_eq!(sender.keys().fetches(), fetches);
    }
}

#[tokio::test]
async fn keys_rotate_and_old_ones_end() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let verifier = sender.verifier().build().unwrap();
    let event = card_event(1, "active");
    accepted(&verifier, &sender).await.unwrap();
    sender.keys().rotate().unwrap();
    accepted(&verifier, &sender).await.unwrap();
    assert_eq!(sender.keys().fetches(), 2);
    let under_way = sender.deliver(&event);
    sender.keys().rotate().unwrap();

    // Just fetched: the new key has to wait for the shortest interval, and is told when.
    let error = accepted(&verifier, &sender).await.unwrap_err();
    let WebhookError::KeyLookupDeferred { retry_after, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(*retry_after, seconds(10));
    assert_eq!(error.to_response().headers()["retry-after"], "10");
    clock.advance(*retry_after);
    accepted(&verifier, &sender).await.unwrap();
    assert_eq!(sender.keys().fetches(), 3);

    // What was signed with the old key is accepted for a while; `created` ends it sooner.
    verifier.verify(full(under_way.clone())).await.unwrap();
    clock.advance(seconds(600));
    let error = verifier.verify(full(under_way)).await.unwrap_err();
    assert!(
        matches!(error, WebhookError::UnknownKey { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_failed_fetch_keeps_the_old_key() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let mut policy = KeyPolicy::default();
    policy.max_age = seconds(60);
    let verifier = sender.verifier().key_policy(policy).build().unwrap();
    accepted(&verifier, &sender).await.unwrap();
    sender.keys().set_failing(true);
    for fetches in 2..12 {
        clock.advance(seconds(60));
        accepted(&verifier, &sender).await.unwrap();
        accepted(&verifier, &sender).await.unwrap();
        assert_eq!(sender.keys().fetches(), fetches);
    }
    sender.keys().rotate().unwrap();
    let error = accepted(&verifier, &sender).await.unwrap_err();
    assert!(
        matches!(error, WebhookError::KeysUnavailable { .. }),
        "{error:?}"
    );
    assert!(error.is_temporary() && error.retry_after().is_some());
    sender.keys().set_failing(false);
    clock.advance(seconds(10));
    accepted(&verifier, &sender).await.unwrap();
}

#[tokio::test]
async fn a_withdrawn_key_stops_being_trusted_though_nothing_is_unknown() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let verifier = sender.verifier().build().unwrap();
    let withdrawn = TestSender::clone(&sender);
    accepted(&verifier, &sender).await.unwrap();
    let stolen = full(withdrawn.deliver_with(
        &card_event(1, "active"),
        &Fault::FromTheFuture(seconds(4_100)),
    ));
    sender.keys().rotate().unwrap();
    // The hour of the key, and the grace after it was found replaced.
    clock.advance(seconds(3_600));
    accepted(&verifier, &sender).await.unwrap();
    assert_eq!(sender.keys().fetches(), 2);
    clock.advance(seconds(600));
    let error = verifier.verify(stolen).await.unwrap_err();
    assert!(
        matches!(error, WebhookError::UnknownKey { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn without_any_key_deliveries_are_to_be_sent_again() {
    let clock = TestClock::new();
    let sender = sender(&clock);
    let verifier = sender.verifier().build().unwrap();
    sender.keys().set_failing(true);
    for _ in 0..5 {
        let error = accepted(&verifier, &sender).await.unwrap_err();
        assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(std::error::Error::source(&error).is_some());
    }
    assert_eq!(sender.keys().fetches(), 1);
    sender.keys().set_failing(false);
    // A clock that was set back does not stop fetches.
    clock.set_back(seconds(100_000));
    accepted(&verifier, &sender).await.unwrap();
}

struct Panics;

impl KeySource for Panics {
    fn fetch(&self) -> KeysFuture<'_> {
        Box::pin(async { panic!("a fault of the source") })
    }
}

#[tokio::test]
async fn a_source_that_panics_is_one_that_fails() {
    let clock = TestClock::new();
    let verifier = WebhookVerifier::builder(CALLBACK, Panics).clock(clock.clone());
    let verifier = verifier.build().unwrap();
    let error = accepted(&verifier, &sender(&clock)).await.unwrap_err();
    assert!(
        matches!(error, WebhookError::KeysUnavailable { .. }),
        "{error:?}"
    );
}

#[test]
fn the_published_key_is_read() {
    let key = offblocks_signature::SigningKey::generate()
        .unwrap()
        .public_key();
    let id = "2f7f3e7a-6b5c-4a8e-9f6e-0d2a4c1b3e5f";
    let published =
        |pem: &str| offblocks_types::VerificationKey::new(id.parse().unwrap(), pem.as_bytes());
    let read = offblocks_webhooks::PublishedKey::try_from(&published(&key.to_spki_pem())).unwrap();
    assert_eq!((read.id, read.key), (KeyId::new(id).unwrap(), key));
    let error = offblocks_webhooks::PublishedKey::try_from(&published("no key")).unwrap_err();
    assert!(matches!(error, KeyFetchError::Key(_)), "{error:?}");
}
