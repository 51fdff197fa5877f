//! Against the sandbox, which keeps to the contract.

use std::collections::BTreeSet;
use std::net::TcpListener;

use crate::command::{conformance, finish, offblocks, with_spec};

#[test]
fn the_sandbox_conforms_and_nothing_is_changed_without_being_asked() {
    let said = conformance(&["--format", "json"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), ""),
        "{}",
        said.out
    );
    assert_eq!(said.rules(), BTreeSet::new(), "{}", said.out);
    let report = said.report();
    let operations = report["coverage"]["byOperation"].as_array().unwrap().iter();
    let called = operations.filter(|it| it["method"] != "GET" && it["seen"] == true);
    let called: Vec<&str> = called.map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(called, ["getToken", "updateSigningKey", "deleteSigningKey"]);
}

#[test]
fn the_sandbox_conforms_along_the_whole_guide() {
    let said = conformance(&["--mutate", "--format", "json"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), ""),
        "{}",
        said.out
    );
    assert_eq!(said.rules(), BTreeSet::new(), "{}", said.out);
    let report = said.report();
    let operations = report["coverage"]["byOperation"].as_array().unwrap().iter();
    let unseen = operations.filter(|it| it["seen"] == false && it["implemented"] == true);
    let unseen: Vec<&str> = unseen.map(|it| it["id"].as_str().unwrap()).collect();
    let left_alone = ["updateCredentials", "deleteCredentials"];
    assert_eq!(unseen, left_alone);
    // Everything but the 500s and what a lone caller cannot bring about.
    let seen = report["coverage"]["statuses"]["seen"].as_u64().unwrap();
    assert!(seen >= 145, "{seen} statuses");
}

#[test]
fn a_server_that_is_not_there_is_inconclusive() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let said = conformance(&["--base-url", &format!("http://{free}/v1")]);
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    assert!(
        said.out
            .contains("inconclusive: the server does not respond"),
        "{}",
        said.out
    );
}

#[test]
fn wrong_credentials_are_inconclusive() {
    let key = "11111111-2222-4333-8444-555555555555";
    let sandbox = crate::bank::serve(|_| {
        let unauthorised = async || http::StatusCode::UNAUTHORIZED;
        axum::Router::new().fallback(unauthorised)
    });
    let given = ["--api-key", key, "--api-secret", "hush hush"];
    let said = conformance(&[&["--base-url", &sandbox], &given[..]].concat());
    assert_eq!(said.code, Some(3), "{}{}", said.out, said.err);
    assert!(
        said.out.contains("the response of getToken is 401"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("hush"), "{}", said.out);
}

#[test]
fn what_cannot_be_read_is_reported_before_anything_is_called() {
    let said = with_spec("/nowhere.yaml", &[]);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert!(said.err.contains("/nowhere.yaml"), "{}", said.err);
    let said = conformance(&["--accepted", "/nowhere.toml"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    let said = conformance(&["--har", "/nowhere.har"]);
    assert_eq!(said.code, Some(2), "{}", said.err);
    let said = conformance(&["--base-url", "https://api.example/v1"]);
    assert_eq!(said.code, Some(2), "credentials are missing: {}", said.err);
    let mut without = offblocks();
    without.arg("conformance");
    assert_eq!(finish(without).code, Some(2));
}

/// What the sandbox logs while it is called is read back and judged like any other recording.
#[test]
fn the_request_log_of_a_sandbox_is_read_as_a_recording() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let settings = offblocks_sandbox::Settings::default();
    let sandbox = runtime
        .block_on(offblocks_sandbox::start_local(settings))
        .unwrap();
    let called = conformance(&["--base-url", sandbox.base_url().as_str(), "--mutate"]);
    assert_eq!(called.code, Some(0), "{}{}", called.out, called.err);
    let url = sandbox.base_url().join("/_sandbox/requests.har").unwrap();
    let har = runtime.block_on(async { reqwest::get(url).await.unwrap().text().await.unwrap() });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.har");
    let mut file = std::fs::File::create(&path).unwrap();
    std::io::Write::write_all(&mut file, har.as_bytes()).unwrap();
    let said = conformance(&["--har", path.to_str().unwrap(), "--format", "json"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (Some(0), ""),
        "{}",
        said.findings_text()
    );
    let report = said.report();
    let exchanges = report["exchanges"].as_u64().unwrap();
    assert!(
        exchanges >= 145,
        "{exchanges} exchanges were read: {report:#}"
    );
    assert!(!har.contains(offblocks_sandbox::DEFAULT_API_SECRET));
    runtime.block_on(sandbox.stop()).unwrap();
}
