//! How responses are printed.

use offblocks_sandbox::testing::LocalWallet;
use serde_json::Value;

use super::session::Session;
use crate::golden;

fn customers(session: &Session) {
    for (number, owner) in ["OWNER", "OTHER"].iter().enumerate() {
        session.run(&format!(
            "customers create --chain-id {owner} --external-id customer,~{number}"
        ));
    }
}

#[test]
fn a_list_has_four_formats() {
    let session = Session::new();
    customers(&session);
    let mut all = String::new();
    for line in [
        "customers list",
        "customers list --limit 1",
        "customers list --json",
        "customers list --output json",
        "customers list --output yaml",
        "customers list --output csv",
        "customers list --query [].externalId",
        "customers list --query [].{name:externalId,state:status}",
        "customers list --query [].{name:externalId,state:status} --output csv",
        "customers list --query length(@)",
        "customers list --query [?status=='active']",
        "cards list",
        "cards list --json",
        "cards list --output csv",
    ] {
        let said = session.try_run(line);
        assert_eq!(said.code, Some(0), "{line}: {}", said.err);
        all += &format!("$ offblocks {line}\n{}{}\n", said.out, said.err);
    }
    golden::check("operations-formats.txt", &all);
    let json = session.run("customers list --json");
    assert_eq!(json.lines().count(), 1);
    let parsed: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(parsed[1]["externalId"], "customer, 1");
    session.stop();
}

#[test]
fn the_help_of_an_operation_is_that_of_the_contract() {
    let said = crate::offblocks::run(&["accounts", "create-card", "--help"]);
    assert_eq!(said.code, Some(0));
    golden::check("operations-help.txt", &said.out);
}

#[test]
fn secrets_go_to_a_file_of_the_owner_alone() {
    let session = Session::new();
    session.set("TOKEN", &session.file("token.json"));
    let line = "auth get-token --body-api-key APIKEY --body-api-secret-file SECRETFILE";
    let shown = session.run(line);
    assert!(shown.contains("[hidden: --secrets-to FILE"), "{shown}");
    assert_eq!(session.run(&format!("{line} --secrets-to TOKEN")), "");
    let file = std::fs::read_to_string(session.file("token.json")).unwrap();
    let kept: Value = serde_json::from_str(&file).unwrap();
    assert!(kept["token"].as_str().unwrap().starts_with("eyJ"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(session.file("token.json")).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    }
    let again = session.try_run(&format!("{line} --secrets-to TOKEN"));
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("exists already"), "{}", again.err);
    session.stop();
}

#[test]
fn a_body_comes_from_a_file_the_input_or_the_line() {
    let session = Session::new();
    let body = r#"{"chainId":"CHAIN","externalId":"from-a-file"}"#;
    let owner = LocalWallet::numbered(3).owner();
    session.write("body.json", &body.replace("CHAIN", owner.as_ref()));
    session.set("BODY", &session.file("body.json"));
    let created = session.run("customers create --body BODY --external-id from-an-option --json");
    let created: Value = serde_json::from_str(&created).unwrap();
    assert_eq!(created["externalId"], "from-an-option");
    let other = body.replace("CHAIN", LocalWallet::numbered(4).owner().as_ref());
    session.set("INLINE", &other);
    let created = session.run("customers create --body INLINE --query externalId");
    assert_eq!(created, "from-a-file\n");
    session.stop();
}

#[test]
fn a_key_repeats_a_call() {
    let session = Session::new();
    let line = "customers create --chain-id OWNER --external-id once --query id \
                --idempotency-key 0c2f5f4e-6f8b-4d5c-9a3e-5b7d1c2e8f90";
    assert_eq!(session.run(line), session.run(line));
    session.stop();
}
