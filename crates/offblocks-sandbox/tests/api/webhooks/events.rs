//! Which events there are, and what they say.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use http::uri::Scheme;
use offblocks_sandbox::Clock as _;
use offblocks_server::{
    Keys, NoTokens, Principal, ReceiveWebhookEventError, RequestContext, Unavailable,
    VerificationLayer, WebhookEventReceiver, webhook_event_receiver,
};
use offblocks_signature::{KeyId, Verifier, VerifyingKey};
use offblocks_types::{VerificationKey, WebhookEvent, WebhookResponse};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::deliveries_once;
use crate::common::{ALL, LocalWallet, Receiver, Stage, text};

/// Everything the guide does, down to a processed transaction.
async fn walk(stage: &Stage) -> [String; 5] {
    let caller = &stage.caller;
    let (customer, account, card) = caller.everything(&LocalWallet::numbered(1)).await;
    let body = json!({"amount": "20.0", "currency": "EUR", "capture": true});
    let path = format!("/simulator/cards/{card}/authorisation");
    let authorisation = text(&caller.post(&path, body).await.expect(201), "id");
    let listed = caller.get(&format!("/cards/{card}/transactions")).await;
    let transaction = text(&listed.expect(200)[0], "id");
    [customer, account, card, authorisation, transaction].map(|id| id)
}

#[tokio::test]
async fn every_change_is_one_event_and_creation_is_the_first() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let receiver = Receiver::start().await;
    let key = caller.verification_key().await;
    caller.subscribe(&receiver.url(), ALL).await;
    let ids = walk(&stage).await;
    let expected: [(&str, &str, &[&str]); 5] = [
        (
            "customer.updated",
            "customers",
            &["initiating", "screening", "verifying", "active"],
        ),
        (
            "account.updated",
            "accounts",
            &["initiating", "pending", "active"],
        ),
        ("card.updated", "cards", &["issuing", "active"]),
        (
            "authorisation.updated",
            "authorisations",
            &["pending", "capturing", "captured"],
        ),
        (
            "transaction.updated",
            "transactions",
            &["processing", "processed"],
        ),
    ];
    let total = expected.iter().map(|(.., statuses)| statuses.len()).sum();
    let received = receiver.received(total).await;
    let now = stage.clock.now().timestamp();
    let (mut seen, mut by_type) = (HashSet::new(), BTreeMap::<_, Vec<Value>>::new());
    for delivery in &received {
        assert_eq!(delivery.method, "POST");
        assert_eq!(delivery.uri, "/hooks/offblocks");
        assert_eq!(delivery.headers["content-type"], "application/json");
        delivery.verify(&key, now).unwrap();
        let event: WebhookEvent = serde_json::from_slice(&delivery.body).unwrap();
        assert!(!matches!(event, WebhookEvent::Unknown(_)), "{event:?}");
        assert!(
            seen.insert(event.event_id()),
            "one event was delivered twice"
        );
        let event = delivery.json();
        by_type
            .entry(text(&event, "webhookType"))
            .or_default()
            .push(event);
    }
    for ((kind, collection, statuses), id) in expected.into_iter().zip(ids) {
        let mut events = by_type.remove(kind).unwrap();
        events.sort_by_key(|event| text(event, "updatedAt"));
        let told: Vec<_> = events.iter().map(|event| text(event, "status")).collect();
        assert_eq!(told, statuses, "{kind}");
        let mut last = events.pop().unwrap();
        let members = last.as_object_mut().unwrap();
        members.remove("eventId");
        members.remove("webhookType");
        let read = caller.get(&format!("/{collection}/{id}")).await.expect(200);
        assert_eq!(last, read, "the last event shows what reading shows");
    }
    assert_eq!(received.len(), total);
    let settled = deliveries_once(&stage.sandbox, super::attempts(total)).await;
    assert_eq!(settled.len(), total, "{settled:#?}");
    stage.stop().await;
}

#[tokio::test]
async fn a_subscription_gets_the_types_it_asked_for() {
    let stage = Stage::new().await;
    let (cards, money) = (Receiver::start().await, Receiver::start().await);
    stage
        .caller
        .subscribe(&cards.url(), &["card.updated"])
        .await;
    let types = ["authorisation.updated", "transaction.updated"];
    stage.caller.subscribe(&money.url(), &types).await;
    walk(&stage).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(7)).await;
    assert_eq!(deliveries.len(), 7);
    assert_eq!((cards.count(), money.count()), (2, 5));
    stage.stop().await;
}

#[tokio::test]
async fn without_a_subscription_nothing_is_kept() {
    let stage = Stage::new().await;
    walk(&stage).await;
    assert_eq!(stage.sandbox.deliveries(10).await.unwrap(), []);
    stage.stop().await;
}

#[tokio::test]
async fn a_rejected_call_makes_no_event_and_a_replay_no_second_one() {
    let stage = Stage::new().await;
    let receiver = Receiver::start().await;
    stage.caller.subscribe(&receiver.url(), ALL).await;
    let wallet = LocalWallet::numbered(1);
    let body = json!({"chainId": wallet.owner().to_string(), "externalId": "customer-1"});
    let key = "5f0c8f8e-55a0-4f4c-9f9a-2c7f2a3b1d11";
    for _ in 0..3 {
        let call = stage.caller.call("POST", "/customers").body(body.clone());
        call.key(key).send().await.expect(201);
    }
    stage.caller.post("/customers", body).await.rejected(409);
    let deliveries = stage.sandbox.deliveries(10).await.unwrap();
    assert_eq!(deliveries.len(), 1, "{deliveries:#?}");
    stage.stop().await;
}

/// A receiver made of the generated one, with the layer that verifies.
#[derive(Default)]
struct Hooks(Mutex<Vec<WebhookEvent>>);

impl WebhookEventReceiver for Hooks {
    async fn receive_webhook_event(
        &self,
        _: RequestContext,
        body: WebhookEvent,
    ) -> Result<WebhookResponse, ReceiveWebhookEventError> {
        self.0.lock().unwrap().push(body);
        Ok(WebhookResponse::default())
    }
}

struct OneKey(VerificationKey);

impl Keys for OneKey {
    async fn find(
        &self,
        _: Option<&Principal>,
        id: &KeyId,
    ) -> Result<Option<VerifyingKey>, Unavailable> {
        let known = id.as_str() == self.0.key_id.to_string();
        Ok(known.then(|| VerifyingKey::from_encoded_pem(self.0.key.as_bytes()).unwrap()))
    }
}

#[tokio::test]
async fn the_generated_receiver_verifies_and_acknowledges() {
    let stage = Stage::new().await;
    let key = stage.caller.verification_key().await;
    let clock = stage.clock.clone();
    let verifier = Verifier::builder().scheme(Scheme::HTTP).build();
    let layer = VerificationLayer::new(NoTokens, OneKey(key), verifier, clock);
    let hooks = Arc::new(Hooks::default());
    let router = webhook_event_receiver("/hooks/offblocks", Arc::clone(&hooks));
    let router = router.layer(layer).into_router();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/offblocks", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    stage.caller.subscribe(&url, ALL).await;
    super::make_customers(&stage.caller, 0..3).await;
    let delivered = |deliveries: &[offblocks_sandbox::Delivery]| {
        super::attempts(3)(deliveries) && !deliveries.iter().any(super::is_waiting)
    };
    let deliveries = deliveries_once(&stage.sandbox, delivered).await;
    assert!(
        !deliveries.iter().any(super::is_discarded),
        "{deliveries:#?}"
    );
    assert_eq!(hooks.0.lock().unwrap().len(), 3);
    serving.abort();
    stage.stop().await;
}
