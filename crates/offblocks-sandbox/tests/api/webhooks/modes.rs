//! The modes to try a receiver with.

use std::time::Duration;

use offblocks_sandbox::{Clock as _, DeliveryModes, SignatureMode};
use offblocks_types::{VerificationKey, WebhookEvent, WebhookId};

use super::{deliveries_once, is_discarded, is_waiting, make_customers};
use crate::common::{ALL, Received, Receiver, Stage, text};

async fn with(change: impl FnOnce(&mut DeliveryModes)) -> (Stage, Receiver, VerificationKey) {
    let stage = Stage::new().await;
    let receiver = Receiver::start().await;
    let key = stage.caller.verification_key().await;
    stage.caller.subscribe(&receiver.url(), ALL).await;
    let mut modes = DeliveryModes::default();
    change(&mut modes);
    let set = stage.sandbox.set_delivery_modes(None, modes).await;
    set.unwrap();
    (stage, receiver, key)
}

fn name(delivery: &Received) -> String {
    text(&delivery.json(), "externalId")
}

#[tokio::test]
async fn duplicate_sends_each_event_twice() {
    let (stage, receiver, _) = with(|modes| modes.duplicate = true).await;
    make_customers(&stage.caller, 0..1).await;
    let received = receiver.received(2).await;
    assert_eq!(received[0].json(), received[1].json());
    stage.stop().await;
}

#[tokio::test]
async fn delay_waits_for_the_clock() {
    let (stage, receiver, key) = with(|modes| modes.delay = Duration::from_secs(30)).await;
    make_customers(&stage.caller, 0..1).await;
    let postponed = |deliveries: &[offblocks_sandbox::Delivery]| {
        deliveries.iter().all(|delivery| {
            delivery.updated_at < delivery.created_at + Duration::from_secs(30)
                && format!("{:?}", delivery.status).contains("03:04:35")
        })
    };
    deliveries_once(&stage.sandbox, postponed).await;
    assert_eq!(receiver.count(), 0);
    stage.clock.advance(Duration::from_secs(30));
    let received = receiver.received(1).await;
    let now = stage.clock.now().timestamp();
    received[0].verify(&key, now).unwrap();
    stage.stop().await;
}

#[tokio::test]
async fn reorder_lets_later_events_overtake() {
    let (stage, receiver, _) = with(|modes| modes.reorder = true).await;
    make_customers(&stage.caller, 0..4).await;
    receiver.received(2).await;
    stage.clock.advance(Duration::from_secs(1));
    let received = receiver.received(4).await;
    let mut names: Vec<_> = received.iter().map(name).collect();
    for half in names.chunks_mut(2) {
        half.sort();
    }
    assert_eq!(
        names,
        ["customer-1", "customer-3", "customer-0", "customer-2"]
    );
    stage.stop().await;
}

#[tokio::test]
async fn drop_sends_nothing_until_it_is_resent() {
    let (stage, receiver, _) = with(|modes| modes.drop = true).await;
    make_customers(&stage.caller, 0..1).await;
    let all = |deliveries: &[offblocks_sandbox::Delivery]| deliveries.iter().all(is_discarded);
    deliveries_once(&stage.sandbox, all).await;
    assert_eq!(receiver.count(), 0);
    stage
        .sandbox
        .set_delivery_modes(None, DeliveryModes::default())
        .await
        .unwrap();
    assert_eq!(stage.sandbox.resend_failed().await.unwrap(), 1);
    receiver.received(1).await;
    stage.stop().await;
}

#[tokio::test]
async fn wrong_signatures_are_wrong_in_the_way_asked_for() {
    for (mode, expected) in [
        (SignatureMode::Valid, "Ok"),
        (SignatureMode::Bad, "WrongSignature"),
        (SignatureMode::Stale, "TooOld"),
        (SignatureMode::AnotherKey, "UnknownKeyId"),
    ] {
        let (stage, receiver, key) = with(|modes| modes.signature = mode).await;
        make_customers(&stage.caller, 0..1).await;
        let received = receiver.received(1).await;
        let verdict = received[0].verify(&key, stage.clock.now().timestamp());
        let shown = format!("{verdict:?}");
        assert!(shown.contains(expected), "{mode:?}: {shown}");
        stage.stop().await;
    }
}

#[tokio::test]
async fn an_unknown_type_is_signed_all_the_same() {
    let (stage, receiver, key) = with(|modes| modes.unknown_type = true).await;
    make_customers(&stage.caller, 0..1).await;
    let received = receiver.received(1).await;
    let now = stage.clock.now().timestamp();
    received[0].verify(&key, now).unwrap();
    let event = serde_json::from_slice(&received[0].body).unwrap();
    assert!(matches!(event, WebhookEvent::Unknown(_)), "{event:?}");
    let kept = deliveries_once(&stage.sandbox, super::attempts(1)).await;
    let sent = String::from_utf8(received[0].body.to_vec()).unwrap();
    let expected = kept[0]
        .body
        .replacen("customer.updated", "sandbox.unknown", 1);
    assert_eq!(sent, expected, "nothing else is different");
    let attempt = &kept[0].attempts[0];
    assert_eq!(
        attempt.body.as_deref(),
        Some(&*sent),
        "the log has what was sent"
    );
    assert!(attempt.modes.as_ref().unwrap().unknown_type);
    stage.stop().await;
}

#[tokio::test]
async fn a_subscription_may_have_modes_of_its_own() {
    let (stage, all, _) = with(|modes| modes.drop = true).await;
    let own = Receiver::start().await;
    let webhook = stage.caller.subscribe(&own.url(), ALL).await;
    let id: WebhookId = text(&webhook, "id").parse().unwrap();
    stage
        .sandbox
        .set_delivery_modes(Some(id), DeliveryModes::default())
        .await
        .unwrap();
    make_customers(&stage.caller, 0..3).await;
    own.received(3).await;
    let settled = |deliveries: &[offblocks_sandbox::Delivery]| !deliveries.iter().any(is_waiting);
    deliveries_once(&stage.sandbox, settled).await;
    assert_eq!((all.count(), own.count()), (0, 3));
    stage.stop().await;
}

#[tokio::test]
async fn modes_end_with_their_subscription() {
    for resets in [false, true] {
        let (stage, receiver, _) = with(|modes| modes.duplicate = true).await;
        let webhook = stage.caller.subscribe(&receiver.url(), ALL).await;
        let id: WebhookId = text(&webhook, "id").parse().unwrap();
        let own = DeliveryModes::default();
        let set = stage.sandbox.set_delivery_modes(Some(id), own).await;
        set.unwrap();
        match resets {
            true => stage.sandbox.reset().await.unwrap(),
            false => drop(stage.caller.delete(&format!("/webhooks/{id}")).await),
        }
        // Read again after the commit, by a task.
        for _ in 0..100 {
            if stage.sandbox.delivery_modes().1.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (all, own) = stage.sandbox.delivery_modes();
        assert!(own.is_empty(), "reset: {resets}, {own:?}");
        assert!(all.duplicate, "those for all subscriptions stay");
        stage.stop().await;
    }
}
