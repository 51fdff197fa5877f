//! Setting, freezing and advancing the clock.

use std::time::Duration;

use http::StatusCode;
use offblocks_sandbox::{
    Clock as _, ClockMode, ClockReading, Database, DeliveryStatus, ManualClock, Sandbox,
    SandboxHandle, SeededRandom, Settings, Surroundings, SystemClock,
};
use serde_json::{Value, json};

use super::Plane;
use crate::common::{ALL, LocalWallet, Receiver, Stage, chosen, signed, text};

const HOUR: u64 = 60 * 60 * 1000;

/// A stage on which each step takes a minute.
async fn slow_stage() -> Stage {
    Stage::with(|settings| settings.follow_up_delay = Duration::from_secs(60)).await
}

async fn advance(plane: &mut Plane, milliseconds: u64) -> Value {
    let body = json!({"milliseconds": milliseconds});
    plane.with("POST", "/clock/advance", body).await.expect(200)
}

#[tokio::test]
async fn a_clock_that_runs_loses_no_time_while_it_is_moved() {
    let surroundings = Surroundings::new(SystemClock, SeededRandom::new(1));
    let sandbox = Sandbox::builder(surroundings).build().await.unwrap();
    for _ in 0..5 {
        let step = Duration::from_millis(1);
        sandbox.advance_clock(step).await.unwrap();
    }
    assert_eq!(sandbox.clock().ahead.num_microseconds(), Some(5_000));
}

#[tokio::test]
async fn the_clock_is_frozen_set_and_started_and_never_goes_back() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let clock = plane.call("GET", "/clock").await.expect(200);
    assert_eq!(
        (&clock["mode"], &clock["ahead"]),
        (&json!("system"), &json!(0))
    );
    let frozen = json!({"mode": "frozen", "now": "2026-03-01T00:00:00Z"});
    let frozen = plane.with("PUT", "/clock", frozen).await.expect(200);
    assert_eq!(frozen["clock"]["now"], "2026-03-01T00:00:00Z");
    stage.clock.advance(Duration::from_secs(5));
    let clock = plane.call("GET", "/clock").await.expect(200);
    assert_eq!(clock["now"], "2026-03-01T00:00:00Z", "it stands still");
    for (body, reason) in [
        (
            json!({"mode": "frozen", "now": "2026-02-28T23:59:59Z"}),
            "the clock shows 2026-03-01T00:00:00Z and cannot go back to 2026-02-28T23:59:59Z",
        ),
        (
            json!({"mode": "running", "now": "2026-02-01T00:00:00Z"}),
            "cannot go back",
        ),
        (json!({"mode": "system"}), "cannot go back"),
    ] {
        let rejected = plane
            .with("PUT", "/clock", body.clone())
            .await
            .rejected(409);
        assert!(rejected.contains(reason), "{body}: {rejected}");
    }
    for body in [
        json!({"mode": "system", "now": "2026-04-01T00:00:00Z"}),
        json!({"mode": "stopped"}),
        json!({"now": "2026-04-01T00:00:00Z"}),
        json!({"mode": "frozen", "now": "+12026-04-01T00:00:00Z"}),
    ] {
        plane.with("PUT", "/clock", body).await.rejected(400);
    }
    plane
        .with("PUT", "/clock", json!({"mode": "running"}))
        .await
        .expect(200);
    stage.clock.advance(Duration::from_secs(5));
    let clock = plane.call("GET", "/clock").await.expect(200);
    assert_eq!(clock["mode"], "running");
    assert_eq!(clock["now"], "2026-03-01T00:00:05Z", "it runs from there");
    let body = json!({"milliseconds": 0});
    plane
        .with("POST", "/clock/advance", body)
        .await
        .rejected(400);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn advancing_runs_each_step_at_its_own_time() {
    let stage = slow_stage().await;
    let mut plane = Plane::of(&stage);
    plane
        .with("PUT", "/clock", json!({"mode": "frozen"}))
        .await
        .expect(200);
    let wallet = LocalWallet::numbered(1);
    let customer = stage.caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&customer, "id"));
    let body = signed(&wallet, &customer);
    stage
        .caller
        .post(&format!("{path}/challenge/sign"), body)
        .await
        .expect(204);
    let began = stage.clock.now();
    let before = advance(&mut plane, 59_999).await;
    assert_eq!(before["steps"], 0);
    assert_eq!(stage.caller.status(&path).await, "screening");
    // Much further than the step needs: it happened after a minute all the same.
    let after = advance(&mut plane, HOUR / 2).await;
    assert_eq!(after["steps"], 1);
    let customer = stage.caller.get(&path).await.expect(200);
    assert_eq!(customer["status"], "verifying");
    let updated: chrono::DateTime<chrono::Utc> = text(&customer, "updatedAt").parse().unwrap();
    let minute = (updated - began).num_milliseconds();
    assert!((59_999..=60_001).contains(&minute), "after {minute} ms");
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn steps_that_follow_from_steps_happen_on_the_way() {
    let stage = slow_stage().await;
    let mut plane = Plane::of(&stage);
    let wallet = LocalWallet::numbered(1);
    let customer = stage.caller.new_customer(&wallet, "customer-1").await;
    let customer_path = format!("/customers/{}", text(&customer, "id"));
    let body = signed(&wallet, &customer);
    stage
        .caller
        .post(&format!("{customer_path}/challenge/sign"), body)
        .await
        .expect(204);
    advance(&mut plane, 60_000).await;
    let verify = format!("/simulator{customer_path}/verify");
    stage.caller.patch(&verify).await.expect(202);
    let account = stage
        .caller
        .active_account(&wallet, &text(&customer, "id"))
        .await;
    advance(&mut plane, 60_000).await;
    let card = stage.caller.active_card(&account).await;
    advance(&mut plane, 60_000).await;
    let body = json!({"amount": "20", "currency": "EUR", "capture": true});
    let path = format!("/simulator/cards/{card}/authorisation");
    stage.caller.post(&path, body).await.expect(201);
    // Capture, its end, and the transaction follow each other, a minute each.
    let change = advance(&mut plane, 180_000).await;
    assert_eq!(change["steps"], 3);
    let path = format!("/cards/{card}/transactions");
    let transactions = stage.caller.get(&path).await.expect(200);
    assert_eq!(transactions[0]["status"], "processed");
    let (created, updated) = (&transactions[0]["createdAt"], &transactions[0]["updatedAt"]);
    let instant = |value: &Value| -> chrono::DateTime<chrono::Utc> {
        value.as_str().unwrap().parse().unwrap()
    };
    assert_eq!((instant(updated) - instant(created)).num_seconds(), 60);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn tokens_challenges_and_keys_expire_on_the_way() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let (wallet, key) = (
        LocalWallet::numbered(1),
        "b9a3f0de-4f0a-4a60-9f3c-0d9b5b0f2c11",
    );
    let body = json!({"chainId": wallet.owner().to_string(), "externalId": "customer-1"});
    let create = stage
        .caller
        .call("POST", "/customers")
        .body(body.clone())
        .key(key);
    let customer = create.send().await.expect(201);
    advance(&mut plane, HOUR + 1_000).await;
    let rejected = stage.caller.get("/customers").await.rejected(401);
    assert!(rejected.contains("expired"), "{rejected}");
    let clock = plane.call("GET", "/clock").await.expect(200);
    assert_eq!(clock["ahead"], HOUR + 1_000);
    let mut caller = stage.caller;
    caller.log_in().await;
    let path = format!("/customers/{}/challenge/sign", text(&customer, "id"));
    let late = caller
        .post(&path, signed(&wallet, &customer))
        .await
        .rejected(400);
    assert!(late.contains("expired"), "{late}");
    // The key is forgotten, so this is another call, for a customer that exists.
    let again = caller.call("POST", "/customers").body(body).key(key);
    again.send().await.rejected(409);
    plane.finish();
}

#[tokio::test]
async fn deliveries_are_tried_on_the_way_and_discarded_in_the_end() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let receiver = Receiver::start().await;
    receiver.respond_with([StatusCode::INTERNAL_SERVER_ERROR; 3]);
    stage.caller.subscribe(&receiver.url(), ALL).await;
    stage
        .caller
        .new_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    advance(&mut plane, 60_000).await;
    let deliveries = stage.sandbox.deliveries(10).await.unwrap();
    assert_eq!(deliveries[0].status, DeliveryStatus::Delivered);
    let attempts = &deliveries[0].attempts;
    assert_eq!(attempts.len(), 4);
    for (pair, longest) in attempts.windows(2).zip([1_000, 2_000, 4_000]) {
        let pause = (pair[1].attempted_at - pair[0].attempted_at).num_milliseconds();
        assert!(
            pause >= longest / 2 && pause <= longest,
            "a pause of {pause} ms"
        );
    }
    let address = receiver.stop();
    stage
        .caller
        .new_customer(&LocalWallet::numbered(2), "customer-2")
        .await;
    advance(&mut plane, 25 * HOUR).await;
    let deliveries = stage.sandbox.deliveries(10).await.unwrap();
    let last = deliveries.last().unwrap();
    let discarded = matches!(last.status, DeliveryStatus::Discarded { .. });
    assert!(discarded, "{:?} at {address}", last.status);
    assert!(
        last.attempts.len() > 20,
        "{} attempts in a day",
        last.attempts.len()
    );
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_clock_on_a_file_stands_where_it_stood() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let on_file = |settings: &mut Settings| settings.database = Database::File(file.clone());
    for (mode, now) in [
        ("frozen", "2027-01-01T00:00:00Z"),
        ("running", "2027-01-02T00:00:00Z"),
    ] {
        let stage = Stage::with(on_file).await;
        let mut plane = Plane::of(&stage);
        let set = json!({"mode": mode, "now": now});
        plane.with("PUT", "/clock", set).await.expect(200);
        stage.stop().await;
        let stage = Stage::with(on_file).await;
        let mut plane = Plane::of(&stage);
        let found = plane.call("GET", "/clock").await.expect(200);
        assert_eq!((&found["mode"], &found["now"]), (&json!(mode), &json!(now)));
        stage.stop().await;
    }
}

/// The machine's clock runs on between two looks at it, which is no way back.
#[tokio::test]
async fn the_machines_clock_can_be_frozen_and_started_again() {
    let sandbox = Sandbox::builder(Surroundings::real())
        .build()
        .await
        .unwrap();
    for (mode, shown) in [
        // One that runs and is not ahead is the machine's.
        (ClockMode::Running, ClockMode::System),
        (ClockMode::Frozen, ClockMode::Frozen),
        (ClockMode::Running, ClockMode::Running),
        (ClockMode::Frozen, ClockMode::Frozen),
        (ClockMode::System, ClockMode::System),
    ] {
        let set = sandbox.set_clock(mode, None).await.unwrap();
        assert_eq!(set.clock.mode, shown);
    }
}

/// What is written while the clock stands in what was given as a leap second is read back the same.
#[tokio::test]
async fn a_leap_second_is_the_second_after_it() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let set = json!({"mode": "frozen", "now": "2031-06-30T23:59:60Z"});
    let change = plane.with("PUT", "/clock", set).await.expect(200);
    assert_eq!(change["clock"]["now"], "2031-07-01T00:00:00Z");
    let mut caller = stage.caller;
    caller.log_in().await;
    let wallet = LocalWallet::numbered(1);
    let made = caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&made, "id"));
    let read = caller.get(&path).await.expect(200);
    assert_eq!(read["createdAt"], made["createdAt"]);
    assert_eq!(read["createdAt"], "2031-07-01T00:00:00Z");
    plane.finish();
}

/// A clock that stands still from the start is a frozen one, and runs from there as any other does.
#[tokio::test]
async fn a_clock_that_begins_frozen_says_so_and_can_run() {
    let folder = tempfile::tempdir().unwrap();
    let database = chosen(Database::File(folder.path().join("sandbox.db")));
    let instant = |text: &str| text.parse().unwrap();
    let machine = ManualClock::new(instant("2026-01-01T00:00:00Z"));
    let frozen_at = instant("2030-01-01T00:00:00Z");
    let start = async || {
        let surroundings = Surroundings::new(machine.clone(), SeededRandom::new(1));
        let mut settings = Settings::default();
        settings.database = database.clone();
        let sandbox = Sandbox::builder(surroundings.frozen(frozen_at)).settings(settings);
        let sandbox = sandbox.build().await.unwrap();
        let handle = sandbox.clone().start().await.unwrap();
        (sandbox, handle)
    };
    // One that is still there holds the file.
    let stop = async |sandbox: Sandbox, handle: SandboxHandle| {
        handle.stop().await.unwrap();
        drop(sandbox);
    };
    let shown = |reading: ClockReading| (reading.mode, reading.now, reading.ahead.num_days());
    let (sandbox, handle) = start().await;
    assert_eq!(shown(sandbox.clock()), (ClockMode::Frozen, frozen_at, 1461));
    machine.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(shown(sandbox.clock()), (ClockMode::Frozen, frozen_at, 1460));
    let response = reqwest::get(handle.base_url().clone()).await.unwrap();
    assert_eq!(response.headers()["date"], "Tue, 01 Jan 2030 00:00:00 GMT");
    sandbox.set_clock(ClockMode::Running, None).await.unwrap();
    machine.advance(Duration::from_secs(5));
    let ran = frozen_at + Duration::from_secs(5);
    assert_eq!(shown(sandbox.clock()), (ClockMode::Running, ran, 1460));
    stop(sandbox, handle).await;
    let (sandbox, handle) = start().await;
    assert_eq!(shown(sandbox.clock()), (ClockMode::Running, ran, 1460));
    // Once the machine's clock is later, the sandbox's can show that, and is not frozen again.
    machine.advance(Duration::from_secs(5 * 366 * 24 * 60 * 60));
    stop(sandbox, handle).await;
    let (sandbox, handle) = start().await;
    sandbox.set_clock(ClockMode::Frozen, None).await.unwrap();
    machine.advance(Duration::from_secs(5 * 366 * 24 * 60 * 60));
    sandbox.set_clock(ClockMode::System, None).await.unwrap();
    stop(sandbox, handle).await;
    let (sandbox, handle) = start().await;
    assert_eq!(sandbox.clock().mode, ClockMode::System);
    stop(sandbox, handle).await;
}

/// A client that corrects its clock by `Date` goes on making signatures that are fresh.
#[tokio::test]
async fn responses_have_the_time_by_which_signatures_are_verified() {
    let stage = slow_stage().await;
    let mut plane = Plane::of(&stage);
    let url = stage.caller.base_url.clone();
    let date = async || {
        let response = reqwest::get(url.clone()).await.unwrap();
        response.headers()["date"].to_str().unwrap().to_owned()
    };
    let before = date().await;
    let frozen = json!({"mode": "frozen"});
    plane.with("PUT", "/clock", frozen).await.expect(200);
    advance(&mut plane, 48 * HOUR).await;
    assert_eq!(date().await, before);
    plane.finish();
}

/// Whatever the clock can show, tokens and challenges that expire later can still be made.
#[tokio::test]
async fn at_the_end_of_time_everything_still_works() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let set = |now: &str| json!({"mode": "frozen", "now": now});
    let beyond = plane.with("PUT", "/clock", set("9001-01-01T00:00:00Z"));
    let reason = beyond.await.rejected(400);
    assert!(reason.contains("the year 9000"), "{reason}");
    let last = set("9000-12-31T23:59:59Z");
    plane.with("PUT", "/clock", last).await.expect(200);
    let steps = json!({"steps": [{"customer": {"externalId": "late", "status": "screening"}}]});
    plane.with("POST", "/fixtures", steps).await.expect(201);
    let advance = json!({"milliseconds": 1_000});
    plane
        .with("POST", "/clock/advance", advance)
        .await
        .rejected(400);
    plane.finish();
    stage.stop().await;
}
