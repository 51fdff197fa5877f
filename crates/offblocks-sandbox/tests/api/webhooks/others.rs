//! Deliveries as the libraries of others verify them.
//!
//! `others.jsonl` holds deliveries of this sandbox, recorded by the ignored test below. The scripts
//! beside it check them with the libraries that receivers use:
//!
//! - `verify.py` with PyPI's `http-message-signatures` (3.0.0 when it was last run):
//!   `pip install http-message-signatures`, then `python verify.py others.jsonl`.
//! - `verify.mjs` with npm's package of the same name (1.0.6):
//!   `npm install http-message-signatures`, then `node verify.mjs others.jsonl`.
//!
//! Both accept every line, and reject each with one byte of its body or signature changed. They are
//! not part of the tests, which need neither Python nor Node. The tests hold today's deliveries
//! against the recorded ones instead: same headers, same parameters in the same order.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use offblocks_sandbox::Clock as _;
use offblocks_types::VerificationKey;
use serde_json::{Value, json};

use super::make_customers;
use crate::common::{ALL, Received, Receiver, Stage};

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/webhooks/others.jsonl")
}

/// A few deliveries, each as a line of the file.
async fn recorded() -> Vec<Value> {
    let stage = Stage::new().await;
    let receiver = Receiver::start().await;
    let key = stage.caller.verification_key().await;
    stage.caller.subscribe(&receiver.url(), ALL).await;
    make_customers(&stage.caller, 0..5).await;
    let received = receiver.received(5).await;
    let now = stage.clock.now().timestamp();
    let lines = received.iter().map(|delivery| {
        delivery.verify(&key, now).unwrap();
        line(delivery, receiver.url().as_str(), &key)
    });
    let lines = lines.collect();
    stage.stop().await;
    lines
}

fn line(delivery: &Received, url: &str, key: &VerificationKey) -> Value {
    let headers = delivery.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()));
    json!({
        "method": delivery.method.as_str(),
        "url": url,
        "headers": Value::Object(headers.collect()),
        "body": std::str::from_utf8(&delivery.body).unwrap(),
        "keyId": key.key_id,
        "publicKeyPem": std::str::from_utf8(key.key.as_bytes()).unwrap(),
    })
}

#[tokio::test]
#[ignore = "records tests/api/webhooks/others.jsonl anew; check it with the scripts beside it"]
async fn record_deliveries() {
    let mut file = std::fs::File::create(file()).unwrap();
    for line in recorded().await {
        writeln!(file, "{line}").unwrap();
    }
}

/// What a verifier sees of a line, without what differs from delivery to delivery.
fn shape(line: &Value) -> (Vec<String>, String, usize) {
    let headers = line["headers"].as_object().unwrap();
    let names = headers.keys().cloned().collect();
    let key_id = line["keyId"].as_str().unwrap();
    let input = headers["signature-input"].as_str().unwrap();
    let created = input.split("created=").nth(1).unwrap();
    let created: String = created.chars().take_while(char::is_ascii_digit).collect();
    let input = input.replace(key_id, "KEY").replace(&created, "NOW");
    let signature = headers["signature"].as_str().unwrap();
    (names, input, signature.len())
}

#[tokio::test]
async fn deliveries_are_still_of_the_form_that_others_verified() {
    let text = std::fs::read_to_string(file()).unwrap();
    let known: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    for line in recorded().await {
        let fix = "record others.jsonl anew and run both scripts beside it";
        assert_eq!(shape(&line), shape(&known), "{fix}");
    }
    let (_, input, _) = shape(&known);
    assert_eq!(
        input,
        r#"sig=("@method" "@authority" "@path" "content-digest");created=NOW;keyid="KEY";alg="ecdsa-p384-sha384""#
    );
}
