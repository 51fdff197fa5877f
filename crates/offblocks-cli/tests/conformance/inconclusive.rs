//! What could not be checked is not a pass.

use http::StatusCode;

use crate::command::{Said, conformance};
use crate::tamper::{self, After, as_sent, unchanged_response};

/// Runs against a server whose responses are changed, with a key under an identifier.
fn run(after: After, key_id: Option<&str>, more: &[&str]) -> Said {
    let server = tamper::start(as_sent, after);
    let key = server.key_file.path().to_str().unwrap();
    let key_id = key_id.unwrap_or(server.key_id);
    let to = ["--base-url", &server.base_url, "--signing-key", key];
    let by = ["--key-id", key_id, "--format", "json"];
    conformance(&[&to[..], &by[..], more].concat())
}

#[track_caller]
fn is_inconclusive(said: &Said, why: &str) {
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    let report = said.report();
    let reason = report["inconclusive"].as_str().unwrap_or_default();
    assert!(reason.contains(why), "{reason}");
    assert_eq!(said.rules().len(), 0, "{}", said.findings_text());
}

#[test]
fn a_server_that_only_says_not_now() {
    let said = run(
        |request, response| {
            if request.method == "GET" {
                response.status = StatusCode::SERVICE_UNAVAILABLE;
            }
        },
        None,
        &[],
    );
    is_inconclusive(&said, "no call succeeded");
}

#[test]
fn a_key_that_is_not_registered() {
    let stranger = "11111111-1111-4111-8111-111111111111";
    let said = run(unchanged_response, Some(stranger), &[]);
    is_inconclusive(&said, "the signing key is not registered");
}

#[test]
fn a_guide_that_ends_at_its_first_step() {
    let said = run(
        |request, response| {
            if request.is("POST", "/v1/customers") {
                response.status = StatusCode::SERVICE_UNAVAILABLE;
            }
        },
        None,
        &["--mutate"],
    );
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
}

#[test]
fn an_identifier_without_its_key_is_rejected_before_any_call() {
    let server = tamper::start(as_sent, unchanged_response);
    let to = ["--base-url", &server.base_url, "--key-id", server.key_id];
    let said = conformance(&to);
    assert_eq!(said.code, Some(2), "{}{}", said.out, said.err);
    assert!(said.err.contains("--signing-key"), "{}", said.err);
}

#[test]
fn a_run_without_a_result_accepts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accepted.toml");
    let file = ["--accepted", path.to_str().unwrap(), "--write-accepted"];
    let why = ["--reason", "known", "--expires", "2030-01-31"];
    let write = [&file[..], &why[..], &["--today", "2030-01-01"]].concat();
    let written = run(unchanged_response, None, &write);
    assert_eq!(written.code, Some(0), "{}{}", written.out, written.err);
    let kept = std::fs::read_to_string(&path).unwrap();
    let unreachable = ["--base-url", "http://127.0.0.1:1/v1"];
    let said = conformance(&[&unreachable[..], &write].concat());
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), kept);
}
