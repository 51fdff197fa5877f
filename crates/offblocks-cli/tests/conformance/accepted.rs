//! Findings that were accepted do not fail a run, new ones do.

use std::io::Write as _;

use http::StatusCode;
use serde_json::json;

use crate::command::{Said, conformance};
use crate::tamper::{self, Wrong, as_sent};

/// A day before the last one of every acceptance here.
const TODAY: [&str; 2] = ["--today", "2030-01-31"];

/// What open findings are accepted with.
const WRITE: [&str; 5] = [
    "--write-accepted",
    "--reason",
    "the client shows it as unknown",
    "--expires",
    "2030-01-31",
];

fn run(server: &Wrong, arguments: &[&str]) -> Said {
    let key = server.key_file.path().to_str().unwrap();
    let to = ["--base-url", &server.base_url, "--signing-key", key];
    let by = ["--key-id", server.key_id];
    conformance(&[&to[..], &by[..], arguments].concat())
}

fn accepting<'a>(path: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["--accepted", path], more].concat()
}

/// A server whose cards have a status that the contract does not have, where they are listed.
fn frozen() -> Wrong {
    tamper::start(as_sent, |request, response| {
        if request.is("GET", "/v1/cards") && response.status == StatusCode::OK {
            response.change(|body| body[0]["status"] = json!("frozen"));
        }
    })
}

#[test]
fn findings_are_accepted_with_a_reason_until_a_day() {
    let (frozen, folder) = (frozen(), tempfile::tempdir().unwrap());
    let path = folder.path().join("accepted.toml");
    let path = path.to_str().unwrap();
    let with = |more: &[&'static str]| accepting(path, more);
    assert_eq!(run(&frozen, &[]).code, Some(100));

    let written = run(&frozen, &with(&[&TODAY[..], &WRITE].concat()));
    assert_eq!(written.code, Some(0), "{}", written.err);
    let known = run(&frozen, &with(&TODAY));
    assert_eq!(known.code, Some(0), "{}", known.out);
    let entry = "accepted[enum-value-undocumented]";
    let said = "accepted: the client shows it as unknown (until 2030-01-31)";
    for words in [entry, said] {
        assert!(known.out.contains(words), "{}", known.out);
    }
    let json = run(
        &frozen,
        &with(&[&TODAY[..], &["--format", "json"]].concat()),
    );
    let finding = &json.report()["findings"][0];
    assert_eq!(finding["acceptance"]["expires"], "2030-01-31", "{finding}");

    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("\n[[accepted]]\n"), "{text}");
    run(&frozen, &with(&[&TODAY[..], &WRITE].concat()));
    let again = std::fs::read_to_string(path).unwrap();
    assert_eq!(text, again, "writing is stable");

    let late = run(&frozen, &with(&["--today", "2030-02-01"]));
    assert_eq!(late.code, Some(2), "{}", late.out);
    assert!(late.err.contains("accepted::expired"), "{}", late.err);
}

#[test]
fn the_same_elsewhere_is_open_and_what_was_fixed_is_reported() {
    let (frozen, folder) = (frozen(), tempfile::tempdir().unwrap());
    let path = folder.path().join("accepted.toml");
    let file = ["--accepted", path.to_str().unwrap(), TODAY[0], TODAY[1]];
    let written = run(&frozen, &[&file[..], &WRITE[..]].concat());
    assert_eq!(written.code, Some(0), "{}", written.err);

    let elsewhere = tamper::start(as_sent, |request, response| {
        let card = request.uri.path().starts_with("/v1/cards/");
        if card && response.status == StatusCode::OK && response.body.starts_with(b"{") {
            response.change(|body| body["status"] = json!("frozen"));
        }
    });
    assert_eq!(run(&elsewhere, &file).code, Some(100));

    let fixed = tamper::start(as_sent, tamper::unchanged_response);
    let said = run(&fixed, &file);
    assert_eq!(said.code, Some(0), "{}", said.out);
    assert!(
        said.out.contains("nothing has the fingerprint"),
        "{}",
        said.out
    );
}

#[test]
fn what_is_accepted_needs_a_reason_and_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("accepted.toml");
    let file = ["--accepted", path.to_str().unwrap()];
    let (reason, day) = (["--reason", "known"], ["--expires", "2030-01-31"]);
    for arguments in [
        &["--write-accepted"][..],
        &[&["--write-accepted"], &reason[..]].concat(),
        &[&["--write-accepted"], &day[..]].concat(),
        &[&["--write-accepted", "--reason", " "], &day[..]].concat(),
        &[&["--write-accepted", "--expires", "soon"], &reason[..]].concat(),
        &reason,
    ] {
        let said = conformance(&[&file[..], arguments].concat());
        assert_eq!(said.code, Some(2), "{arguments:?}: {}", said.err);
    }
    assert!(!path.exists());
}

#[test]
fn an_old_baseline_says_what_to_do() {
    let mut known = tempfile::NamedTempFile::new().unwrap();
    known.write_all(b"{\"known\": []}\n").unwrap();
    let said = conformance(&["--baseline", known.path().to_str().unwrap()]);
    assert_eq!(said.code, Some(2), "{}", said.out);
    let help = "--write-accepted --reason TEXT --expires DAY";
    assert!(said.err.contains(help), "{}", said.err);
}
