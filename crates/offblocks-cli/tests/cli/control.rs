//! `offblocks sandbox …`: each subcommand against a sandbox that runs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::offblocks::{Said, Sandbox, command, finish, run};

const NOTHING: &str = "0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90";

/// Commands in this order, each with a part of what it prints. Words in capitals stand for ids.
const COMMANDS: &[(&str, &str)] = &[
    ("clock show", "system, as the machine's clock"),
    ("clock freeze", "frozen"),
    ("clock advance 1h30m", "no step happened"),
    (
        "clock set 2090-01-01T00:00:00Z --frozen",
        "2090-01-01T00:00:00+00:00  frozen",
    ),
    ("clock run", "running"),
    ("progression show", "pass_screening       delayed"),
    (
        "progression set manual --kind capture --kind finish_capture",
        "finish_capture       manual",
    ),
    ("progression set delayed --after 2s", "after 2s"),
    (
        "progression set immediate",
        "capture              immediate",
    ),
    ("steps list", "no step waits"),
    ("steps run --kind capture", "no step happened"),
    (
        "faults add status --status 503 --operation getCards --times 1",
        "status 503",
    ),
    (
        "faults add latency --after 1500ms --percentage 10 --seed 42",
        "1s 500ms, 10 %, seed 42",
    ),
    ("faults list", "applied 0 of 0"),
    ("faults remove 1", "fault 1 is removed"),
    ("faults clear", "all faults are removed"),
    ("faults list", "no fault is in force"),
    ("accounts balance ACCOUNT", "available"),
    ("accounts pay-in ACCOUNT 0.5", "token"),
    ("accounts take-out ACCOUNT 0.5", "held       0"),
    ("transactions refund TRANSACTION 0.5", "is processing"),
    ("cards suspend CARD", "is suspended"),
    ("cards reinstate CARD", "is active"),
    ("cards block CARD", "is blocked"),
    ("deliveries list", "card.updated to "),
    (
        "deliveries resend-failed",
        "0 deliveries are sent once more",
    ),
    (
        "deliveries set-modes --duplicate --delay 5s --signature bad",
        "duplicate, delay 5000 ms, signature bad",
    ),
    ("deliveries modes", "all subscriptions: duplicate"),
    ("deliveries set-modes", "all subscriptions: as usual"),
    ("deliveries clear-modes NOTHING", "has no modes of its own"),
    ("customers reject CUSTOMER", "is rejected"),
    ("work", "no long call is under way"),
    ("cards add 10", "10 cards were added"),
    ("programmes list", "there are no programmes"),
    ("programmes create job-1", "API secret"),
    ("programmes list", "job-1  http://127.0.0.1:"),
    ("clock freeze --programme job-1", "frozen"),
    ("programmes drop job-1", "the programme job-1 is dropped"),
    ("reset", "everything that callers made was removed"),
];

/// A sandbox that has been walked through once, and the ids of what is in it.
struct Walked {
    sandbox: Sandbox,
    ids: BTreeMap<String, String>,
}

impl Walked {
    fn new() -> Self {
        let sandbox = Sandbox::start(&[]);
        let walk = run(&[
            "quickstart",
            "--json",
            "--keep-card",
            "--base-url",
            &sandbox.base_url,
        ]);
        assert_eq!(walk.code, Some(0), "{}", walk.err);
        let mut ids = BTreeMap::new();
        for line in walk.out.lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            let title = event["title"].as_str().unwrap_or_default().to_lowercase();
            for kind in ["customer", "account", "card", "transaction"] {
                let id = event["values"]["id"]
                    .as_str()
                    .filter(|_| title.contains(kind));
                if let Some(id) = id {
                    ids.insert(kind.to_owned(), id.to_owned());
                }
            }
        }
        Self { sandbox, ids }
    }

    /// Runs a subcommand, with `CARD` and the like replaced by ids.
    fn control(&self, line: &str) -> Said {
        let word = |word: &str| match self.ids.get(&word.to_lowercase()) {
            Some(id) if word.chars().all(|letter| letter.is_ascii_uppercase()) => id.clone(),
            _ => word.replace("NOTHING", NOTHING),
        };
        let words: Vec<_> = line.split_whitespace().map(word).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let target = ["--url", &self.sandbox.base_url];
        run(&[&["sandbox"][..], &words, &target].concat())
    }

    fn stop(self) {
        self.sandbox.signal("TERM");
        assert_eq!(self.sandbox.wait().code, Some(0));
    }
}

#[test]
fn each_subcommand_does_what_it_says() {
    let walked = Walked::new();
    for kind in ["customer", "account", "card", "transaction"] {
        assert!(
            walked.ids.contains_key(kind),
            "the walk shows no {kind}: {:?}",
            walked.ids
        );
    }
    for (line, expected) in COMMANDS {
        let said = walked.control(line);
        assert_eq!(
            (said.code, said.err.as_str()),
            (Some(0), ""),
            "{line}: {}",
            said.out
        );
        assert!(said.out.contains(expected), "{line} printed:\n{}", said.out);
        let json = walked.control(&format!("{line} --json"));
        // A second time, some of them are rejected by the state of things.
        if json.code == Some(0) {
            let parsed: Result<Value, _> = serde_json::from_str(&json.out);
            assert!(parsed.is_ok(), "{line} --json printed:\n{}", json.out);
            assert_eq!(json.out.lines().count(), 1, "{line}");
        }
    }
    walked.stop();
}

#[test]
fn rejections_say_why() {
    let walked = Walked::new();
    for (line, expected) in [
        ("clock set 2020-01-01T00:00:00Z", "cannot go back"),
        ("programmes drop job-1", "there is no programme job-1"),
        ("clock show --programme job-1", "no such programme"),
        ("steps run 999", "there is no step that waits 999"),
        ("faults remove 999", "there is no fault 999"),
        ("faults add status --operation getNothing", "getNothing"),
        ("faults add status --status 200", "/status"),
        ("accounts fail ACCOUNT", "cannot be failed"),
        ("accounts balance NOTHING", "there is no account"),
        (
            "accounts take-out ACCOUNT 999999999999999999999999",
            "the sandbox rejects it",
        ),
        ("cards reinstate CARD", "cannot be reinstated"),
        ("transactions reverse NOTHING", "there is no transaction"),
        ("deliveries resend 999", "no delivery 999"),
        (
            "deliveries set-modes --drop --webhook NOTHING",
            "no webhook subscription",
        ),
    ] {
        let said = walked.control(line);
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{line}");
        assert!(said.err.contains(expected), "{line} said: {}", said.err);
    }
    walked.stop();
}

#[test]
fn a_sandbox_that_is_not_there_is_named_with_what_to_do() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let mut show = command(&["sandbox", "clock", "show"]);
    let said = finish(show.env("OFFBLOCKS_SANDBOX_URL", &url).output().unwrap());
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    for part in [url.as_str(), "offblocks sandbox", "--url"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
}

#[test]
fn the_command_line_is_checked_before_anything_is_called() {
    for line in [
        "clock advance soon",
        "clock set yesterday",
        "progression set delayed",
        "progression set manual --kind dance",
        "faults add explode",
        "faults add status --seed 1",
        "cards suspend x",
        "cards add 0",
        "programmes create Job",
        "clock show --programme default",
        "steps run 1 --kind capture",
        "--listen 127.0.0.1:0 clock show",
    ] {
        let words: Vec<_> = line.split_whitespace().collect();
        let said = run(&[&["sandbox"][..], &words].concat());
        assert_eq!(said.code, Some(2), "{line}: {}", said.out);
    }
}

#[test]
fn values_that_cannot_be_read_are_told_how_to_be_written() {
    for (line, expected) in [
        (
            "clock set 2026-03-01",
            "an instant such as 2030-01-01T00:00:00Z",
        ),
        ("cards suspend x", "a UUID such as 2a6e9c14"),
        ("deliveries clear-modes x", "a UUID such as 2a6e9c14"),
        ("faults add explode", "possible values: status, latency"),
        (
            "progression set manual --kind dance",
            "possible values: pass_screening",
        ),
        (
            "deliveries set-modes --signature odd",
            "possible values: valid, bad",
        ),
    ] {
        let words: Vec<_> = line.split_whitespace().collect();
        let said = run(&[&["sandbox"][..], &words].concat());
        assert_eq!(said.code, Some(2), "{line}: {}", said.out);
        assert!(said.err.contains(expected), "{line} said: {}", said.err);
    }
}

#[test]
fn help_has_examples_that_are_well_formed() {
    let groups = [
        "clock",
        "progression",
        "steps",
        "faults",
        "customers",
        "accounts",
        "cards",
        "transactions",
        "deliveries",
        "programmes",
        "fixtures",
        "snapshot",
        "restore",
        "reset",
        "work",
    ];
    for group in groups {
        let said = run(&["sandbox", group, "--help"]);
        let examples = said
            .out
            .lines()
            .filter(|line| line.starts_with("  offblocks sandbox "));
        let examples: Vec<_> = examples.collect();
        assert!(
            !examples.is_empty(),
            "{group} has no examples:\n{}",
            said.out
        );
        for example in examples {
            // What is behind the command is for another program.
            let example = example.split(" | ").next().unwrap();
            let words = example.split_whitespace().skip(1);
            // Nothing listens there, so what is well formed fails for that reason alone.
            let words: Vec<_> = words.chain(["--url", "http://127.0.0.1:9"]).collect();
            let words: Vec<_> = match example.contains("--url") {
                true => words[..words.len() - 2].to_vec(),
                false => words,
            };
            let said = run(&words);
            assert_ne!(said.code, Some(2), "{example}: {}", said.err);
        }
    }
}

/// One call without a token; how it ends does not matter.
fn call(authority: &str, path: &str) {
    let mut stream = std::net::TcpStream::connect(authority).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
}

#[test]
fn the_log_says_why_a_call_failed() {
    let sandbox = Sandbox::start(&[]);
    let url = &sandbox.base_url;
    call(sandbox.authority(), "/v1/cards");
    call(sandbox.authority(), "/v1/card");
    let add = ["sandbox", "faults", "add", "reset_before", "--url", url];
    assert_eq!(run(&add).code, Some(0));
    call(sandbox.authority(), "/v1/chains");
    let said = run(&["sandbox", "logs", "--url", url]);
    for expected in [
        "token: the call carries no bearer token",
        "the nearest is /v1/cards",
        "none  GET    /v1/chains",
        "fault 1, on purpose: reset_before",
    ] {
        assert!(said.out.contains(expected), "{expected} in {}", said.out);
    }
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn the_log_is_shown_and_followed_over_a_restart() {
    let sandbox = Sandbox::start(&[]);
    let url = sandbox.base_url.clone();
    let listen = sandbox.authority().to_owned();
    let said = run(&["sandbox", "logs", "--url", &url]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), ""),
        "{}",
        said.err
    );
    assert_eq!(run(&["quickstart", "--base-url", &url]).code, Some(0));
    let said = run(&["sandbox", "logs", "--url", &url, "--limit", "100"]);
    assert!(
        said.out.contains("POST   /v1/auth/token  getToken"),
        "{}",
        said.out
    );
    let said = run(&["sandbox", "logs", "--url", &url, "--json", "--limit", "100"]);
    let entries = said
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut cards = entries.filter(|entry| entry["operation"] == "createAccountCard");
    let entry = cards.next().unwrap();
    assert_eq!(entry["checks"]["signature"]["verdict"], "passed", "{entry}");
    let har = run(&["sandbox", "logs", "--url", &url, "--har"]);
    let har: Value = serde_json::from_str(&har.out).unwrap();
    assert_eq!(har["log"]["version"], "1.2");

    let mut follow = command(&[
        "sandbox", "logs", "--follow", "--json", "--limit", "1", "--url", &url,
    ]);
    let mut follow = follow.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufReader::new(follow.stdout.take().unwrap());
    let mut next = || {
        let mut line = String::new();
        std::io::BufRead::read_line(&mut lines, &mut line).unwrap();
        serde_json::from_str::<Value>(&line).unwrap()
    };
    let first = next();
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
    let again = Sandbox::start_at(&listen, &[]);
    assert_eq!(
        run(&["quickstart", "--base-url", &again.base_url]).code,
        Some(0)
    );
    let second = next();
    assert_ne!(first["run"], second["run"]);
    assert_eq!(
        (&second["number"], &second["operation"]),
        (&Value::from(1), &Value::from("getToken"))
    );
    follow.kill().unwrap();
    follow.wait().unwrap();
    again.signal("TERM");
    assert_eq!(again.wait().code, Some(0));
    let said = run(&["sandbox", "logs", "--url", &url]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(
        said.err.contains("start one with `offblocks sandbox`"),
        "{}",
        said.err
    );
}
