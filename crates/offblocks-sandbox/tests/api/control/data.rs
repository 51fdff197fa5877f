//! All data at once, over HTTP.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use offblocks_sandbox::WorkKind;
use serde_json::{Value, json};

use super::Plane;
use crate::common::{LocalWallet, Response, Stage, text};

const LINES: [(&str, &str); 1] = [("content-type", "application/x-ndjson")];

async fn snapshot(plane: &mut Plane) -> String {
    let response = plane.call("GET", "/snapshot").await;
    assert_eq!(response.status, 200, "{}", response.text);
    assert_eq!(
        response.content_type.as_deref(),
        Some("application/x-ndjson")
    );
    response.text
}

async fn restore(plane: &mut Plane, snapshot: &str) -> Response {
    let body = Some(snapshot.to_owned());
    plane.send("PUT", "/snapshot", body, &LINES).await
}

async fn cards(stage: &Stage) -> usize {
    let cards = stage.caller.get("/cards").await.expect(200);
    cards.as_array().unwrap().len()
}

fn fixtures() -> Value {
    json!({"steps": [
        {"name": "alice", "customer": {"externalId": "alice"}},
        {"name": "current", "account": {"customer": "alice"}},
        {"name": "card", "card": {"account": "current"}},
    ]})
}

#[tokio::test]
async fn data_is_made_saved_removed_and_restored() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let made = plane
        .with("POST", "/fixtures", fixtures())
        .await
        .expect(201);
    let card = made["made"]["card"].as_str().unwrap();
    assert_eq!(
        stage.caller.status(&format!("/cards/{card}")).await,
        "active"
    );
    let added = plane.with("POST", "/cards", json!({"number": 700})).await;
    assert_eq!(added.expect(201), json!({"cards": 700}));
    assert_eq!(cards(&stage).await, 701);
    let saved = snapshot(&mut plane).await;
    plane.call("DELETE", "/data").await.expect(204);
    assert_eq!(cards(&stage).await, 0);
    let restored = restore(&mut plane, &saved).await.expect(200);
    let tables = saved.lines().filter(|line| line.starts_with("{\"table\""));
    let rows = saved.lines().count() - 2 - tables.count();
    assert_eq!(restored, json!({"rows": rows}));
    assert_eq!(cards(&stage).await, 701);
    assert_eq!(plane.call("GET", "/work").await.expect(200), json!([]));
    plane.finish();
    stage.stop().await;
}

/// Longer than any other body may be: it is handed on as it comes.
#[tokio::test]
async fn a_snapshot_may_be_longer_than_what_is_held_of_bodies() {
    let stage = Stage::with(|settings| {
        settings.limits.body_bytes = 64 * 1024;
    })
    .await;
    let mut plane = Plane::of(&stage);
    stage.sandbox.populate(3_000, |_| ()).await.unwrap();
    let saved = snapshot(&mut plane).await;
    assert!(saved.len() > 2 * 1024 * 1024, "{} bytes", saved.len());
    plane.call("DELETE", "/data").await.expect(204);
    restore(&mut plane, &saved).await.expect(200);
    assert_eq!(cards(&stage).await, 3_000);
    // What it took of the room for bodies was none.
    plane
        .with("POST", "/fixtures", fixtures())
        .await
        .expect(201);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_place_and_changes_nothing() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    plane
        .with("POST", "/fixtures", fixtures())
        .await
        .expect(201);
    let saved = snapshot(&mut plane).await;
    for (text, expected) in [
        (&saved[..saved.len() / 2], "it was cut off here"),
        (&saved.replace("\"alice\"", "\"malice\""), "its digest"),
        ("id,name\n", "this is not a snapshot"),
        ("", "it is empty"),
    ] {
        let reason = restore(&mut plane, text).await.rejected(400);
        assert!(reason.contains(expected), "{reason}");
    }
    let json = [("content-type", "application/json")];
    let response = plane.send("PUT", "/snapshot", Some(saved.clone()), &json);
    response.await.rejected(415);
    for (step, pointer) in [
        (
            json!({"card": {"account": "nobody"}}),
            "/steps/0/card/account",
        ),
        (
            json!({"customer": {"externalID": "a"}}),
            "/steps/0/customer",
        ),
        (
            json!({"customer": {"externalId": "alice"}}),
            "/steps/0/customer",
        ),
        (json!({"name": 1, "cards": 1}), "/steps/0/name"),
        (json!({"name": "", "cards": 1}), "/steps/0/name"),
        (
            json!({"customer": {"externalId": "x".repeat(256)}}),
            "/steps/0/customer",
        ),
        (json!({}), "/steps/0"),
        (
            json!({"customer": {"externalId": "bob", "status": "asleep"}}),
            "/steps/0/customer/status",
        ),
    ] {
        let response = plane
            .with("POST", "/fixtures", json!({"steps": [step]}))
            .await;
        assert_eq!(
            response.expect(400)["pointer"],
            pointer,
            "{}",
            response.text
        );
    }
    for (account, expected) in [
        (
            json!({"customer": "bob", "status": "asleep"}),
            "is none of [\"initiating\",\"pending\"",
        ),
        (
            json!({"customer": "bob", "status": "pending", "balance": "1"}),
            "leave the balance out",
        ),
    ] {
        let bob = json!({"name": "bob", "customer": {"externalId": "bob"}});
        let steps = json!({"steps": [bob, {"account": account}]});
        let reason = plane.with("POST", "/fixtures", steps).await.rejected(400);
        assert!(reason.contains(expected), "{reason}");
    }
    assert_eq!(snapshot(&mut plane).await, saved);
    plane.finish();
    stage.stop().await;
}

/// The lines of a snapshot with a last line that fits them, as who writes one by hand would make it.
fn sealed(lines: &[String]) -> String {
    let above = lines.join("\n") + "\n";
    let rows = lines.iter().filter(|line| line.starts_with('[')).count();
    let digest = digest(&SHA256, above.as_bytes());
    let digits = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    let end = json!({"end": {"rows": rows, "sha256": digits.collect::<String>()}});
    format!("{above}{end}\n")
}

/// What is wrong with a snapshot though its digest is right, by what is done to the line of a row, and
/// what is said of it.
const DEFECTS: [(&str, &str, &str, &str); 9] = [
    (
        "cards",
        "\"active\"",
        "\"bogus\"",
        "is not a status of cards",
    ),
    ("cards", "\"active\"", "null", "a value is missing in it"),
    ("accounts", "[1,\"", "[1,\"x", "(id) is not a UUID"),
    ("customers", "[1,", "[null,", "(seq) is not a value"),
    (
        "customers",
        "eip155:300:",
        "",
        "is not a CAIP-10 account id",
    ),
    ("customers", "\"alice\"", "null", "a value is missing in it"),
    ("programme", "[1,", "[2,", "a value in it is not allowed"),
    (
        "accounts",
        "[1,",
        "[1,",
        "another row before it has the same key",
    ),
    (
        "cards",
        "\",\"virtual\"",
        "0\",\"virtual\"",
        "is not a UUID",
    ),
];

#[tokio::test]
async fn a_snapshot_with_a_right_digest_is_checked_row_by_row() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let made = plane.with("POST", "/fixtures", fixtures()).await;
    made.expect(201);
    let saved = snapshot(&mut plane).await;
    let mut lines: Vec<_> = saved.lines().map(str::to_owned).collect();
    lines.pop();
    let rows_of = |table: &str| {
        let section = format!("{{\"table\":\"{table}\"");
        let begin = lines.iter().position(|line| line.starts_with(&section));
        begin.unwrap() + 1
    };
    for (table, from, to, expected) in DEFECTS {
        let mut lines = lines.clone();
        let place = rows_of(table);
        match from == to {
            true => lines.insert(place, lines[place].clone()),
            false => lines[place] = lines[place].replacen(from, to, 1),
        }
        let number = place + 1 + usize::from(from == to);
        let reason = restore(&mut plane, &sealed(&lines)).await.rejected(400);
        assert!(reason.starts_with(&format!("line {number}, ")), "{reason}");
        assert!(reason.contains(expected), "{table} {to}: {reason}");
    }
    let mut dangling = lines.clone();
    dangling.remove(rows_of("customers"));
    let place = rows_of("accounts");
    let reason = restore(&mut plane, &sealed(&dangling)).await.rejected(400);
    assert!(reason.starts_with(&format!("line {place}, ")), "{reason}");
    assert!(reason.contains("refers to a row that is not"), "{reason}");
    lines.retain(|line| !line.contains("PRIVATE KEY"));
    let reason = restore(&mut plane, &sealed(&lines)).await.rejected(400);
    assert!(
        reason.contains("no row of the table webhook_key"),
        "{reason}"
    );
    assert_eq!(snapshot(&mut plane).await, saved);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn one_call_adds_ten_million_cards_at_most() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    for number in [10_000_001_u64, 1_000_000_000_000] {
        let body = json!({"number": number});
        plane.with("POST", "/cards", body).await.rejected(400);
        let body = json!({"steps": [{"cards": number}]});
        let response = plane.with("POST", "/fixtures", body).await;
        let reason = response.rejected(400);
        assert!(reason.contains("is greater than 10000000"), "{reason}");
        assert_eq!(response.json()["pointer"], "/steps/0/cards");
    }
    let body = json!({"steps": [{"cards": 5_000_000}, {"cards": 5_000_001}]});
    let response = plane.with("POST", "/fixtures", body).await;
    let reason = response.rejected(400);
    assert!(reason.contains("10000000 cards at most"), "{reason}");
    assert_eq!(response.json()["pointer"], "/steps/1/cards");
    assert_eq!(cards(&stage).await, 0);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn fixtures_stay_in_the_state_that_they_ask_for() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let steps = json!({"steps": [
        {"name": "screened", "customer": {"externalId": "screened", "status": "screening"}},
        {"name": "alice", "customer": {"externalId": "alice"}},
        {"name": "pending", "account": {"customer": "alice", "status": "pending"}},
        {"name": "unissued", "card": {"account": "pending", "status": "issuing"}},
        {"name": "current", "account": {"customer": "alice"}},
        {"name": "card", "card": {"account": "current"}},
        {"name": "payment", "authorisation": {"card": "card", "amount": "5", "status": "pending"}},
    ]});
    let made = plane.with("POST", "/fixtures", steps).await.expect(201);
    let path = |kind: &str, name: &str| format!("/{kind}/{}", text(&made["made"], name));
    let (customer, account) = (path("customers", "screened"), path("accounts", "pending"));
    for (path, status) in [
        (&customer, "screening"),
        (&account, "pending"),
        (&path("cards", "unissued"), "issuing"),
        (&path("authorisations", "payment"), "pending"),
    ] {
        assert_eq!(stage.caller.status(path).await, status, "{path}");
    }
    let run = plane.call("PATCH", "/steps/run").await.expect(200);
    assert_eq!(run["steps"], 3);
    assert_eq!(stage.caller.status(&customer).await, "verifying");
    assert_eq!(stage.caller.status(&account).await, "active");
    plane.finish();
    stage.stop().await;
}

/// More cards than are made while the test runs, as a step of fixtures that somebody waits for.
async fn many_cards_under_way(stage: &Stage) -> tokio::task::JoinHandle<()> {
    let mut caller = Plane::of(stage);
    let call = tokio::spawn(async move {
        let steps = json!({"steps": [{"cards": 10_000_000}]});
        caller.with("POST", "/fixtures", steps).await;
    });
    let mut plane = Plane::of(stage);
    loop {
        let work = plane.call("GET", "/work").await.expect(200);
        if work[0]["done"].as_u64() >= Some(5_000) {
            assert_eq!(work[0]["kind"], "cards");
            assert_eq!(work[0]["total"], 10_000_000);
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    plane.finish();
    call
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_of_fixtures_are_given_up_when_the_sandbox_stops() {
    let stage = Stage::with(|settings| settings.patience = Duration::from_millis(100)).await;
    let call = many_cards_under_way(&stage).await;
    let stopped = tokio::time::timeout(Duration::from_secs(60), stage.stop()).await;
    assert!(stopped.is_ok(), "it is still adding cards");
    call.abort();
}

#[tokio::test]
async fn long_calls_show_how_far_they_are() {
    let stage = Stage::new().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (sandbox, told) = (stage.sandbox.clone(), Arc::clone(&seen));
    let populate = stage.sandbox.populate(2_001, move |_| {
        let work = sandbox.work();
        told.lock().unwrap().extend(work);
    });
    populate.await.unwrap();
    let seen: Vec<_> = seen.lock().unwrap().clone();
    let done: Vec<_> = seen.iter().map(|work| (work.done, work.total)).collect();
    let total = Some(2_001);
    assert_eq!(done, [(1_000, total), (2_000, total), (2_001, total)]);
    assert!(seen.iter().all(|work| work.kind == WorkKind::Cards));
    assert!(stage.sandbox.work().is_empty());
    stage.stop().await;
}

/// The clock waits for a receiver on its way: meanwhile the control plane says where it is.
#[tokio::test]
async fn a_clock_on_its_way_shows_how_far_it_is() {
    let stage = Stage::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    stage.caller.subscribe(&url, &["customer.updated"]).await;
    let delay = json!({"delayMilliseconds": 60_000});
    let mut plane = Plane::of(&stage);
    plane
        .with("PUT", "/delivery-modes", delay)
        .await
        .expect(200);
    stage
        .caller
        .active_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    let mut other = Plane::of(&stage);
    let advance = other.with("POST", "/clock/advance", json!({"milliseconds": 240_000}));
    let look = async {
        // The receiver got the request, and keeps its response for itself until it was looked.
        let (connection, _) = listener.accept().await.unwrap();
        let work = plane.call("GET", "/work").await.expect(200);
        drop((connection, listener));
        work
    };
    let (advanced, work) = tokio::join!(advance, look);
    advanced.expect(200);
    let done = work[0]["done"].clone();
    // Due instants are kept to the microsecond, so the last millisecond may not be whole.
    assert!(done == 59_999 || done == 60_000, "{work}");
    assert_eq!(
        work,
        json!([{"id": 1, "kind": "clock", "done": done, "total": 240_000}])
    );
    assert_eq!(plane.call("GET", "/work").await.expect(200), json!([]));
    plane.finish();
    stage.stop().await;
}
