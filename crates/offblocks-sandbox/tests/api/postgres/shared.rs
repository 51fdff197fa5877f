//! What one process is told about the clock, faults and deliveries holds in the others.

use std::time::Duration;

use futures_util::future::{Either, select};
use http::StatusCode;
use offblocks_sandbox::{
    ClockMode, Database, DeliveryModes, Fault, FaultKind, ManualClock, PostgresSchema, Sandbox,
    SandboxHandle, SeededRandom, Settings, Step, StepRule, Surroundings,
};

use crate::common::{Caller, Direct, LocalWallet, new_schema, signed, text};

/// Two sandboxes on one schema, as two processes have them.
struct Two {
    sandboxes: [Sandbox; 2],
    handles: [SandboxHandle; 2],
    callers: [Caller; 2],
}

impl Two {
    async fn on(schema: &PostgresSchema) -> Self {
        let clock = ManualClock::new(chrono::DateTime::from_timestamp(1_767_323_045, 0).unwrap());
        let (one, first) = start(schema, &clock, 1).await;
        let (two, second) = start(schema, &clock, 2).await;
        let caller = Caller::known_to(first.base_url(), clock.clone()).await;
        let other = caller.at(second.base_url());
        Self {
            sandboxes: [one, two],
            handles: [first, second],
            callers: [caller, other],
        }
    }

    async fn stop(self) {
        for handle in self.handles {
            handle.stop().await.unwrap();
        }
    }
}

async fn start(
    schema: &PostgresSchema,
    clock: &ManualClock,
    seed: u64,
) -> (Sandbox, SandboxHandle) {
    let mut settings = Settings::default();
    settings.database = Database::Postgres(schema.clone());
    settings.follow_up_delay = Duration::ZERO;
    let surroundings = Surroundings::new(clock.clone(), SeededRandom::new(seed));
    let sandbox = Sandbox::builder(surroundings).settings(settings);
    let sandbox = sandbox.build().await.unwrap();
    let handle = sandbox.clone().start().await.unwrap();
    (sandbox, handle)
}

/// Asks until it is so: a process that looks by itself does so every five seconds.
async fn soon(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the other process does not hear of it: {what}");
}

fn teapot(operation: &str) -> Fault {
    let mut fault = Fault::new(FaultKind::Status(StatusCode::IM_A_TEAPOT));
    fault.operation = Some(operation.to_owned());
    fault
}

#[tokio::test]
async fn faults_are_met_and_counted_by_both() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let [one, other] = &two.sandboxes;
    let status = async |at: usize, path: &str| two.callers[at].get(path).await.status;
    let mut fourth = teapot("getCustomers");
    fourth.nth = Some(4);
    let mut twice = teapot("getCards");
    twice.times = Some(2);
    for fault in [fourth, twice, teapot("getAccounts")] {
        one.add_fault(fault).await.unwrap();
    }
    assert_eq!(status(1, "/accounts").await, 418);
    for (path, expected) in [
        ("/customers", [200, 200, 200, 418, 200, 200]),
        ("/cards", [418, 418, 200, 200, 200, 200]),
    ] {
        for (call, expected) in expected.into_iter().enumerate() {
            assert_eq!(
                status(call % 2, path).await,
                expected,
                "call {call} of {path}"
            );
        }
    }
    let known = other.faults().await.unwrap();
    let counts: Vec<_> = known.iter().map(|it| (it.matched, it.applied)).collect();
    assert_eq!(counts[..2], [(6, 1), (6, 2)]);
    other.remove_fault(known[2].id).await.unwrap();
    assert_eq!(status(0, "/accounts").await, 200, "a removed fault");
    for round in 0..20 {
        one.add_fault(teapot("getWebhooks")).await.unwrap();
        assert_eq!(status(1, "/webhooks").await, 418, "round {round}");
        other.clear_faults().await.unwrap();
        assert_eq!(status(0, "/webhooks").await, 200, "round {round}");
    }
    assert!(one.faults().await.unwrap().is_empty());
    two.stop().await;
}

#[tokio::test]
async fn delivery_modes_and_rules_for_steps_hold_in_both() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let [one, other] = &two.sandboxes;
    let mut modes = DeliveryModes::default();
    modes.duplicate = true;
    one.set_delivery_modes(None, modes.clone()).await.unwrap();
    for round in 0..20 {
        modes.drop = !modes.drop;
        one.set_delivery_modes(None, modes.clone()).await.unwrap();
        assert_eq!(other.delivery_modes().0, modes, "round {round}");
    }
    let rules = one.set_progression([Step::PassScreening], StepRule::Manual);
    let rules = rules.await.unwrap();
    assert_eq!(other.progression().await.unwrap(), rules);
    two.stop().await;
}

#[tokio::test]
async fn a_change_waits_for_a_process_that_has_not_heard_of_it() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let [one, other] = &two.sandboxes;
    // A third process, which uses the settings as they were at first.
    let mut third = Direct::to_schema(&schema).await;
    let lock = |what: &str| {
        format!("SELECT pg_advisory_{what}(hashtext('offblocks settings ' || current_schema()), 0)")
    };
    third.run(&lock("lock_shared"), &[]).await;
    let mut modes = DeliveryModes::default();
    modes.drop = true;
    let change = one.set_delivery_modes(None, modes.clone());
    let elsewhere = async {
        soon("modes", async || other.delivery_modes().0 == modes).await;
        third.run(&lock("unlock_shared"), &[]).await;
    };
    {
        let (change, elsewhere) = (std::pin::pin!(change), std::pin::pin!(elsewhere));
        match select(change, elsewhere).await {
            Either::Left(_) => panic!("the change was reported before the third process used it"),
            Either::Right(((), change)) => change.await.unwrap(),
        }
    }
    two.stop().await;
}

#[tokio::test]
async fn the_clock_is_the_same_in_both() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let [one, other] = &two.sandboxes;
    let minute = Duration::from_secs(60);
    let rule = one.set_progression([Step::PassScreening], StepRule::After(minute));
    rule.await.unwrap();
    one.set_clock(ClockMode::Frozen, None).await.unwrap();
    let start = one.clock().now;
    assert_eq!(other.clock().mode, ClockMode::Frozen);
    let wallet = LocalWallet::numbered(1);
    let customer = two.callers[1].new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&customer, "id"));
    let body = signed(&wallet, &customer);
    let sign = format!("{path}/challenge/sign");
    two.callers[1].post(&sign, body).await.expect(204);
    assert_eq!(two.callers[1].status(&path).await, "screening");
    assert_eq!(one.advance_clock(minute).await.unwrap().steps, 1);
    assert_eq!(two.callers[1].status(&path).await, "verifying");
    assert_eq!(other.clock().now, one.clock().now);
    // Neither loses what the other one adds, whoever is first.
    let moves = (0..10).map(|number| two.sandboxes[number % 2].advance_clock(minute));
    for moved in futures_util::future::join_all(moves).await {
        moved.unwrap();
    }
    let expected = start + 11 * minute;
    for sandbox in &two.sandboxes {
        assert_eq!(sandbox.clock().now, expected);
    }
    other.set_clock(ClockMode::System, None).await.unwrap_err();
    two.stop().await;
}

#[tokio::test]
async fn a_clock_whose_mover_was_killed_runs_as_before_in_the_others() {
    let Some(schema) = new_schema() else { return };
    let two = Two::on(&schema).await;
    let reached = two.sandboxes[0].clock().now + chrono::TimeDelta::minutes(10);
    // As a process leaves it that is killed on the way.
    let mut direct = Direct::to_schema(&schema).await;
    let moving = serde_json::json!({"moving": {"running": 600_000_000_000_u64}}).to_string();
    direct
        .run(
            "INSERT INTO control (name, value) VALUES ('clock', $1)",
            &[&moving],
        )
        .await;
    let revision = "INSERT INTO control (name, value) VALUES ('revision', '1000') \
                    ON CONFLICT (name) DO UPDATE SET value = '1000'";
    direct.run(revision, &[]).await;
    for sandbox in &two.sandboxes {
        soon("where it had come to", async || {
            let clock = sandbox.clock();
            (clock.mode, clock.now) == (ClockMode::Running, reached)
        })
        .await;
    }
    two.stop().await;
}
