//! Several sandboxes on one schema: in one process where the test has to see both, and in
//! processes of their own where one of them is killed.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future::{join_all, select};
use offblocks_sandbox::{
    Database, ManualClock, PostgresSchema, Sandbox, SandboxHandle, SeededRandom, Settings,
    Surroundings,
};
use serde_json::json;

use crate::common::{Caller, Direct, LocalWallet, Receiver, card, new_schema, text, url_of};
use crate::crashes::{Load, Server, authorised, every_event_arrives};

/// Two sandboxes with one clock, and the same caller at both.
struct Pair {
    callers: [Caller; 2],
    clock: ManualClock,
    handles: [SandboxHandle; 2],
}

impl Pair {
    async fn on(schema: &PostgresSchema) -> Self {
        let clock = ManualClock::new(chrono::DateTime::from_timestamp(1_767_323_045, 0).unwrap());
        let handles = [
            start(schema, &clock, 1).await,
            start(schema, &clock, 2).await,
        ];
        let first = Caller::known_to(handles[0].base_url(), clock.clone()).await;
        let second = first.at(handles[1].base_url());
        Self {
            callers: [first, second],
            clock,
            handles,
        }
    }

    async fn stop(self) {
        for handle in self.handles {
            handle.stop().await.unwrap();
        }
    }
}

async fn start(schema: &PostgresSchema, clock: &ManualClock, seed: u64) -> SandboxHandle {
    let mut settings = Settings::default();
    settings.database = Database::Postgres(schema.clone());
    settings.follow_up_delay = Duration::ZERO;
    let surroundings = Surroundings::new(clock.clone(), SeededRandom::new(seed));
    let sandbox = Sandbox::builder(surroundings).settings(settings);
    sandbox.build().await.unwrap().start().await.unwrap()
}

const KEY: &str = "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10";

#[tokio::test]
async fn a_key_in_flight_is_a_conflict_in_the_other_one_too() {
    let Some(schema) = new_schema() else { return };
    let pair = Pair::on(&schema).await;
    let mut somebody = Direct::to_schema(&schema).await;
    somebody.block_writers().await;
    let call = |at: usize| {
        let body = json!({"chainId": LocalWallet::numbered(1).owner().to_string(), "externalId": "customer-1"});
        let call = pair.callers[at].call("POST", "/customers").body(body);
        Box::pin(call.key(KEY).send())
    };
    let (early, late) = select(call(0), call(1)).await.factor_first();
    let detail = early.rejected(409);
    assert!(detail.contains("still running"), "{detail}");
    somebody.unblock().await;
    let late = late.await;
    late.expect(201);
    for at in [0, 1] {
        assert_eq!(call(at).await, late, "replayed by sandbox {at}");
    }
    pair.stop().await;
}

#[tokio::test]
async fn of_equal_calls_at_both_one_is_carried_out() {
    let Some(schema) = new_schema() else { return };
    let pair = Pair::on(&schema).await;
    let (_, account, card) = pair.callers[0].everything(&LocalWallet::numbered(1)).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    for round in 0..10_u8 {
        let key = uuid::Builder::from_random_bytes([round; 16]).into_uuid();
        let calls = (0..8_usize).map(|call| {
            let body = json!({"amount": "1", "currency": "EUR", "capture": true});
            let post = pair.callers[call % 2].call("POST", &path).body(body);
            post.key(&key.to_string()).send()
        });
        let mut ids = Vec::new();
        for response in join_all(calls).await {
            match response.status {
                409 => assert!(response.text.contains("still running"), "{response:?}"),
                _ => ids.push(text(&response.expect(201), "id")),
            }
        }
        ids.dedup();
        assert_eq!(ids.len(), 1, "round {round}");
    }
    assert_eq!(authorised(&pair.callers[1], &account).await.len(), 10);
    pair.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_step_and_each_delivery_is_done_once() {
    const CALLS: usize = 120;
    let Some(schema) = new_schema() else { return };
    let database = url_of(&schema, None);
    let mut servers = [Server::start(&database), Server::start(&database)];
    let first = servers[0].caller().await;
    let callers = [
        first.at(&servers[0].base_url),
        first.at(&servers[1].base_url),
    ];
    let (_, account, card) = first.everything(&LocalWallet::numbered(1)).await;
    let receiver = Receiver::start().await;
    let types = ["authorisation.updated", "transaction.updated"];
    callers[1].subscribe(&receiver.url(), &types).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let calls = (0..CALLS).map(|call| {
        let body = json!({"amount": "1", "currency": "EUR", "capture": true});
        callers[call % 2].post(&path, body)
    });
    for response in join_all(calls).await {
        response.expect(201);
    }
    let path = format!("/accounts/{account}/transactions");
    let listed = callers[1].get(&path).await.expect(200);
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), CALLS);
    assert!(listed.iter().all(|one| one["status"] == "processed"));
    // pending, capturing, captured; processing, processed.
    let received = receiver.received(5 * CALLS).await;
    for server in &mut servers {
        server.kill();
    }
    assert_eq!(receiver.count(), received.len(), "nothing came later");
    let mut times = HashMap::<_, usize>::new();
    for delivery in &received {
        *times.entry(text(&delivery.json(), "eventId")).or_default() += 1;
    }
    let doubled = times.values().filter(|times| **times > 1).count();
    assert_eq!((times.len(), doubled), (5 * CALLS, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rules_hold_between_both() {
    let Some(schema) = new_schema() else { return };
    let pair = Pair::on(&schema).await;
    // One customer of an external id, one virtual card of an account, one deactivation.
    let wallet = LocalWallet::numbered(1);
    let body = json!({"chainId": wallet.owner().to_string(), "externalId": "customer-1"});
    let at = |call: usize| &pair.callers[call % 2];
    let customers = (0..12).map(|call| at(call).post("/customers", body.clone()));
    assert_eq!(accepted(join_all(customers).await, 201), 1);
    let other = LocalWallet::numbered(2);
    let customer = at(0).active_customer(&other, "customer-2").await;
    let account = at(1).active_account(&other, &customer).await;
    let path = format!("/accounts/{account}/cards");
    let cards = (0..12).map(|call| at(call).post(&path, card()));
    assert_eq!(accepted(join_all(cards).await, 201), 1);
    let path = format!("/accounts/{account}/deactivate");
    let moves = (0..12).map(|call| at(call).patch(&path));
    assert_eq!(accepted(join_all(moves).await, 200), 1);
    pair.stop().await;
}

fn accepted(responses: Vec<crate::common::Response>, status: u16) -> usize {
    for response in &responses {
        assert!(
            [status, 400, 409].contains(&response.status),
            "{response:?}"
        );
    }
    responses.iter().filter(|one| one.status == status).count()
}

#[tokio::test]
async fn what_one_makes_due_happens_while_the_other_is_asked() {
    let Some(schema) = new_schema() else { return };
    let pair = Pair::on(&schema).await;
    let wallet = LocalWallet::numbered(1);
    let customer = pair.callers[0].active_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{customer}");
    // Each read sees what the other one did just before, with nothing left to happen.
    for (at, change, status) in [(0, "deactivate", "inactive"), (1, "activate", "active")] {
        let change = format!("{path}/{change}");
        pair.callers[at].patch(&change).await.expect(200);
        assert_eq!(pair.callers[1 - at].status(&path).await, status);
    }
    let account = pair.callers[1].active_account(&wallet, &customer).await;
    let path = format!("/accounts/{account}");
    assert_eq!(pair.callers[0].status(&path).await, "active");
    pair.clock.advance(Duration::from_secs(1));
    pair.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_one_process_is_killed_the_other_goes_on() {
    let Some(schema) = new_schema() else { return };
    let database = url_of(&schema, None);
    let (mut first, second) = (Server::start(&database), Server::start(&database));
    let doomed = first.caller().await;
    let lasting = doomed.at(&second.base_url);
    let (_, account, card) = doomed.everything(&LocalWallet::numbered(1)).await;
    let receiver = Receiver::start().await;
    let types = ["authorisation.updated"];
    lasting.subscribe(&receiver.url(), &types).await;
    let load = Load::on(&card);
    let killer = async {
        receiver.received(20).await;
        // In a blocking call there would be nobody to receive.
        tokio::task::spawn_blocking(move || first.kill())
            .await
            .unwrap();
    };
    let (keys, ()) = tokio::join!(load.run(&doomed, 0), killer);
    load.repeat(&lasting, &keys).await;
    let expected = load.acknowledged();
    assert!(expected.len() > 5, "there was no load: {}", expected.len());
    assert_eq!(authorised(&lasting, &account).await, expected);
    // Among them are those that the killed process had claimed.
    every_event_arrives(&receiver, &expected).await;
}
