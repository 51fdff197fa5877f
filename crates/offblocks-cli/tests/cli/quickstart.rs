//! `offblocks quickstart`.

use std::net::TcpListener;

use serde_json::Value;

use crate::golden;
use crate::offblocks::{Sandbox, command, finish, run};

const OTHER_KEY: &str = "11111111-2222-4333-8444-555555555555";
const OWN: [&str; 4] = ["--api-key", OTHER_KEY, "--api-secret", "our own secret"];

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
fn what_it_recommends_works_as_typed() {
    let mut walk = command(&["quickstart"]);
    walk.env("CARGO_PKG_NAME", "offblocks-cli");
    let said = finish(walk.output().unwrap());
    for recommended in [
        "  cargo run -p offblocks-cli -- sandbox --database sqlite:offblocks.db\n",
        "  cargo run -p offblocks-cli -- quickstart --base-url http://127.0.0.1:8080/v1\n",
    ] {
        assert!(said.out.contains(recommended), "{}", said.out);
    }
}

#[test]
fn colour_is_for_terminals() {
    let said = run(&["quickstart", "-vv"]);
    assert!(!said.out.contains('\u{1b}'), "a pipe is not a terminal");
    assert!(
        said.err.contains("createAccountCard"),
        "logs were requested"
    );
    assert!(!said.err.contains('\u{1b}'), "a pipe is not a terminal");
}

/// The logs of client and sandbox, of every library and at every level, hold no secret and no
/// personal data.
#[test]
fn no_log_level_shows_a_secret() {
    let sandbox = Sandbox::start(&[&["-vv"][..], &OWN].concat());
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    let file = key.to_str().unwrap();
    assert_eq!(run(&["keys", "generate", file]).code, Some(0));
    let walk = ["quickstart", "-vv", "--signing-key", file, "--base-url"];
    let said = run(&[&walk[..], &[&sandbox.base_url], &OWN].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    sandbox.signal("TERM");
    let served = sandbox.wait();
    for log in [&said.err, &served.err] {
        assert!(log.contains("DEBUG") && log.contains("createAccountCard"));
    }
    let pem = std::fs::read_to_string(&key).unwrap();
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let secrets = lines.chain([
        "our own secret",
        "PRIVATE KEY",
        "eyJ",          // A token's first letters.
        "Harbour Row",  // The body of the card's order.
        "wants you to", // The challenge that the wallet signs.
    ]);
    for secret in secrets {
        assert!(!said.err.contains(secret), "{secret} in {}", said.err);
        assert!(!served.err.contains(secret), "{secret} in {}", served.err);
        let shown = secret == "wants you to" || !said.out.contains(secret);
        assert!(shown, "{secret} in {}", said.out);
    }
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
    assert_eq!(events.len(), 20);
    assert_eq!((events[0], events[1], events[19]), ("begin", "step", "end"));
    let issue = lines.iter().find(|line| line["step"] == 8).unwrap();
    assert_eq!(issue["values"]["status"], "active");
    assert_eq!(issue["requests"][0]["method"], "PATCH");
    assert_eq!(issue["requests"][0]["status"], 202);
    let members = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let last = lines.iter().find(|line| line["step"] == 18).unwrap();
    assert_eq!(last["values"]["statuses"], "inactive, active, terminated");
    assert_eq!(members(&lines[0]), ["baseUrl", "event"]);
    assert_eq!(
        members(issue),
        ["event", "requests", "step", "title", "values"]
    );
    assert_eq!(
        members(&issue["requests"][0]),
        ["method", "path", "status", "times"]
    );
    assert_eq!(members(&lines[19]), ["event", "steps"]);
    let named = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric());
    let steps = lines.iter().filter_map(|line| line["values"].as_object());
    assert!(
        steps
            .flat_map(|values| values.keys())
            .all(|name| named(name))
    );
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
    let sandbox = Sandbox::start(&OWN);
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
        .env("OFFBLOCKS_SIGNING_KEY_FILE", &key)
        .env(
            "OFFBLOCKS_SIGNING_KEY_ID",
            "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10",
        );
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
    let sandbox = Sandbox::start(&OWN);
    let wrong = ["--api-key", OTHER_KEY, "--api-secret", "a wrong secret"];
    for json in [&[][..], &["--json"]] {
        let start = ["quickstart", "--base-url", &sandbox.base_url];
        let arguments = [&start[..], &wrong, json].concat();
        let said = run(&arguments);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(
            said.out.contains("401"),
            "the request and its status are reported: {}",
            said.out
        );
        assert!(
            !said.out.contains("PUT"),
            "without a token it is not sent: {}",
            said.out
        );
        assert!(said.err.contains("step 1"), "{}", said.err);
        assert_eq!(
            said.out.contains(r#""error":"#),
            !json.is_empty(),
            "{}",
            said.out
        );
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
    assert!(said.out.contains("no response"), "{}", said.out);
    assert!(said.err.starts_with("error: step 1"), "{}", said.err);
}

#[test]
fn other_servers_need_credentials() {
    let said = run(&["quickstart", "--base-url", "https://api.offblocks.test/v1"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("OFFBLOCKS_API_SECRET"), "{}", said.err);
    let plain = ["quickstart", "--base-url", "http://api.offblocks.test/v1"];
    let said = run(&[&plain[..], &OWN].concat());
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("--allow-plain-http"), "{}", said.err);
    let said = run(&["quickstart", "--api-key", OTHER_KEY]);
    assert_eq!(said.code, Some(2), "a key without its secret: {}", said.err);
}

/// A file of profiles with the sandbox as `local`, that this user alone can read.
fn profiles(folder: &std::path::Path, sandbox: &Sandbox) -> std::path::PathBuf {
    let key = folder.join("key.pem");
    let generated = run(&["keys", "generate", key.to_str().unwrap()]);
    assert_eq!(generated.code, Some(0), "{}", generated.err);
    let file = folder.join("profiles.toml");
    let text = format!(
        "[local]\nenvironment = \"{}\"\napi_key = \"{OTHER_KEY}\"\napi_secret = \"our own secret\"\n\
         signing_key_file = \"key.pem\"\nsigning_key_id = \"0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10\"\n",
        sandbox.base_url
    );
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut created = options.open(&file).unwrap();
    std::io::Write::write_all(&mut created, text.as_bytes()).unwrap();
    file
}

#[test]
fn a_profile_of_the_client_serves_the_command_too() {
    let sandbox = Sandbox::start(&OWN);
    let folder = tempfile::tempdir().unwrap();
    let file = profiles(folder.path(), &sandbox);
    let with_profile = |arguments: &[&str]| {
        let mut command = command(arguments);
        command.env("OFFBLOCKS_PROFILE_FILE", &file);
        finish(command.output().unwrap())
    };
    let walked = with_profile(&["quickstart", "--profile", "local"]);
    assert_eq!(walked.code, Some(0), "{}", walked.err);
    let id = "0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10";
    assert!(walked.out.contains(id), "{}", walked.out);
    let url = format!("{}/cards", sandbox.base_url);
    let signed = with_profile(&["keys", "sign", "GET", &url, "--profile", "local"]);
    assert!(signed.out.contains(id), "{}{}", signed.out, signed.err);
    let unknown = with_profile(&["quickstart", "--profile", "live"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("no profile `live`"), "{}", unknown.err);
    assert!(!unknown.err.contains("our own secret"));
    sandbox.signal("TERM");
    sandbox.wait();
}

#[test]
fn a_key_file_in_the_place_of_the_key_is_explained_and_no_key_is_repeated() {
    let mut walk = command(&["quickstart"]);
    walk.env("OFFBLOCKS_SIGNING_KEY", "SENSITIVE");
    let said = finish(walk.output().unwrap());
    assert_eq!(said.code, Some(2), "{}", said.err);
    assert!(
        said.err.contains("OFFBLOCKS_SIGNING_KEY_FILE") && !said.err.contains("SENSITIVE"),
        "{}",
        said.err
    );
}
