//! `offblocks sandbox`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::golden;
use crate::offblocks::{Sandbox, eventually, run};

const OTHER: [&str; 4] = [
    "--api-key",
    "11111111-2222-4333-8444-555555555555",
    "--api-secret",
    "our own secret",
];

#[test]
fn it_says_where_it_listens_and_how_to_call_it() {
    let sandbox = Sandbox::start(&[]);
    golden::check("sandbox.txt", &sandbox.greeting);
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn it_never_prints_a_secret_of_ones_own() {
    let sandbox = Sandbox::start(&OTHER);
    golden::check("sandbox-own-credentials.txt", &sandbox.greeting);
    sandbox.signal("INT");
    let said = sandbox.wait();
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""));
}

#[test]
fn it_does_not_listen_beyond_this_machine_with_credentials_everybody_knows() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let said = run(&["sandbox", "--listen", address]);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(said.err.contains("default credentials"), "{}", said.err);
        assert!(
            said.err.contains("--api-secret"),
            "it says what to do: {}",
            said.err
        );
        assert_eq!(said.out, "");
    }
}

#[test]
fn what_listens_everywhere_is_shown_by_an_address_that_can_be_called() {
    let sandbox = Sandbox::start_at("0.0.0.0:0", &OTHER);
    let greeting = &sandbox.greeting;
    assert!(greeting.contains("http://127.0.0.1:"), "{greeting}");
    assert!(greeting.contains("every other address"), "{greeting}");
    assert!(!greeting.contains("0.0.0.0"), "{greeting}");
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn a_rejected_start_leaves_no_database_behind() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for address in ["0.0.0.0:0", &taken] {
        let said = run(&["sandbox", "--listen", address, "--database", &database]);
        assert_eq!(said.code, Some(1), "{}", said.out);
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 0, "{address}: {}", said.err);
    }
    // Following the advice works.
    let sandbox = Sandbox::start(&[&["--database", &database][..], &OTHER].concat());
    assert!(
        sandbox.greeting.contains("as you gave it"),
        "{}",
        sandbox.greeting
    );
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn a_database_that_was_made_with_them_is_rejected_too() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let sandbox = Sandbox::start(&["--database", &database]);
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
    let start = ["sandbox", "--listen", "0.0.0.0:0", "--database", &database];
    let said = run(&[&start[..], &OTHER].concat());
    assert_eq!(
        said.code,
        Some(1),
        "other credentials change nothing: {}",
        said.out
    );
}

#[test]
fn a_database_keeps_its_credentials_and_the_greeting_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let first = Sandbox::start(&["--database", &database]);
    first.signal("TERM");
    first.wait();
    let second = Sandbox::start(&[&["--database", &database][..], &OTHER].concat());
    assert!(
        second.greeting.contains("this database was created with"),
        "{}",
        second.greeting
    );
    second.signal("TERM");
    second.wait();
}

#[test]
fn a_request_in_flight_is_completed_before_it_stops() {
    let mut sandbox = Sandbox::start(&[]);
    let body = r#"{"apiKey": "11111111-2222-4333-8444-555555555555", "apiSecret": "x"}"#;
    let (first, second) = body.split_at(20);
    let mut connection = TcpStream::connect(sandbox.authority()).unwrap();
    write!(
        connection,
        "POST /v1/auth/token HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        sandbox.authority(),
        body.len()
    )
    .unwrap();
    // Once the server asks for the body it is busy with the request.
    let mut asked = [0; 25];
    connection.read_exact(&mut asked).unwrap();
    assert!(asked.starts_with(b"HTTP/1.1 100"));
    connection.write_all(first.as_bytes()).unwrap();
    sandbox.signal("TERM");
    until_closed(sandbox.authority());
    assert!(sandbox.is_running(), "it waits for the request in flight");
    connection.write_all(second.as_bytes()).unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn a_second_one_is_told_what_is_in_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let database = format!("sqlite:{}", file.display());
    let sandbox = Sandbox::start(&["--database", &database]);
    let said = run(&["sandbox", "--listen", sandbox.authority()]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    for part in [sandbox.authority(), "--listen"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    let said = run(&[
        "sandbox",
        "--listen",
        "127.0.0.1:0",
        "--database",
        &database,
    ]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    for part in [file.to_str().unwrap(), "another sandbox"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn automatic_steps_take_as_long_as_the_setting_says() {
    let sandbox = Sandbox::start(&["--follow-up-delay", "0"]);
    let said = run(&["quickstart", "--base-url", &sandbox.base_url]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        !said.out.contains("times)"),
        "nothing is waited for: {}",
        said.out
    );
    sandbox.signal("TERM");
    sandbox.wait();
}

/// Waits until the port is closed. Each failed connection gives the kernel time.
fn until_closed(authority: &str) {
    eventually("the port is closed", || {
        TcpStream::connect(authority).is_err().then_some(())
    });
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    for arguments in [
        &["sandbox", "--listen", "nowhere"][..],
        &["quickstart", "--base-url", "127.0.0.1:8080"],
        &["quickstart", "--allow-plain-http"],
        &["sandbox", "--database", "mysql://host/db"],
        &["sandbox", "--api-secret", "alone"],
        &["sandbox", "--follow-up-delay", "86400001"],
        &["nonsense"],
        &[],
    ] {
        assert_eq!(run(arguments).code, Some(2), "{arguments:?}");
    }
    for (command, also) in [
        ("quickstart", "OFFBLOCKS_BASE_URL"),
        ("sandbox", "OFFBLOCKS_DATABASE"),
        ("keys", "generate"),
        ("completions", "bash"),
    ] {
        let help = run(&[command, "--help"]);
        assert_eq!(help.code, Some(0));
        for part in ["Examples:", "Exit codes:", also] {
            assert!(help.out.contains(part), "{}", help.out);
        }
    }
}

/// Starts it with `arguments`, waits for its first line and ends it.
fn first_line(arguments: &[&str], then: impl FnOnce(&serde_json::Value)) -> Option<i32> {
    use std::io::BufRead as _;
    let mut child = crate::offblocks::command(&["sandbox", "--listen", "127.0.0.1:0", "--json"])
        .args(arguments)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut line).unwrap();
    then(&serde_json::from_str(&line).unwrap());
    let kill = format!("kill -TERM {}", child.id());
    std::process::Command::new("sh")
        .args(["-c", &kill])
        .status()
        .unwrap();
    child.wait().unwrap().code()
}

#[test]
fn programs_learn_where_it_listens_by_json_and_by_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.url");
    let code = first_line(&["--ready-file", file.to_str().unwrap()], |line| {
        assert_eq!(line["credentials"], "example");
        let ready = eventually("the file is written", || {
            std::fs::read_to_string(&file).ok()
        });
        assert_eq!(ready.trim(), line["baseUrl"], "it appears whole");
    });
    assert_eq!(code, Some(0));
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "it goes when it stops"
    );
}

#[test]
fn a_secret_may_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    write(&file, "\n");
    let path = file.to_str().unwrap();
    let given = [OTHER[0], OTHER[1], "--api-secret-file", path];
    let said = run(&[&["sandbox"][..], &given].concat());
    assert_eq!(said.code, Some(2), "an empty file is not a secret");
    write(&file, "our own secret\n");
    let code = first_line(&given, |line| assert_eq!(line["credentials"], "given"));
    assert_eq!(code, Some(0));
    let both = [&["sandbox"][..], &given, &OTHER[2..]].concat();
    assert_eq!(run(&both).code, Some(2), "one secret is enough");
}

#[test]
fn a_secret_in_the_place_of_a_key_is_not_repeated() {
    for arguments in [
        &["sandbox", "--api-key", "SENSITIVE", "--api-secret", "x"][..],
        &["quickstart", "--api-key", "SENSITIVE", "--api-secret", "x"],
        &["quickstart", "--key-id", "SENSITIVE"],
        &[
            "keys",
            "sign",
            "GET",
            "http://localhost/",
            "--key-id",
            "SENSITIVE",
        ],
    ] {
        let said = run(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}");
        assert!(!said.err.contains("SENSITIVE"), "{}", said.err);
        assert!(said.err.contains("is not a UUID"), "{}", said.err);
    }
}

#[test]
fn settings_come_from_flags_and_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.toml");
    let path = file.to_str().unwrap();
    write(
        &file,
        "follow-up-delay = 0\nexchange-rate = [\"USD=0.92\"]\n",
    );
    let code = first_line(&["--config", path, "--exchange-rate", "GBP=1.17"], |_| ());
    assert_eq!(code, Some(0));
    write(&file, "patience = 1\nexchange-rates = []\n");
    let said = run(&["sandbox", "--config", path]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains("line 2") && said.err.contains("exchange-rates"),
        "{}",
        said.err
    );
    let database = "postgres://ann:SENSITIVE@db.test/cards?schema=NO";
    for text in [
        format!("database = {database:?}\n"),
        format!("database = {database}\n"),
    ] {
        write(&file, &text);
        let said = run(&["sandbox", "--config", path]);
        assert_eq!(said.code, Some(1), "{text}");
        assert!(said.err.contains("line 1"), "{}", said.err);
        assert!(!said.err.contains("SENSITIVE"), "{}", said.err);
    }
    let listen = "listen = \"127.0.0.1:0\"\ndatabase = \"sqlite:there.db\"\n";
    write(&file, listen);
    let code = first_line(
        &["--config", path, "--database", "sqlite::memory:"],
        |line| {
            assert_eq!(line["database"], "sqlite::memory:");
        },
    );
    assert_eq!(code, Some(0));
    for wrong in ["USD", "usd=1", "USD=0", "USD=x"] {
        let said = run(&["sandbox", "--exchange-rate", wrong]);
        assert_eq!(said.code, Some(2), "{wrong}");
        assert!(said.err.contains("such as USD"), "{}", said.err);
    }
}

#[test]
fn another_host_is_allowed_by_a_flag() {
    let sandbox = Sandbox::start(&["--allow-host", "sandbox.test"]);
    for (host, expected) in [("sandbox.test", "401"), ("evil.example", "421")] {
        let mut connection = TcpStream::connect(sandbox.authority()).unwrap();
        write!(
            connection,
            "GET /v1/cards HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        )
        .unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        assert!(
            response.starts_with(&format!("HTTP/1.1 {expected}")),
            "{response}"
        );
    }
    sandbox.signal("TERM");
    sandbox.wait();
}

#[test]
fn a_database_without_credentials_says_that_signing_in_is_not_possible() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("sandbox.db").display());
    let sandbox = Sandbox::start(&["--database", &database]);
    let key = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15";
    let secret = "d46699a4467072a68221794ae0cc7ba6bf09505b";
    let body = format!(r#"{{"apiKey": "{key}", "apiSecret": "{secret}"}}"#);
    let said = call(&sandbox, "POST /v1/auth/token", "", &body);
    let token = said
        .split("\"token\":\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let headers = format!("authorization: Bearer {token}\r\nidempotency-key: {key}\r\n");
    let body = format!(r#"{{"apiKey": "{key}"}}"#);
    let said = call(&sandbox, "DELETE /v1/auth/credentials", &headers, &body);
    assert!(said.starts_with("HTTP/1.1 204"), "{said}");
    sandbox.signal("TERM");
    sandbox.wait();
    let sandbox = Sandbox::start(&["--database", &database]);
    assert!(
        sandbox.greeting.contains("credentials were deleted"),
        "{}",
        sandbox.greeting
    );
    assert!(
        !sandbox.greeting.contains("quickstart"),
        "{}",
        sandbox.greeting
    );
    sandbox.signal("TERM");
    sandbox.wait();
}

fn call(sandbox: &Sandbox, line: &str, headers: &str, body: &str) -> String {
    let mut connection = TcpStream::connect(sandbox.authority()).unwrap();
    let length = body.len();
    write!(
        connection,
        "{line} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{headers}\r\n{body}",
        sandbox.authority()
    )
    .unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    response
}

/// More connections than the process may have open files.
#[cfg(unix)]
#[test]
fn a_process_without_files_left_closes_what_is_idle_and_says_so_once() {
    use std::io::BufRead as _;
    let limited = "ulimit -n 48; exec \"$0\" sandbox --listen 127.0.0.1:0 --json";
    let mut child = std::process::Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_offblocks")])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap());
    lines.read_line(&mut line).unwrap();
    let greeting: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = greeting["baseUrl"].as_str().unwrap();
    let address = address
        .trim_start_matches("http://")
        .trim_end_matches("/v1");
    let idle: Vec<_> = (0..100)
        .map(|_| TcpStream::connect(address).unwrap())
        .collect();
    let mut client = TcpStream::connect(address).unwrap();
    write!(
        client,
        "GET /v1/nowhere HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut response = String::new();
    client.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    drop(idle);
    let kill = format!("kill -TERM {}", child.id());
    std::process::Command::new("sh")
        .args(["-c", &kill])
        .status()
        .unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    let lines = said.matches("connections cannot be accepted").count();
    assert_eq!(lines, 1, "{said}");
}

fn write(file: &std::path::Path, text: &str) {
    let mut file = std::fs::File::create(file).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

#[test]
fn signatures_that_are_not_checked_are_said_loudly_and_stay_on_this_machine() {
    let sandbox = Sandbox::start(&["--no-verify"]);
    assert!(
        sandbox.greeting.contains("NOT CHECKED"),
        "{}",
        sandbox.greeting
    );
    sandbox.signal("TERM");
    let said = sandbox.wait();
    assert!(
        said.err.contains("signatures are not checked"),
        "{}",
        said.err
    );
    let arguments = ["sandbox", "--listen", "0.0.0.0:0", "--no-verify"];
    let said = run(&[&arguments[..], &OTHER].concat());
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(
        said.err.contains("without checking signatures"),
        "{}",
        said.err
    );
    let code = first_line(&["--no-verify"], |line| {
        assert_eq!(line["signatures"], "unchecked")
    });
    assert_eq!(code, Some(0));
}
