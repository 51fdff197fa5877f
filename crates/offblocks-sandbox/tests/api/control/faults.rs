//! Responses that fail on purpose, as a client sees them on the wire.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::Plane;
use crate::common::{LocalWallet, Raw, Stage};

/// A stage with a caller's key of one customer to create.
fn customer() -> Value {
    json!({"chainId": LocalWallet::numbered(1).owner().to_string(), "externalId": "customer-1"})
}

const KEY: &str = "b9a3f0de-4f0a-4a60-9f3c-0d9b5b0f2c11";

async fn add(plane: &mut Plane, fault: Value) -> Value {
    plane.with("POST", "/faults", fault).await.expect(201)
}

/// What comes back for a call, byte by byte, and how the connection ends.
async fn wire(stage: &Stage, raw: &[u8]) -> (String, std::io::Result<usize>) {
    let mut stream = Raw::to(&stage.caller.base_url).await.0;
    stream.write_all(raw).await.unwrap();
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes).await;
    (String::from_utf8(bytes).unwrap(), ended)
}

fn customers(stage: &Stage) -> Vec<u8> {
    stage.caller.call("GET", "/customers").raw()
}

#[tokio::test]
async fn a_status_comes_before_the_call_or_after_its_commit() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    let create = || {
        stage
            .caller
            .call("POST", "/customers")
            .body(customer())
            .key(KEY)
    };
    add(
        &mut plane,
        json!({"kind": "status", "status": 503, "times": 1}),
    )
    .await;
    create().send().await.rejected(503);
    assert_eq!(stage.caller.get("/customers").await.expect(200), json!([]));
    let fault =
        json!({"kind": "status", "afterCommit": true, "operation": "createCustomer", "times": 1});
    add(&mut plane, fault).await;
    create().send().await.rejected(500);
    let made = stage.caller.get("/customers").await.expect(200);
    assert_eq!(made.as_array().unwrap().len(), 1, "it was committed");
    let replayed = create().send().await.expect(201);
    assert_eq!(
        replayed["id"], made[0]["id"],
        "the key has the right response"
    );
    let listed = plane.call("GET", "/faults").await.expect(200);
    let counts: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["applied"])
        .collect();
    assert_eq!(counts, [1, 1]);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_status_brings_the_headers_it_must_have() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    for (status, first_line, headers) in [
        (401, "401 Unauthorized", &["www-authenticate: Bearer"][..]),
        (405, "405 Method Not Allowed", &["allow: POST"]),
        (
            407,
            "407 Proxy Authentication Required",
            &["proxy-authenticate: Basic"],
        ),
        (
            426,
            "426 Upgrade Required",
            &["upgrade: HTTP/2.0", "connection: upgrade"],
        ),
        (503, "503 Service Unavailable", &[]),
        (599, "599 Unknown", &[]),
    ] {
        for after in [false, true] {
            let fault =
                json!({"kind": "status", "status": status, "afterCommit": after, "times": 1});
            add(&mut plane, fault).await;
            let (text, _) = wire(&stage, &close(customers(&stage))).await;
            let start = format!("HTTP/1.1 {first_line}\r\n");
            assert!(text.starts_with(&start), "{text}");
            for header in headers {
                let line = format!("\r\n{header}");
                assert!(text.contains(&line), "{status} has no `{header}`: {text}");
            }
        }
    }
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn too_many_requests_and_expired_tokens_say_what_to_do() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    add(
        &mut plane,
        json!({"kind": "too_many_requests", "retryAfter": 7, "nth": 2}),
    )
    .await;
    stage.caller.get("/customers").await.expect(200);
    let limited = stage.caller.get("/customers").await;
    limited.rejected(429);
    assert_eq!(limited.retry_after.as_deref(), Some("7"));
    stage.caller.get("/customers").await.expect(200);
    let added = add(&mut plane, json!({"kind": "expired_token"})).await;
    let rejected = stage.caller.get("/customers").await.rejected(401);
    assert!(rejected.contains("expired"), "{rejected}");
    stage.caller.upload_key().await.rejected(401);
    plane
        .call("DELETE", &format!("/faults/{}", added["id"]))
        .await
        .expect(204);
    plane
        .call("DELETE", &format!("/faults/{}", added["id"]))
        .await
        .rejected(404);
    stage.caller.get("/customers").await.expect(200);
    plane.call("DELETE", "/faults").await.expect(204);
    assert_eq!(plane.call("GET", "/faults").await.expect(200), json!([]));
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn connections_are_reset_before_a_response_and_inside_it() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    stage
        .caller
        .new_customer(&LocalWallet::numbered(1), "customer-1")
        .await;
    add(&mut plane, json!({"kind": "reset_before", "times": 1})).await;
    let (text, ended) = wire(&stage, &customers(&stage)).await;
    assert_eq!(text, "");
    let error = ended.expect_err("a reset is an error");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    add(&mut plane, json!({"kind": "reset_inside", "times": 1})).await;
    let (text, ended) = wire(&stage, &customers(&stage)).await;
    check_half(&text);
    assert_eq!(
        ended.unwrap_err().kind(),
        std::io::ErrorKind::ConnectionReset
    );
    let (text, _) = wire(&stage, &close(customers(&stage))).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_it_says_and_the_connection_is_closed() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    add(&mut plane, json!({"kind": "truncated_body", "times": 1})).await;
    let create = stage
        .caller
        .call("POST", "/customers")
        .body(customer())
        .key(KEY);
    let (text, ended) = wire(&stage, &create.raw()).await;
    check_half(&text);
    ended.expect("it is closed and not reset");
    let replayed = stage
        .caller
        .call("POST", "/customers")
        .body(customer())
        .key(KEY);
    replayed.send().await.expect(201);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_timeout_comes_after_the_commit() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    add(
        &mut plane,
        json!({"kind": "timeout", "milliseconds": 20, "times": 1}),
    )
    .await;
    let create = stage
        .caller
        .call("POST", "/customers")
        .body(customer())
        .key(KEY);
    let (text, ended) = wire(&stage, &create.raw()).await;
    assert_eq!((text.as_str(), ended.unwrap()), ("", 0));
    let made = stage.caller.get("/customers").await.expect(200);
    assert_eq!(made.as_array().unwrap().len(), 1, "it was committed");
    let again = stage
        .caller
        .call("POST", "/customers")
        .body(customer())
        .key(KEY);
    assert_eq!(again.send().await.expect(201)["id"], made[0]["id"]);
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn bodies_get_values_and_properties_that_the_contract_does_not_have() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    add(&mut plane, json!({"kind": "unknown_value", "times": 1})).await;
    let create = || {
        stage
            .caller
            .call("POST", "/customers")
            .body(customer())
            .key(KEY)
    };
    let unknown = create().send().await.expect(201);
    assert_eq!(unknown["status"], "unknown_to_the_contract");
    assert_eq!(create().send().await.expect(201)["status"], "initiating");
    add(
        &mut plane,
        json!({"kind": "extra_field", "operation": "getCustomers"}),
    )
    .await;
    let listed = stage.caller.get("/customers").await.expect(200);
    assert_eq!(listed[0]["unknownToTheContract"], true);
    add(&mut plane, json!({"kind": "latency", "milliseconds": 0})).await;
    plane.finish();
    stage.stop().await;
}

/// Where a response has nothing to change, a fault is neither counted nor logged, and none of its times
/// is used up.
#[tokio::test]
async fn a_fault_that_changes_nothing_is_not_applied() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    for (number, (kind, times)) in [
        ("unknown_value", Some(1)),
        ("unknown_value", None),
        ("extra_field", Some(1)),
        ("extra_field", None),
        ("truncated_body", Some(1)),
        ("truncated_body", None),
        ("reset_inside", Some(1)),
    ]
    .into_iter()
    .enumerate()
    {
        let mut fault = json!({"kind": kind});
        if let Some(times) = times {
            fault["times"] = times.into();
        }
        let id = add(&mut plane, fault.clone()).await["id"].clone();
        let applied = async |plane: &mut Plane| {
            let listed = plane.call("GET", "/faults").await.expect(200);
            assert_eq!(listed[0]["id"], id);
            (listed[0]["matched"].clone(), listed[0]["applied"].clone())
        };
        // No content.
        stage.caller.upload_key().await.expect(204);
        let logged = &stage.sandbox.requests(1)[0];
        assert_eq!((logged.status, logged.fault), (Some(204), None), "{fault}");
        assert_eq!(applied(&mut plane).await, (json!(1), json!(0)), "{fault}");
        // A list without items has no enumeration and no object.
        if kind != "truncated_body" && kind != "reset_inside" {
            stage.caller.get("/cards").await.expect(200);
            assert_eq!(applied(&mut plane).await, (json!(2), json!(0)), "{fault}");
        }
        let owner = LocalWallet::numbered(u32::try_from(number).unwrap() + 1).owner();
        let name = format!("customer-{number}");
        let body = json!({"chainId": owner.to_string(), "externalId": name});
        let call = stage.caller.call("POST", "/customers").body(body);
        let _ = wire(&stage, &close(call.raw())).await;
        assert_eq!(applied(&mut plane).await.1, 1, "{fault}");
        plane.call("DELETE", "/faults").await.expect(204);
    }
    plane.finish();
    stage.stop().await;
}

#[tokio::test]
async fn a_fault_that_an_older_one_hides_counts_all_the_same() {
    for nth in [[1, 2], [2, 1]] {
        let stage = Stage::new().await;
        let mut plane = Plane::of(&stage);
        for nth in nth {
            let fault = json!({"kind": "status", "status": 500 + nth, "nth": nth, "operation": "getChains"});
            add(&mut plane, fault).await;
        }
        let always = json!({"kind": "status", "status": 504, "operation": "getCards"});
        let hidden = json!({"kind": "status", "status": 505, "operation": "getCards"});
        for fault in [always, hidden] {
            add(&mut plane, fault).await;
        }
        let mut statuses = Vec::new();
        for path in ["/chains", "/chains", "/chains", "/cards", "/cards"] {
            statuses.push(stage.caller.get(path).await.status);
        }
        assert_eq!(statuses, [501, 502, 200, 504, 504]);
        let faults = plane.call("GET", "/faults").await.expect(200);
        let counts = |it: &Value| (it["matched"].clone(), it["applied"].clone());
        let counts: Vec<_> = faults.as_array().unwrap().iter().map(counts).collect();
        let pair = |matched: u64, applied: u64| (json!(matched), json!(applied));
        assert_eq!(counts, [pair(3, 1), pair(3, 1), pair(2, 2), pair(2, 0)]);
        plane.finish();
        stage.stop().await;
    }
}

#[tokio::test]
async fn a_share_of_calls_is_the_same_for_the_same_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let stage = Stage::new().await;
        let mut plane = Plane::of(&stage);
        let fault = json!({"kind": "status", "status": 500, "percentage": 30.0, "seed": 42});
        add(&mut plane, fault).await;
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(stage.caller.get("/customers").await.status);
        }
        assert!(
            statuses.contains(&500) && statuses.contains(&200),
            "{statuses:?}"
        );
        runs.push(statuses);
        stage.stop().await;
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn faults_that_make_no_sense_are_rejected() {
    let stage = Stage::new().await;
    let mut plane = Plane::of(&stage);
    for (fault, reason) in [
        (json!({"kind": "explode"}), "kind"),
        (
            json!({"kind": "status", "operation": "getNothing"}),
            "getNothing",
        ),
        (json!({"kind": "latency", "status": 500}), "status"),
        (json!({"kind": "status", "milliseconds": 5}), "milliseconds"),
        (
            json!({"kind": "reset_before", "retryAfter": 5}),
            "retryAfter",
        ),
        (
            json!({"kind": "timeout", "afterCommit": true}),
            "afterCommit",
        ),
        (json!({"kind": "status", "seed": 5}), "seed"),
        (
            json!({"kind": "expired_token", "operation": "getToken"}),
            "no token that could expire",
        ),
    ] {
        let response = plane.with("POST", "/faults", fault.clone()).await;
        response.rejected(400);
        assert!(response.text.contains(reason), "{fault}: {}", response.text);
    }
    for fault in [
        json!({"kind": "status", "status": 200}),
        json!({"kind": "status", "percentage": 0}),
        json!({"kind": "status", "nth": 0}),
        json!({"kind": "status", "surprise": 1}),
        json!({}),
    ] {
        plane.with("POST", "/faults", fault).await.rejected(400);
    }
    plane.call("DELETE", "/faults/x").await.rejected(400);
    plane.finish();
    stage.stop().await;
}

/// A response whose body has half of the bytes that its head promises.
fn check_half(text: &str) {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert!(length > 10, "{head}");
    assert_eq!(body.len(), length / 2, "{text}");
}

/// The request of a client that wants no further response.
fn close(raw: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8(raw).unwrap();
    text.replacen("\r\n", "\r\nconnection: close\r\n", 1)
        .into_bytes()
}
