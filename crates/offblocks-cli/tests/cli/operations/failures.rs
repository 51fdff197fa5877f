//! What a failure says, and what the command ends with.

use serde_json::Value;

use super::session::Session;
use crate::offblocks::run;

const NOTHING: &str = "0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90";

#[test]
fn the_exit_code_says_what_kind_of_failure_it_is() {
    let session = Session::new();
    session.make(
        "CUSTOMER",
        "customers create --chain-id OWNER --external-id customer-1",
    );
    session.set("NOTHING", NOTHING);
    for (line, code, expected) in [
        ("customers get NOTHING", 12, "404"),
        ("customers activate CUSTOMER", 13, "409"),
        (
            "customers create --chain-id OWNER --external-id x",
            13,
            "409",
        ),
        ("customers create --chain-id x --external-id x", 10, "400"),
        (
            "customers create --chain-id OTHER",
            2,
            "the body lacks externalId",
        ),
        ("customers create --body [", 2, "not valid JSON at line 1"),
        (
            "customers create --body nowhere.json",
            2,
            "cannot read the body",
        ),
        ("customers get x", 2, "it is not a UUID"),
        ("customers list --query [", 2, "--query"),
        ("customers list --limit 1 --all", 2, "cannot be used with"),
        (
            "accounts create-card NOTHING --type paper",
            2,
            "virtual, physical",
        ),
        (
            "simulator card-authorisation NOTHING --amount much",
            2,
            "decimal number",
        ),
        ("customers list --query sum(@)", 2, "sum"),
    ] {
        let said = session.try_run(line);
        assert_eq!(
            (said.code, said.out.as_str()),
            (Some(code), ""),
            "{line}: {}",
            said.err
        );
        assert!(said.err.contains(expected), "{line} said: {}", said.err);
    }
    session.stop();
}

#[test]
fn a_failure_is_json_where_json_is_asked_for() {
    let session = Session::new();
    let said = session.try_run(&format!("customers get {NOTHING} --json"));
    assert_eq!((said.code, said.out.as_str()), (Some(12), ""));
    let error: Value = serde_json::from_str(&said.err).unwrap();
    let error = &error["error"];
    assert_eq!(error["kind"], "not_found");
    assert_eq!(error["status"], 404);
    assert_eq!(error["operation"], "getCustomer");
    assert!(
        error["message"].as_str().unwrap().contains("404"),
        "{error}"
    );
    session.stop();
}

#[test]
fn a_server_that_fails_or_is_not_there_has_its_own_code() {
    let session = Session::new();
    session.set("URL", &session.sandbox.base_url);
    for (kind, code) in [("status --status 500", 15), ("too_many_requests", 14)] {
        session.run(&format!(
            "sandbox faults add {kind} --operation getCards --url URL"
        ));
        let said = session.try_run("cards list");
        assert_eq!(said.code, Some(code), "{}", said.err);
        session.run("sandbox faults clear --url URL");
    }
    session.variable("OFFBLOCKS_API_KEY", NOTHING);
    session.variable("OFFBLOCKS_API_SECRET", "wrong-secret");
    let said = session.try_run("cards list");
    assert_eq!(said.code, Some(11), "{}", said.err);
    assert!(!said.err.contains("wrong-secret"), "{}", said.err);
    session.stop();
}

/// What the network does to a call, and the code for it: a read can be repeated, and a change may have
/// been carried out.
#[test]
fn a_connection_that_breaks_has_its_own_code() {
    let session = Session::new();
    session.set("URL", &session.sandbox.base_url);
    let create = "customers create --chain-id OWNER --external-id once";
    for (fault, line, code) in [
        ("reset_before --operation getCards", "cards list", 17),
        ("reset_before --operation createCustomer", create, 18),
    ] {
        session.run(&format!("sandbox faults add {fault} --url URL"));
        let said = session.try_run(&format!("{line} --json"));
        assert_eq!(said.code, Some(code), "{line}: {}", said.err);
        session.run("sandbox faults clear --url URL");
        let error: Value = serde_json::from_str(&said.err).unwrap();
        assert_eq!(error["error"]["outcomeUnknown"], code == 18, "{error}");
        if let Some(key) = error["error"]["idempotencyKey"].as_str() {
            session.run(&format!("{line} --idempotency-key {key}"));
        }
    }
    session.variable("OFFBLOCKS_BASE_URL", "http://127.0.0.1:9/v1");
    let said = session.try_run("cards list");
    assert_eq!(said.code, Some(16), "{}", said.err);
    session.stop();
}

#[test]
fn what_is_missing_is_named_before_anything_is_called() {
    let said = run(&["cards", "list"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("--base-url"), "{}", said.err);
    let said = run(&["cards", "list", "--base-url", "http://127.0.0.1:9/v1"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("--signing-key"), "{}", said.err);
}
