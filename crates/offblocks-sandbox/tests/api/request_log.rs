//! The request log: what each check made of a call, and what is not kept.

use offblocks_sandbox::{DEFAULT_API_SECRET, Fault, FaultKind, LoggedRequest, Settings};
use offblocks_server::Verdict;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::common::{LocalWallet, Raw, Stage, card};

/// The verdicts on token, signature, digest, idempotency and schema, a letter each: passed, failed,
/// not needed, not reached.
fn verdicts(logged: &LoggedRequest) -> String {
    let checks = &logged.checks;
    let all = [
        &checks.token,
        &checks.signature,
        &checks.digest,
        &checks.idempotency,
        &checks.schema,
    ];
    let letter = |verdict: &&Verdict| match verdict {
        Verdict::Passed => 'p',
        Verdict::Failed(_) => 'f',
        Verdict::NotNeeded => '-',
        _ => '.',
    };
    all.iter().map(letter).collect()
}

fn last(stage: &Stage) -> Arc<LoggedRequest> {
    stage.sandbox.requests(1).pop().unwrap()
}

#[tokio::test]
async fn each_check_has_its_verdict() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let (customer, account, _) = caller.everything(&LocalWallet::numbered(1)).await;
    let accounts = format!("/customers/{customer}/accounts");
    let cards = format!("/accounts/{account}/cards");
    let open = || json!({"type": "card_account", "currencies": ["EUR"]});
    let post = || caller.call("POST", &accounts).body(open());
    let key = "0d5c1f8e-3a47-4b92-8e60-17c2d9ab4f53";

    caller.get("/cards").await.expect(200);
    assert_eq!(
        verdicts(&last(&stage)),
        "pp--p",
        "{:?}",
        last(&stage).checks
    );
    caller.get("/nowhere").await.rejected(404);
    assert_eq!(verdicts(&last(&stage)), ".....");
    caller
        .call("GET", "/cards")
        .anonymous()
        .send()
        .await
        .rejected(401);
    assert_eq!(verdicts(&last(&stage)), "f....");
    caller
        .call("GET", "/cards")
        .unsigned()
        .send()
        .await
        .rejected(401);
    assert_eq!(verdicts(&last(&stage)), "pf...");
    let other = "sha-512=:AAAA:".parse().unwrap();
    let changed = post().send_changed(|headers| drop(headers.insert("content-digest", other)));
    changed.await.rejected(401);
    assert_eq!(verdicts(&last(&stage)), "pf...", "the digest is signed");
    post().keyless().send().await.rejected(400);
    assert_eq!(verdicts(&last(&stage)), "p..f.");
    let wrong = json!({"type": "card_account"});
    caller.post(&accounts, wrong).await.rejected(400);
    assert_eq!(verdicts(&last(&stage)), "ppppf");
    post().key(key).send().await.expect(201);
    assert_eq!(verdicts(&last(&stage)), "ppppp");
    assert_eq!(last(&stage).idempotency_key.as_deref(), Some(key));
    assert!(!last(&stage).replayed);
    post().key(key).send().await.expect(201);
    assert_eq!(
        (verdicts(&last(&stage)).as_str(), last(&stage).replayed),
        ("ppppp", true)
    );
    caller
        .call("POST", &cards)
        .body(card())
        .key(key)
        .send()
        .await
        .rejected(422);
    assert_eq!(verdicts(&last(&stage)), "pppf.");
    caller
        .patch("/cards/0d5c1f8e-3a47-4b92-8e60-17c2d9ab4f53/activate")
        .await
        .rejected(404);
    assert_eq!(verdicts(&last(&stage)), "pp-pp");
    assert_eq!(last(&stage).operation, Some("activateCard"));
    stage.stop().await;
}

#[tokio::test]
async fn a_rejected_signature_is_explained_in_the_log() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let moved = |headers: &mut http::HeaderMap| {
        let input = headers["signature-input"]
            .to_str()
            .unwrap()
            .replace("@path", "@query");
        headers.insert("signature-input", input.parse().unwrap());
    };
    let call = caller.call("GET", "/cards");
    call.send_changed(moved).await.rejected(401);
    let logged = last(&stage);
    assert_eq!(verdicts(&logged), "pf...");
    let explanation = logged.checks.explanation.clone().unwrap();
    assert_eq!(explanation["component"], "@path");
    let base = explanation["signatureBase"].as_str().unwrap();
    assert!(base.contains("\"@method\": GET"), "{base}");
    stage.stop().await;
}

/// The fault, the status that was sent, and how many bytes of the body.
#[tokio::test]
async fn faults_are_in_the_log_as_what_they_are() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let whole = caller.get("/chains").await.text.len() as u64;
    for (kind, status, bytes) in [
        (FaultKind::Latency(Duration::ZERO), Some(200), whole),
        (FaultKind::ResetBefore, None, 0),
        (FaultKind::Timeout(Duration::ZERO), None, 0),
        (FaultKind::ResetInside, Some(200), whole / 2),
        (FaultKind::TruncatedBody, Some(200), whole / 2),
    ] {
        let mut fault = Fault::new(kind);
        fault.times = Some(1);
        let id = stage.sandbox.add_fault(fault).await.unwrap().id;
        let raw = String::from_utf8(caller.call("GET", "/chains").raw()).unwrap();
        let raw = raw.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        let mut stream = Raw::to(&caller.base_url).await.0;
        stream.write_all(raw.as_bytes()).await.unwrap();
        // A reset is an error, and what this is about is the log.
        let _ = stream.read_to_end(&mut Vec::new()).await;
        let logged = last(&stage);
        let applied = logged.fault.unwrap();
        assert_eq!((applied.id, applied.kind), (id, kind));
        assert_eq!(logged.status, status, "{kind:?}");
        assert_eq!(logged.response_body.length, bytes, "{kind:?}");
        assert_eq!(logged.response_body.whole, bytes == whole, "{kind:?}");
        let list: Value = caller
            .watch("/_sandbox/requests?limit=1")
            .await
            .json()
            .await
            .unwrap();
        let expected = json!({"id": id.number(), "kind": kind.name()});
        assert_eq!(list["requests"][0]["fault"], expected);
        let har = caller.watch("/_sandbox/requests.har?limit=1").await;
        let har: Value = har.json().await.unwrap();
        let entry = &har["log"]["entries"][0];
        assert_eq!(entry["_fault"], format!("{id} {}", kind.name()));
        assert_eq!(entry["response"]["status"], status.unwrap_or_default());
    }
    caller.get("/chains").await.expect(200);
    assert_eq!(last(&stage).fault, None);
    let metrics = caller
        .watch("/_sandbox/metrics")
        .await
        .text()
        .await
        .unwrap();
    let unsent = "operation=\"getChains\",status=\"none\"} 2";
    assert!(metrics.contains(unsent), "{metrics}");
    stage.stop().await;
}

#[tokio::test]
async fn no_secret_is_kept() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    caller.get("/cards").await.expect(200);
    let kept = format!("{:?}", stage.sandbox.requests(10));
    let har = caller
        .watch("/_sandbox/requests.har")
        .await
        .text()
        .await
        .unwrap();
    let list = caller
        .watch("/_sandbox/requests")
        .await
        .text()
        .await
        .unwrap();
    for text in [&kept, &har, &list] {
        assert!(text.contains("getToken"), "the log is of nothing: {text}");
        for secret in [DEFAULT_API_SECRET, &caller.token] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    let list: Value = serde_json::from_str(&list).unwrap();
    let token = &list["requests"][0];
    assert_eq!(token["operation"], "getToken");
    assert_eq!(token["status"], 200);
    assert!(
        token["response"]["body"]
            .as_str()
            .unwrap()
            .contains("[redacted]")
    );
    assert_eq!(
        list["requests"].as_array().unwrap().len(),
        3,
        "its readers are not logged"
    );
    stage.stop().await;
}

#[tokio::test]
async fn the_log_is_bounded_and_can_be_off() {
    let few = |settings: &mut Settings| settings.request_log = 2;
    let stage = Stage::with(few).await;
    for _ in 0..3 {
        stage.caller.get("/chains").await.expect(200);
    }
    let numbers = |stage: &Stage| {
        let requests = stage.sandbox.requests(9).into_iter();
        requests.map(|logged| logged.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(&stage), [4, 5]);
    stage.sandbox.forget_requests();
    assert!(numbers(&stage).is_empty());
    stage.stop().await;
    let off = Stage::with(|settings| settings.request_log = 0).await;
    off.caller.get("/chains").await.expect(200);
    assert!(numbers(&off).is_empty());
    let metrics = off
        .caller
        .watch("/_sandbox/metrics")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        metrics.contains("operation=\"getChains\",status=\"200\"} 1"),
        "{metrics}"
    );
    off.stop().await;
}

#[tokio::test]
async fn a_long_response_is_kept_in_part() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    for number in 0..80 {
        caller
            .new_customer(
                &LocalWallet::numbered(number + 1),
                &format!("customer-{number}"),
            )
            .await;
    }
    let customers = caller.get("/customers").await;
    customers.expect(200);
    let logged = last(&stage);
    assert_eq!(logged.response_body.length, customers.text.len() as u64);
    assert!(!logged.response_body.whole);
    assert!(
        customers
            .text
            .starts_with(logged.response_body.text().unwrap())
    );
    let har: Value = caller
        .watch("/_sandbox/requests.har?limit=1")
        .await
        .json()
        .await
        .unwrap();
    let content = &har["log"]["entries"][0]["response"]["content"];
    assert_eq!(content["size"], customers.text.len());
    assert_eq!(content["text"], Value::Null);
    stage.stop().await;
}

/// The next events of a stream, until one contains `last`.
async fn read_until(response: &mut reqwest::Response, last: &str) -> String {
    let mut text = String::new();
    let read = async {
        while !text.contains(last) {
            let chunk = response.chunk().await.unwrap();
            let chunk = chunk.unwrap_or_else(|| panic!("the stream ended after {text}"));
            text += std::str::from_utf8(&chunk).unwrap();
        }
    };
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, read)
        .await
        .unwrap_or_else(|_| panic!("no {last}"));
    text
}

#[tokio::test]
async fn the_log_is_followed_as_it_grows() {
    let stage = Stage::new().await;
    let caller = &stage.caller;
    let mut events = caller.watch("/_sandbox/requests/events?limit=1").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let first = read_until(&mut events, "updateSigningKey").await;
    assert!(!first.contains("getToken"), "{first}");
    caller.get("/chains").await.expect(200);
    let second = read_until(&mut events, "getChains").await;
    assert!(second.contains("event: request"), "{second}");
    let id = second
        .lines()
        .find_map(|line| line.strip_prefix("id: "))
        .unwrap();
    let (run, number) = id.rsplit_once('.').unwrap();
    assert_eq!(number, "3");
    // Whoever comes back gets what it has not seen; after a restart, everything.
    let again = async |id: String| {
        let url = caller.base_url.join("/_sandbox/requests/events").unwrap();
        let request = reqwest::Client::new().get(url).header("last-event-id", id);
        let mut events = request.send().await.unwrap();
        read_until(&mut events, "getChains").await
    };
    let rest = again(format!("{run}.1")).await;
    assert!(
        rest.contains("updateSigningKey") && !rest.contains("getToken"),
        "{rest}"
    );
    let all = again("another-start.7".to_owned()).await;
    assert!(all.contains("getToken"), "{all}");
    // A follower does not keep the sandbox from stopping.
    stage.stop().await;
    assert!(events.chunk().await.unwrap().is_none(), "the stream ends");
}

#[tokio::test]
async fn a_response_is_logged_with_all_that_was_sent() {
    let stage = Stage::new().await;
    let body = stage.caller.get("/cards").await.text;
    let logged = last(&stage);
    let header = |name| logged.response_headers.get(name);
    assert_eq!(header("x-request-id"), logged.request_id.as_deref());
    assert!(logged.request_id.is_some());
    let length = body.len().to_string();
    assert_eq!(header("content-length"), Some(length.as_str()));
    stage.stop().await;
}
