//! Recordings, sound and broken.

use super::*;
use crate::exchange::{Intent, Probe};
use serde_json::json;

#[test]
fn a_har_file_becomes_exchanges() {
    let har = json!({"log": {"version": "1.2", "entries": [
        {"request": {"method": "get", "url": "https://a.example/v1/cards", "headers": []},
         "response": {"status": 200, "headers": [{"name": "Content-Type", "value": "application/json"}],
                      "content": {"size": 2, "mimeType": "application/json", "text": "W10=", "encoding": "base64"}}},
        {"request": {"method": "GET", "url": "https://a.example/aborted"}, "response": {"status": 0}},
        {"request": {"method": "POST", "url": "https://a.example/v1/x",
                     "postData": {"mimeType": "application/json", "text": "{}"}},
         "response": {"status": 201, "content": {"size": 12, "mimeType": "application/json"}}},
    ]}});
    let read = read("a.har", &har.to_string()).unwrap();
    assert_eq!(read.len(), 2);
    assert_eq!(
        (read[0].method.as_str(), &read[0].response.body[..]),
        ("GET", &b"[]"[..])
    );
    assert_eq!(read[0].origin.as_deref(), Some("a.har, entry 1"));
    assert_eq!(
        read[1].headers.get("Content-Type"),
        Some("application/json")
    );
    assert!(read[1].response.unrecorded);
    assert_eq!(read[1].origin.as_deref(), Some("a.har, entry 3"));
}

#[test]
fn lines_of_json_become_exchanges() {
    let text = concat!(
        r#"{"request": {"method": "GET", "url": "/v1/cards", "headers": {"Accept": "*/*"}}, "response": {"status": 200, "body": []}}"#,
        "\n\n",
        r#"{"request": {"method": "PUT", "url": "/x", "body": "YQ==", "encoding": "base64"}, "response": {"status": 400}, "intent": "malformed-body"}"#,
    );
    let read = read("a.ndjson", text).unwrap();
    assert_eq!(read[0].response.body, b"[]");
    assert_eq!(read[0].intent, Intent::Recorded);
    assert_eq!(read[1].body, b"a");
    assert_eq!(read[1].intent, Intent::Probe(Probe::MalformedBody));
    assert_eq!(read[1].origin.as_deref(), Some("a.ndjson:3"));
}

#[test]
fn what_cannot_be_read_names_its_place() {
    let table = [
        ("a.har", "{}", "a.har:1:2"),
        ("a.har", "{\"log\": {\"entries\": [{}]}}", "a.har:1"),
        ("a.json", "{\"log\": 1}", "a.json:1"),
        ("a.ndjson", "\n{\"request\": 1}", "a.ndjson:2"),
        ("a.ndjson", "nonsense", "a.ndjson:1"),
    ];
    for (name, text, place) in table {
        let error = read(name, text).unwrap_err().to_string();
        assert!(error.starts_with(place), "{error}");
    }
    let line = r#"{"request": {"method": "GET", "url": "/", "body": "%", "encoding": "base64"}, "response": {"status": 1}}"#;
    assert!(read("a", line).unwrap_err().reason.contains("base64"));
}

#[test]
fn what_is_written_reads_back_without_its_secrets() {
    let line = r#"{"request": {"method": "POST", "url": "https://a.example/v1/auth/token?k=v", "headers": {"Authorization": "Bearer abc", "Content-Type": "application/json"}, "body": {"apiSecret": "hush"}}, "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"token": "abc", "expiresAt": 1}}, "intent": "wrong-token"}"#;
    let exchange = read("a", line).unwrap().remove(0);
    let written = write(&exchange);
    for secret in ["hush", "abc", "k=v"] {
        assert!(!written.contains(secret), "{secret} in {written}");
    }
    let again = read("a", &written).unwrap().remove(0);
    assert_eq!(again.intent, exchange.intent);
    assert_eq!(write(&again), written, "writing is stable");
}
