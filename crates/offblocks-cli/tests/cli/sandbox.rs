//! `offblocks sandbox`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::golden;
use crate::offblocks::{Sandbox, run};

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
fn a_refused_start_leaves_no_database_behind() {
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
fn a_database_that_was_made_with_them_is_refused_too() {
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
        second.greeting.contains("this database was made with"),
        "{}",
        second.greeting
    );
    second.signal("TERM");
    second.wait();
}

#[test]
fn a_request_in_flight_is_answered_before_it_stops() {
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
    until_refused(sandbox.authority());
    assert!(sandbox.is_running(), "it waits for the request in flight");
    connection.write_all(second.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
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
    for told in [sandbox.authority(), "--listen"] {
        assert!(said.err.contains(told), "{}", said.err);
    }
    let said = run(&[
        "sandbox",
        "--listen",
        "127.0.0.1:0",
        "--database",
        &database,
    ]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    for told in [file.to_str().unwrap(), "another sandbox"] {
        assert!(said.err.contains(told), "{}", said.err);
    }
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn what_happens_by_itself_takes_as_long_as_it_is_told() {
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

/// Waits until nobody listens any more; each refused connection takes the kernel's time.
fn until_refused(authority: &str) {
    while TcpStream::connect(authority).is_ok() {
        std::thread::yield_now();
    }
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    for arguments in [
        &["sandbox", "--listen", "nowhere"][..],
        &["quickstart", "--base-url", "127.0.0.1:8080"],
        &["quickstart", "--allow-plain-http"],
        &["sandbox", "--database", "postgres://host/db"],
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
        for told in ["Examples:", "Exit codes:", also] {
            assert!(help.out.contains(told), "{}", help.out);
        }
    }
}
