//! Retrying, the log, resending, restarts.

use std::time::Duration;

use http::StatusCode;
use offblocks_sandbox::{AttemptOutcome, Clock as _, DeliveryId, DeliveryStatus};

use super::{deliveries_once, is_discarded, is_waiting, make_customers};
use crate::common::{ALL, Receiver, Stage};

#[tokio::test]
async fn what_is_not_acknowledged_is_sent_again_and_the_log_tells_it_all() {
    let stage = Stage::new().await;
    let receiver = Receiver::start().await;
    let rejections = [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::NOT_FOUND];
    receiver.respond_with(rejections);
    receiver.respond_with([StatusCode::ACCEPTED]);
    let key = stage.caller.verification_key().await;
    stage.caller.subscribe(&receiver.url(), ALL).await;
    make_customers(&stage.caller, 0..1).await;
    for (attempts, longest) in [(1, 1), (2, 2)] {
        let deliveries = deliveries_once(&stage.sandbox, super::attempts(attempts)).await;
        let DeliveryStatus::Waiting { due_at } = deliveries[0].status else {
            panic!("{deliveries:#?}")
        };
        let pause = (due_at - stage.clock.now()).to_std().unwrap();
        let longest = Duration::from_secs(longest);
        assert!(
            pause >= longest / 2 && pause <= longest,
            "{pause:?} after {attempts}"
        );
        assert_eq!(
            receiver.count(),
            attempts,
            "nothing is sent before its time"
        );
        stage.clock.advance(longest);
    }
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(3)).await;
    let [delivery] = &deliveries[..] else {
        panic!("{deliveries:#?}")
    };
    assert_eq!(delivery.status, DeliveryStatus::Delivered);
    let statuses: Vec<_> = delivery
        .attempts
        .iter()
        .map(|attempt| match &attempt.outcome {
            AttemptOutcome::Response { status, .. } => *status,
            failed => panic!("{failed:?}"),
        })
        .collect();
    assert_eq!(statuses, [500, 404, 202]);
    let received = receiver.received(3).await;
    let ids: std::collections::HashSet<_> = received
        .iter()
        .map(|delivery| delivery.json()["eventId"].to_string())
        .collect();
    assert_eq!(ids.len(), 1, "each attempt repeats the event's identifier");
    for (sent, logged) in received.iter().zip(&delivery.attempts) {
        assert_eq!(sent.body, delivery.body);
        let logged_signature = logged.headers.iter().find(|(name, _)| name == "signature");
        let (_, logged_signature) = logged_signature.unwrap();
        assert_eq!(sent.headers["signature"], logged_signature.as_str());
        // Each attempt is signed anew, so that it is never stale.
        sent.verify(&key, logged.attempted_at.timestamp()).unwrap();
    }
    stage.stop().await;
}

#[tokio::test]
async fn names_queries_and_escapes_are_signed_as_the_receiver_sees_them() {
    let stage = Stage::new().await;
    let receiver = Receiver::start().await;
    let key = stage.caller.verification_key().await;
    let port = receiver.url().port().unwrap();
    let targets = [
        "/a%20b/%C3%A9?token=x%3D1&y",
        "",
        "/",
        "/#fragment",
        "//a/./b",
    ];
    for target in targets {
        let url = format!("http://LocalHost:{port}{target}");
        stage.caller.subscribe(&url, ALL).await;
    }
    make_customers(&stage.caller, 0..1).await;
    let received = receiver.received(targets.len()).await;
    let mut uris: Vec<_> = received.iter().map(|it| it.uri.to_string()).collect();
    uris.sort();
    assert_eq!(
        uris,
        ["/", "/", "/", "//a/b", "/a%20b/%C3%A9?token=x%3D1&y"]
    );
    for delivery in received {
        assert_eq!(delivery.headers["host"], format!("localhost:{port}"));
        delivery
            .verify(&key, stage.clock.now().timestamp())
            .unwrap();
    }
    stage.stop().await;
}

#[tokio::test]
async fn after_a_day_it_is_discarded_and_can_be_resent() {
    let stage = Stage::new().await;
    let gone = Receiver::start().await.stop();
    let url = format!("http://{gone}/hooks/offblocks");
    stage.caller.subscribe(&url, ALL).await;
    make_customers(&stage.caller, 0..2).await;
    let deliveries = deliveries_once(&stage.sandbox, super::attempts(2)).await;
    assert!(deliveries.iter().all(is_waiting), "{deliveries:#?}");
    let AttemptOutcome::Failed { reason } = &deliveries[0].attempts[0].outcome else {
        panic!("{deliveries:#?}")
    };
    assert!(reason.contains("refused"), "{reason}");
    stage.clock.advance(Duration::from_secs(24 * 60 * 60));
    let all = |deliveries: &[offblocks_sandbox::Delivery]| deliveries.iter().all(is_discarded);
    let deliveries = deliveries_once(&stage.sandbox, all).await;
    assert!(
        deliveries
            .iter()
            .all(|delivery| delivery.attempts.len() == 2)
    );

    let receiver = Receiver::at(gone).await;
    stage.sandbox.resend(deliveries[0].id).await.unwrap();
    receiver.received(1).await;
    let three = deliveries_once(&stage.sandbox, super::attempts(5)).await;
    assert_eq!(three[0].status, DeliveryStatus::Delivered);
    assert!(is_discarded(&three[1]));
    assert_eq!(stage.sandbox.resend_failed().await.unwrap(), 1);
    receiver.received(2).await;
    // A delivered one can be sent once more, too.
    stage.sandbox.resend(deliveries[0].id).await.unwrap();
    receiver.received(3).await;
    let unknown = stage.sandbox.resend(DeliveryId::new(4_711)).await;
    assert!(unknown.unwrap_err().to_string().contains("4711"));
    stage.stop().await;
}

#[tokio::test]
async fn what_was_not_delivered_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&path).await;
    let gone = Receiver::start().await.stop();
    let url = format!("http://{gone}/hooks/offblocks");
    stage.caller.subscribe(&url, ALL).await;
    let key = stage.caller.verification_key().await;
    make_customers(&stage.caller, 0..5).await;
    deliveries_once(&stage.sandbox, super::attempts(5)).await;
    stage.stop().await;

    let receiver = Receiver::at(gone).await;
    let stage = Stage::on_file(&path).await;
    stage.clock.advance(Duration::from_secs(5));
    let received = receiver.received(5).await;
    let mut names: Vec<_> = received
        .iter()
        .map(|delivery| delivery.json()["externalId"].to_string())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5);
    for delivery in &received {
        delivery
            .verify(&key, stage.clock.now().timestamp())
            .unwrap();
    }
    stage.stop().await;
}

#[tokio::test]
async fn the_log_is_bounded_and_nothing_that_waits_is_forgotten() {
    let stage = Stage::with(|settings| settings.delivery_log = 10).await;
    let receiver = Receiver::start().await;
    let gone = Receiver::start().await.stop();
    stage.caller.subscribe(&receiver.url(), ALL).await;
    make_customers(&stage.caller, 0..250).await;
    receiver.received(250).await;
    let settled = |deliveries: &[offblocks_sandbox::Delivery]| !deliveries.iter().any(is_waiting);
    let deliveries = deliveries_once(&stage.sandbox, settled).await;
    assert!(deliveries.len() <= 150, "{} are kept", deliveries.len());
    let url = format!("http://{gone}/");
    stage.caller.subscribe(&url, ALL).await;
    make_customers(&stage.caller, 250..400).await;
    let waiting = |deliveries: &[offblocks_sandbox::Delivery]| {
        let waiting = deliveries.iter().filter(|delivery| is_waiting(delivery));
        waiting.count() == 150
    };
    deliveries_once(&stage.sandbox, waiting).await;
    stage.stop().await;
}
