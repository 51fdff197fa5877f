//! Every operation once, in the order of the guide.

use std::collections::BTreeSet;

use offblocks_sandbox::DEFAULT_API_SECRET;

use super::session::{KEY_ID, SECOND_KEY, SECOND_SECRET, Session};
use crate::golden;

const ADDRESS: &str = "--billing-address-first-line 1~Test~Avenue --billing-address-city London \
                       --billing-address-country GB --billing-address-post-code SW1~1AA";

fn onboard(session: &Session) {
    session.run("chains list");
    session.run("assets list --chain eip155:300");
    session.account();
    session.run("customers list");
    session.run("accounts list");
    session.run("customers list-accounts CUSTOMER");
    session.run("accounts get ACCOUNT");
}

fn issue(session: &Session) {
    let card = format!("accounts create-card ACCOUNT --type virtual {ADDRESS}");
    session.make("FAILING", &card);
    session.run("simulator card-fail FAILING");
    session.until("cards get FAILING --query status", "issue_failed");
    session.make("CARD", &card);
    session.run("simulator issue-card CARD");
    session.until("cards get CARD --query status", "active");
    session.run("cards deactivate CARD");
    session.run("cards activate CARD");
    session.run("cards list");
    session.run("accounts list-cards ACCOUNT");
    session.run("cards get CARD --output yaml");
}

fn pay(session: &Session) {
    let pay = "simulator card-authorisation CARD --amount 20.0 --currency EUR --capture false";
    session.make("FIRST", pay);
    session.run("simulator card-authorisation-capture FIRST");
    session.until(
        "authorisations get-details FIRST --query status",
        "captured",
    );
    session.make("SECOND", pay);
    session.run("simulator card-authorisation-release SECOND");
    session.until(
        "authorisations get-details SECOND --query status",
        "released",
    );
    session.until(
        "cards list-transactions CARD --query [0].status",
        "processed",
    );
    session.run("cards list-transactions CARD");
    session.run("accounts list-transactions ACCOUNT");
    let transaction = session.run("cards list-transactions CARD --query [0].id");
    session.set("TRANSACTION", &transaction);
    session.run("transactions get-details TRANSACTION");
    session.run("transactions get-details TRANSACTION --json");
}

fn receive(session: &Session) {
    let save =
        "webhooks save --callback-url http://127.0.0.1:9/ --types card.updated,transaction.updated";
    session.make("WEBHOOK", save);
    session.run("webhooks list");
    session.run("webhooks get WEBHOOK");
    session.run("webhooks get-verification-key --query keyId");
    session.run("webhooks delete WEBHOOK");
}

fn end(session: &Session) {
    session.run("cards delete CARD");
    session.run("accounts deactivate ACCOUNT");
    session.run("accounts activate ACCOUNT");
    session.run("accounts close ACCOUNT");
    session.run("customers deactivate CUSTOMER");
    session.run("customers activate CUSTOMER");
    session.make(
        "REJECTED",
        "customers create --chain-id OTHER --external-id customer-2",
    );
    session.try_run("simulator reject-customer REJECTED");
}

fn credentials(session: &Session) {
    session.run("auth get-token --body-api-key APIKEY --body-api-secret-file SECRETFILE");
    session.run(&format!(
        "auth update-credentials --body-api-key {SECOND_KEY} --body-api-secret-file SECONDFILE"
    ));
    session.variable("OFFBLOCKS_API_KEY", SECOND_KEY);
    session.variable("OFFBLOCKS_API_SECRET", SECOND_SECRET);
    session.run(&format!(
        "auth delete-signing-key --signing-key-id {KEY_ID}"
    ));
    session.run(&format!(
        "auth delete-credentials --body-api-key {SECOND_KEY}"
    ));
}

#[test]
fn each_operation_of_the_contract_is_a_command() {
    walk(Session::new(), "operations.txt");
}

#[test]
fn each_operation_prints_json_for_programs() {
    walk(Session::in_json(), "operations-json.txt");
}

/// Calls each operation, and compares what is printed.
fn walk(session: Session, golden: &str) {
    onboard(&session);
    issue(&session);
    pay(&session);
    receive(&session);
    end(&session);
    credentials(&session);
    let all = offblocks_client_operations();
    assert_eq!(
        all.difference(&session.called()).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "call each operation of the contract in this test"
    );
    let transcript = session.transcript();
    for secret in [DEFAULT_API_SECRET, SECOND_SECRET, "eyJ", "PRIVATE KEY"] {
        assert!(
            !transcript.contains(secret),
            "a secret was printed:\n{transcript}"
        );
    }
    golden::check(golden, &transcript);
    session.stop();
}

/// The ids of all operations, from the contract itself.
fn offblocks_client_operations() -> BTreeSet<String> {
    let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/offblocks.yaml");
    let contract = std::fs::read_to_string(contract).unwrap();
    let lines = contract.lines().map(str::trim);
    let ids = lines.filter_map(|line| line.strip_prefix("operationId: "));
    // Those of callbacks and webhooks are received, not called.
    ids.filter(|id| !id.starts_with("receive"))
        .map(str::to_owned)
        .collect()
}
