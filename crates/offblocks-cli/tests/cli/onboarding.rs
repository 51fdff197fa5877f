//! From a wallet to an active card by the command alone: `customers onboard`, `accounts open`,
//! `cards issue --wait` and `cards watch`.

use serde_json::Value;

use crate::cards::{KEY_ID, Stage};
use crate::offblocks::{Said, command, finish};

/// Runs a command against the stage's sandbox.
fn run(stage: &Stage, words: &[&str]) -> Said {
    let key = stage.path("key.pem");
    let mut command = command(words);
    command
        .args(["--base-url", &stage.sandbox.base_url, "--key-id", KEY_ID])
        .args(["--signing-key", key.to_str().unwrap()]);
    finish(command.output().unwrap())
}

fn json(said: &Said) -> Value {
    assert_eq!(said.code, Some(0), "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

fn address() -> [&'static str; 8] {
    [
        "--first-line",
        "18 Harbour Row",
        "--city",
        "Bristol",
        "--country",
        "GB",
        "--post-code",
        "BS1 4RN",
    ]
}

#[test]
fn a_customer_an_account_and_a_card_become_active() {
    let stage = Stage::new(0);
    let wallet = stage.write("wallet.hex", &"5a".repeat(32));
    let wallet = ["--wallet", wallet.to_str().unwrap(), "--json"];
    let onboard = [
        "customers",
        "onboard",
        "--external-id",
        "customer-9",
        "--simulate",
    ];
    let customer = json(&run(&stage, &[&onboard[..], &wallet].concat()));
    assert_eq!(customer["status"], "active");
    let id = customer["id"].as_str().unwrap();

    let open = ["accounts", "open", "--customer", id];
    let account = json(&run(&stage, &[&open[..], &wallet].concat()));
    assert_eq!(
        (&account["status"], &account["customerId"]),
        (&"active".into(), &id.into())
    );
    let account = account["id"].as_str().unwrap();
    let resume = ["accounts", "open", "--resume", account];
    let again = json(&run(&stage, &[&resume[..], &wallet].concat()));
    assert_eq!(
        again["id"], account,
        "an active account is returned as it is"
    );

    let issue = [
        "cards",
        "issue",
        "--account",
        account,
        "--simulate",
        "--wait",
    ];
    let said = run(&stage, &[&issue[..], &address()].concat());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains(" is active ("), "{}", said.out);
    let card = said.out.split_whitespace().nth(2).unwrap();

    let watch = ["cards", "watch", card, "--until", "active", "--json"];
    let seen = json(&run(&stage, &watch));
    assert_eq!(
        (&seen["card"], &seen["status"]),
        (&card.into(), &"active".into())
    );
    let never = ["cards", "watch", card, "--until", "issue_failed"];
    assert_eq!(run(&stage, &never).code, Some(100));
    let soon = [
        "--until",
        "suspended",
        "--timeout",
        "100ms",
        "--interval",
        "20ms",
    ];
    let soon = run(&stage, &[&["cards", "watch", card][..], &soon].concat());
    assert_eq!(soon.code, Some(3), "{}", soon.err);
}

#[test]
fn what_is_wrong_is_said_before_anything_is_made() {
    let stage = Stage::new(1);
    let wallet = stage.write("wallet.hex", "not a key");
    let words = ["customers", "onboard", "--external-id", "x", "--wallet"];
    let said = run(&stage, &[&words[..], &[wallet.to_str().unwrap()]].concat());
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("64 hexadecimal digits"), "{}", said.err);
    assert!(!said.err.contains("not a key"), "{}", said.err);

    let account = stage.accounts[0].to_string();
    let said = run(&stage, &["cards", "issue", "--account", &account]);
    assert!(said.err.contains("give --first-line"), "{}", said.err);
    let both = [
        "cards",
        "issue",
        "--account",
        &account,
        "--from",
        "x.csv",
        "--journal",
        "x",
    ];
    assert_eq!(run(&stage, &both).code, Some(2));
    assert_eq!(run(&stage, &["cards", "issue"]).code, Some(2));
    let order = [
        "cards",
        "issue",
        "--account",
        &account,
        "--type",
        "physical",
    ];
    let said = run(&stage, &[&order[..], &address()].concat());
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains("physical cards are not supported"),
        "{}",
        said.err
    );
}

/// The exit codes are those of the operations, and a program reads the kind.
#[test]
fn a_call_that_fails_has_the_code_of_its_kind() {
    let stage = Stage::new(0);
    let wallet = stage.write("wallet.hex", &"5a".repeat(32));
    let wallet = ["--wallet", wallet.to_str().unwrap()];
    let unknown = "11111111-2222-4333-8444-555555555555";
    let open = ["accounts", "open", "--customer", unknown];
    let onboard = ["customers", "onboard", "--resume", unknown];
    let issue = ["cards", "issue", "--account", unknown];
    for words in [
        vec!["cards", "watch", unknown],
        [&open[..], &wallet].concat(),
        [&onboard[..], &wallet].concat(),
        [&issue[..], &address()].concat(),
    ] {
        let said = run(&stage, &[&words[..], &["--json"]].concat());
        assert_eq!(said.code, Some(12), "{words:?}: {}", said.err);
        let failure: Value = serde_json::from_str(&said.err).unwrap();
        assert_eq!(failure["error"]["kind"], "not_found", "{words:?}");
    }
}
