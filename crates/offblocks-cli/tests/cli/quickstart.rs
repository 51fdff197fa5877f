//! `offblocks quickstart`.

use std::net::TcpListener;

use serde_json::Value;

use crate::golden;
use crate::offblocks::{Sandbox, command, finish, run};

const OTHER_KEY: &str = "11111111-2222-4333-8444-555555555555";

#[test]
fn it_tells_the_whole_walk() {
    let said = run(&["quickstart"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), ""),
        "{}",
        said.out
    );
    golden::check("quickstart.txt", &said.out);
}

#[test]
fn colour_is_for_terminals() {
    let said = run(&["quickstart", "-vv"]);
    assert!(!said.out.contains('\u{1b}'), "a pipe is no terminal");
    assert!(
        said.err.contains("createAccountCard"),
        "asked to tell what goes on"
    );
    assert!(!said.err.contains('\u{1b}'), "a pipe is no terminal");
    let secret = offblocks_sandbox::DEFAULT_API_SECRET;
    assert!(
        !said.err.contains(secret) && !said.err.contains("eyJ"),
        "no secret and no token"
    );
}

#[test]
fn json_lines_hold_the_same() {
    let said = run(&["quickstart", "--json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let lines: Vec<Value> = said.out.lines().map(|line| line.parse().unwrap()).collect();
    let events: Vec<_> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    assert_eq!(events.len(), 13);
    assert_eq!((events[0], events[1], events[12]), ("begin", "step", "end"));
    let issue = lines.iter().find(|line| line["step"] == 8).unwrap();
    assert_eq!(issue["values"]["status"], "active");
    assert_eq!(issue["requests"][0]["method"], "PATCH");
    assert_eq!(issue["requests"][0]["status"], 202);
}

#[test]
fn it_walks_against_another_server_and_takes_its_key_away_again() {
    let sandbox = Sandbox::start(&[]);
    let said = run(&["quickstart", "--base-url", &sandbox.base_url]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), ""),
        "{}",
        said.out
    );
    assert!(said.out.contains("Remove the signing key"), "{}", said.out);
    // A second customer, account and card beside the first.
    let said = run(&["quickstart", "--base-url", &sandbox.base_url]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    sandbox.signal("TERM");
    sandbox.wait();
}

#[test]
fn options_come_from_the_environment_too() {
    let sandbox = Sandbox::start(&["--api-key", OTHER_KEY, "--api-secret", "our own secret"]);
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    assert_eq!(
        run(&["keys", "generate", key.to_str().unwrap()]).code,
        Some(0)
    );
    let mut walk = command(&["quickstart"]);
    walk.env("OFFBLOCKS_BASE_URL", &sandbox.base_url)
        .env("OFFBLOCKS_API_KEY", OTHER_KEY)
        .env("OFFBLOCKS_API_SECRET", "our own secret")
        .env("OFFBLOCKS_SIGNING_KEY", &key)
        .env("OFFBLOCKS_KEY_ID", "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10");
    let said = finish(walk.output().unwrap());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains("0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10"),
        "{}",
        said.out
    );
    assert!(
        !said.out.contains("Remove the signing key"),
        "the key is the caller's to keep"
    );
    assert!(!said.out.contains("our own secret") && !said.err.contains("our own secret"));
    sandbox.signal("TERM");
    sandbox.wait();
}

#[test]
fn a_failed_step_is_named_with_its_reason() {
    let sandbox = Sandbox::start(&["--api-key", OTHER_KEY, "--api-secret", "our own secret"]);
    let wrong = ["--api-key", OTHER_KEY, "--api-secret", "a wrong secret"];
    for json in [&[][..], &["--json"]] {
        let start = ["quickstart", "--base-url", &sandbox.base_url];
        let arguments = [&start[..], &wrong, json].concat();
        let said = run(&arguments);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(
            said.out.contains("401"),
            "the request and its status are told: {}",
            said.out
        );
        assert!(
            !said.out.contains("PUT"),
            "without a token it is not sent: {}",
            said.out
        );
        assert!(said.err.contains("step 1"), "{}", said.err);
        assert!(!said.err.contains("a wrong secret"), "{}", said.err);
    }
    sandbox.signal("TERM");
    sandbox.wait();
}

#[test]
fn a_server_that_is_not_there_is_a_failure_with_a_reason() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let said = run(&["quickstart", "--base-url", &format!("http://{free}/v1")]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.out.contains("no answer"), "{}", said.out);
    assert!(said.err.starts_with("error: step 1"), "{}", said.err);
}

#[test]
fn other_servers_need_credentials() {
    let said = run(&["quickstart", "--base-url", "https://api.offblocks.test/v1"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("OFFBLOCKS_API_SECRET"), "{}", said.err);
    let said = run(&["quickstart", "--api-key", OTHER_KEY]);
    assert_eq!(said.code, Some(2), "a key without its secret: {}", said.err);
}
