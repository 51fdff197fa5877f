//! Recorded traffic is judged without a network.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::command::conformance;

/// A correct response, and one with a value outside an enum.
fn chains() -> Value {
    json!([{"id": "eip155:300", "name": "zkSync Era Sepolia"}])
}

fn card(status: &str) -> Value {
    let (id, then) = (
        "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3",
        "2024-03-05T09:41:07Z",
    );
    json!({
        "id": id, "accountId": id, "type": "virtual", "status": status, "createdAt": then,
        "updatedAt": then,
    })
}

fn entry(method: &str, url: &str, status: u16, body: &Value) -> Value {
    let json_type = json!([{"name": "Content-Type", "value": "application/json; charset=utf-8"}]);
    json!({
        "request": {"method": method, "url": url, "headers": [
            {"name": "Authorization", "value": "Bearer very-secret-token"},
        ]},
        "response": {"status": status, "headers": json_type, "content": {
            "size": 1, "mimeType": "application/json", "text": body.to_string(),
        }},
    })
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    let mut file = std::fs::File::create(&path).unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn several_recordings_make_one_report() {
    let folder = tempfile::tempdir().unwrap();
    let base = "https://api.offblocks.xyz/v1";
    let mut encoded = entry(
        "GET",
        &format!("{base}/cards"),
        200,
        &json!([card("frozen")]),
    );
    let text = encoded["response"]["content"]["text"].as_str().unwrap();
    let text: offblocks_types::Base64 = text.as_bytes().to_vec().into();
    encoded["response"]["content"]["text"] = json!(text.to_string());
    encoded["response"]["content"]["encoding"] = json!("base64");
    let har = json!({"log": {"version": "1.2", "entries": [
        entry("GET", &format!("{base}/chains"), 200, &chains()),
        entry("GET", "https://elsewhere.example/page.html", 200, &json!("x")),
        entry("POST", &format!("{base}/customers"), 422, &json!({})),
        encoded,
    ]}});
    let har = write(folder.path(), "traffic.har", &har.to_string());
    let line = json!({
        "request": {"method": "GET", "url": "http://localhost:8080/v1/cards/9d36e581-f0b7-4c29-8a54-71e2b60fc9a3"},
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": card("frozen")},
    });
    let lines = write(folder.path(), "more.ndjson", &format!("{line}\n"));
    let said = conformance(&["--har", &har, "--ndjson", &lines, "--format", "json"]);
    assert_eq!(said.code, Some(100), "{}{}", said.out, said.err);
    let report = said.report();
    assert_eq!(
        said.rules(),
        BTreeSet::from(["enum-value-undocumented".to_owned()])
    );
    assert_eq!(report["findings"][0]["count"], 2, "{report:#}");
    let origin = report["findings"][0]["example"]["origin"].as_str().unwrap();
    assert!(origin.ends_with("traffic.har, entry 4"), "{origin}");
    assert_eq!(
        (&report["exchanges"], &report["outside"]),
        (&json!(4), &json!(1))
    );
    assert!(!said.out.contains("very-secret-token"));
}

#[test]
fn a_base_url_decides_what_belongs_to_the_api() {
    let folder = tempfile::tempdir().unwrap();
    let entries = json!([
        entry(
            "GET",
            "https://gateway.example/bank/api/chains",
            200,
            &chains()
        ),
        entry(
            "GET",
            "https://gateway.example/other/chains",
            200,
            &json!(1)
        ),
        entry(
            "GET",
            "https://gateway.example/bank/api/secrets/17",
            200,
            &json!(1)
        ),
        entry(
            "OPTIONS",
            "https://gateway.example/bank/api/chains",
            204,
            &json!(1)
        ),
    ]);
    let har = json!({"log": {"entries": entries}}).to_string();
    let har = write(folder.path(), "a.har", &har);
    let base = ["--base-url", "https://gateway.example/bank/api"];
    let said = conformance(&[&["--har", &har, "--format", "json"], &base[..]].concat());
    assert_eq!(
        said.rules(),
        BTreeSet::from(["operation-undocumented".to_owned()])
    );
    let message = said.report()["findings"][0]["message"].to_string();
    assert!(message.contains("GET /secrets/{id}"), "{message}");
    let elsewhere = ["--base-url", "https://gateway.example/none"];
    let said = conformance(&[&["--har", &har], &elsewhere[..]].concat());
    assert_eq!(said.code, Some(3), "{}", said.out);
}

#[test]
fn bodies_that_a_tool_left_out_are_not_missed() {
    let folder = tempfile::tempdir().unwrap();
    let mut left_out = entry("GET", "https://api.offblocks.xyz/v1/chains", 200, &chains());
    left_out["response"]["content"] = json!({"size": 120, "mimeType": "application/json"});
    let har = json!({"log": {"entries": [left_out]}}).to_string();
    let har = write(folder.path(), "a.har", &har);
    let said = conformance(&["--har", &har]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
}

#[test]
fn a_recorded_run_is_judged_alike_again() {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("run.ndjson");
    let lines = lines.to_str().unwrap();
    let live = conformance(&["--mutate", "--record", lines, "--format", "json"]);
    assert_eq!(live.code, Some(0), "{}{}", live.out, live.err);
    let again = conformance(&["--har", lines, "--format", "json"]);
    assert_eq!(again.rules(), BTreeSet::new(), "{}", again.out);
    assert_eq!(again.code, Some(0), "{}", again.err);
    let (live, again) = (live.report(), again.report());
    assert_eq!(live["coverage"], again["coverage"]);
    let text = std::fs::read_to_string(lines).unwrap();
    for secret in ["eyJ", "d46699a4467072a68221794ae0cc7ba6bf09505b", "sig=:"] {
        assert!(!text.contains(secret), "{secret} is in the recording");
    }
    // Digests stand only in the signature bases that the sandbox explains: JSON within a text,
    // whose quotes are escaped.
    for (place, _) in text.match_indices("sha-512=:") {
        let before = text[..place].trim_end_matches([' ', ':']);
        assert!(
            before.ends_with("\\\""),
            "a digest is in the recording's headers"
        );
    }
}
