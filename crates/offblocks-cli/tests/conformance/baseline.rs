//! Known findings are accepted, new ones are not.

use http::StatusCode;
use serde_json::json;

use crate::command::{Said, conformance};
use crate::tamper::{self, Wrong, as_sent};

fn run(server: &Wrong, arguments: &[&str]) -> Said {
    let key = server.key_file.path().to_str().unwrap();
    let to = [
        "--base-url",
        &server.base_url,
        "--signing-key",
        key,
        "--key-id",
        server.key_id,
    ];
    conformance(&[&to[..], arguments].concat())
}

#[test]
fn a_baseline_accepts_what_it_lists() {
    let frozen = tamper::start(as_sent, |request, answer| {
        if request.is("GET", "/v1/cards") && answer.status == StatusCode::OK {
            answer.change(|body| body[0]["status"] = json!("frozen"));
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("known.json");
    let path = path.to_str().unwrap();
    assert_eq!(run(&frozen, &[]).code, Some(100));
    let written = run(&frozen, &["--baseline", path, "--write-baseline"]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    let known = run(&frozen, &["--baseline", path]);
    assert_eq!(known.code, Some(0), "{}", known.out);
    assert!(
        known.out.contains("known[enum-value-undocumented]"),
        "{}",
        known.out
    );
    let text = std::fs::read_to_string(path).unwrap();
    run(&frozen, &["--baseline", path, "--write-baseline"]);
    assert_eq!(
        text,
        std::fs::read_to_string(path).unwrap(),
        "writing is stable"
    );

    // The same at another operation is new, and so is another value.
    let both = tamper::start(as_sent, |request, answer| {
        let card = request.uri.path().starts_with("/v1/cards/");
        if card && answer.status == StatusCode::OK && answer.body.starts_with(b"{") {
            answer.change(|body| body["status"] = json!("frozen"));
        }
    });
    assert_eq!(run(&both, &["--baseline", path]).code, Some(100));

    let mended = tamper::start(as_sent, tamper::as_answered);
    let said = run(&mended, &["--baseline", path]);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert!(said.out.contains("did not show"), "{}", said.out);
}
