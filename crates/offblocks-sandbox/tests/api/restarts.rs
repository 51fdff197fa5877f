//! What the control plane was told holds after a restart.

use std::time::Duration;

use http::StatusCode;
use offblocks_sandbox::{
    ClockMode, DeliveryModes, Fault, FaultKind, FaultReport, SignatureMode, Step, StepRule,
};
use serde_json::json;

use crate::common::{ALL, Receiver, Stage};

fn third(operation: &str) -> Fault {
    let mut fault = Fault::new(FaultKind::Status(StatusCode::IM_A_TEAPOT));
    fault.operation = Some(operation.to_owned());
    fault.nth = Some(3);
    fault
}

/// The statuses of so many calls.
async fn statuses(stage: &Stage, path: &str, calls: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..calls {
        statuses.push(stage.caller.get(path).await.status);
    }
    statuses
}

fn counts(faults: &[FaultReport]) -> Vec<(u64, u64, u64)> {
    let counts = faults.iter();
    counts
        .map(|it| (it.id.number(), it.matched, it.applied))
        .collect()
}

#[tokio::test]
async fn faults_go_on_where_they_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&file).await;
    let kept = stage
        .sandbox
        .add_fault(third("getCustomers"))
        .await
        .unwrap();
    let mut always = Fault::new(FaultKind::Latency(Duration::ZERO));
    always.operation = Some("getCards".to_owned());
    stage.sandbox.add_fault(always).await.unwrap();
    assert_eq!(statuses(&stage, "/customers", 2).await, [200, 200]);
    assert_eq!(statuses(&stage, "/cards", 5).await, [200; 5]);
    stage.stop().await;
    let stage = Stage::on_file(&file).await;
    let known = stage.sandbox.faults().await.unwrap();
    assert_eq!(known[0].fault, kept.fault);
    assert_eq!(counts(&known), [(1, 2, 0), (2, 5, 5)]);
    assert_eq!(statuses(&stage, "/customers", 2).await, [418, 200]);
    assert!(stage.sandbox.remove_fault(kept.id).await.unwrap());
    assert!(!stage.sandbox.remove_fault(kept.id).await.unwrap());
    stage.sandbox.clear_faults().await.unwrap();
    stage.stop().await;
    let stage = Stage::on_file(&file).await;
    assert!(stage.sandbox.faults().await.unwrap().is_empty());
    let next = stage.sandbox.add_fault(third("getCards")).await.unwrap();
    assert_eq!(next.id.number(), 3, "a number is never another fault's");
    stage.stop().await;
}

#[tokio::test]
async fn a_seeded_share_is_drawn_on_after_a_restart() {
    let mut share = Fault::new(FaultKind::Status(StatusCode::IM_A_TEAPOT));
    share.operation = Some("getCustomers".to_owned());
    share.percentage = Some(50.0);
    share.seed = Some(7);
    let mut runs = Vec::new();
    for stops in [&[20][..], &[7, 13]] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let mut run = Vec::new();
        for calls in stops {
            let stage = Stage::on_file(&file).await;
            if run.is_empty() {
                stage.sandbox.add_fault(share.clone()).await.unwrap();
            }
            run.extend(statuses(&stage, "/customers", *calls).await);
            stage.stop().await;
        }
        runs.push(run);
    }
    assert!(runs[0].contains(&200) && runs[0].contains(&418), "{runs:?}");
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn delivery_modes_clock_and_progression_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&file).await;
    let receiver = Receiver::start().await;
    let webhook = stage.caller.subscribe(&receiver.url(), ALL).await;
    let id = webhook["id"].as_str().unwrap().parse().unwrap();
    let mut all = DeliveryModes::default();
    all.delay = Duration::from_millis(1_500);
    all.signature = SignatureMode::AnotherKey;
    let mut own = DeliveryModes::default();
    own.drop = true;
    let set = stage.sandbox.set_delivery_modes(None, all.clone());
    set.await.unwrap();
    let set = stage.sandbox.set_delivery_modes(Some(id), own.clone());
    set.await.unwrap();
    let rules = stage
        .sandbox
        .set_progression([Step::IssueCard], StepRule::Manual);
    let rules = rules.await.unwrap();
    let shown = stage.sandbox.clock().now + chrono::TimeDelta::minutes(10);
    let frozen = stage.sandbox.set_clock(ClockMode::Frozen, Some(shown));
    frozen.await.unwrap();
    stage.stop().await;
    let stage = Stage::on_file(&file).await;
    let (kept, of) = stage.sandbox.delivery_modes();
    assert_eq!((kept, of.get(&id)), (all, Some(&own)));
    assert_eq!(stage.sandbox.progression().await.unwrap(), rules);
    let clock = stage.sandbox.clock();
    assert_eq!((clock.mode, clock.now), (ClockMode::Frozen, shown));
    let customer = json!({"chainId": "eip155:300:0x0000000000000000000000000000000000000001",
                          "externalId": "customer-1"});
    stage.caller.post("/customers", customer).await.expect(201);
    stage.sandbox.clear_delivery_modes(id).await.unwrap();
    assert!(stage.sandbox.delivery_modes().1.is_empty());
    stage.stop().await;
}
