//! The commands beside the operations, one after the other against one sandbox, for people and for
//! programs; and that no command is left out of the committed outputs.

use std::collections::BTreeSet;
use std::path::Path;

use crate::golden;
use crate::offblocks::run;
use crate::operations::session::{KEY_ID, Session};

const ADDRESS: &str = "--first-line 4~Quay~Lane --city Bristol --country GB --post-code BS1~4RN";

/// What is compared in another way: servers that run until they are stopped, pages and scripts that other
/// tests read, and jobs in PostgreSQL, which is not everywhere.
const ELSEWHERE: [&str; 8] = [
    "cards job",
    "completions",
    "conformance",
    "data",
    "listen",
    "man",
    "quickstart",
    "sandbox",
];

#[test]
fn from_a_wallet_to_cards_for_people_and_for_programs() {
    let session = Session::new();
    // The wallet of the session's customer, and one of somebody else.
    session.write("first.hex", &format!("{:064x}", 2));
    session.write("other.hex", &"5a".repeat(32));
    for word in [
        "first.hex",
        "other.hex",
        "key.pem",
        "cards.csv",
        "one.journal",
        "two.journal",
    ] {
        session.set(&format!("@{word}"), &session.file(word));
    }
    session.account();
    session.run("customers onboard --external-id customer-2 --wallet @other.hex --simulate");
    let customer = session.run("customers list --query [?externalId=='customer-2']|[0].id");
    session.set("SECOND", &customer);
    session.run("customers onboard --resume SECOND --wallet @other.hex --json");
    session.run("accounts open --customer SECOND --wallet @other.hex");
    let account = session.run("customers list-accounts SECOND --query [0].id");
    session.set("THEIRS", &account);
    session.run("accounts open --resume THEIRS --wallet @other.hex --json");

    session.run(&format!(
        "cards issue --account ACCOUNT {ADDRESS} --simulate --wait"
    ));
    session.run(&format!(
        "cards issue --account THEIRS {ADDRESS} --simulate --wait --json"
    ));
    let card = session.run("cards list --query [0].id");
    session.set("CARD", &card);
    session.run("cards watch CARD --until active");
    session.run("cards watch CARD --until active --json");

    for (word, number) in [("THIRD", 3), ("FOURTH", 4)] {
        session.write("more.hex", &format!("{:064x}", number + 2));
        session.set("@more.hex", &session.file("more.hex"));
        let onboard = format!("customers onboard --external-id customer-{number} --simulate");
        session.run(&format!("{onboard} --wallet @more.hex"));
        let found = format!("customers list --query [?externalId=='customer-{number}']|[0].id");
        session.set("NEXT", &session.run(&found));
        session.run("accounts open --customer NEXT --wallet @more.hex");
        session.set(
            word,
            &session.run("customers list-accounts NEXT --query [0].id"),
        );
    }
    let row = |word: &str| {
        format!(
            "{word},{},4 Quay Lane,Bristol,GB,BS1 4RN\n",
            session.word(word)
        )
    };
    let head = "reference,account,firstLine,city,country,postCode\n";
    session.write(
        "cards.csv",
        &format!("{head}{}{}", row("THIRD"), row("FOURTH")),
    );
    session.run("cards issue --from @cards.csv --dry-run");
    session.run("cards issue --from @cards.csv --journal @one.journal");
    session.run("cards issue --from @cards.csv --journal @one.journal --json");
    let said = session.try_run("cards issue --from @cards.csv --dry-run --json");
    assert_eq!(
        said.code,
        Some(100),
        "each account has its card: {}",
        said.out
    );
    golden::check("commands.txt", &without_numbers(&session.transcript()));
    session.stop();
}

/// The numbers of cards are others in each run.
fn without_numbers(transcript: &str) -> String {
    let masked = transcript.lines().map(|line| {
        let shown = line.split_once("******").filter(|_| !line.starts_with('{'));
        match shown.and_then(|(before, after)| Some((before, after.split_once(')')?.1))) {
            Some((before, after)) => format!("{before}******<digits>, <month>){after}"),
            None => line.to_owned(),
        }
    });
    masked.map(|line| line + "\n").collect()
}

#[test]
fn keys_signatures_and_events_for_people_and_for_programs() {
    let session = Session::new();
    for word in ["key.pem", "next.pem", "request.http"] {
        session.set(&format!("@{word}"), &session.file(word));
    }
    session.run(&format!(
        "auth update-signing-key --signing-key-id {KEY_ID} --body-signing-key PUBLIC --json"
    ));
    session.run("keys show @key.pem");
    session.run("keys sign GET http://127.0.0.1:8080/v1/cards");
    session.run("sign GET http://127.0.0.1:8080/v1/cards");
    let signed = session.run("sign GET http://127.0.0.1:8080/v1/cards --json");
    let signed: serde_json::Value = serde_json::from_str(&signed).unwrap();
    let mut request = "GET /v1/cards HTTP/1.1\r\nhost: 127.0.0.1:8080\r\n".to_owned();
    for (name, value) in signed["headers"].as_object().unwrap() {
        request += &format!("{name}: {}\r\n", value.as_str().unwrap());
    }
    session.write("request.http", &format!("{request}\r\n"));
    session.run("verify @request.http --key @key.pem --scheme http");
    session.run("verify @request.http --key @key.pem --scheme http --json");
    session.run("keys register");
    session.run("keys register --json");
    session.run("auth check");
    session.run("auth check --json");
    session.variable("OFFBLOCKS_PROFILE_FILE", &session.file("profiles.toml"));
    session.run("configure --profile mine --environment live --no-input");
    session.run("configure list --json");
    session.run("configure remove mine --json");
    session.run("trigger customer.updated");
    session.run("trigger customer.updated --json");
    session
        .run("webhooks save --callback-url http://127.0.0.1:9/ --types card.updated --query types");
    session.set(
        "CONTROL",
        &format!("http://{}", session.sandbox.authority()),
    );
    session.run("events list --url CONTROL");
    session.run("events resend --failed --url CONTROL");
    session.run("events list --url CONTROL --json");
    session.run("events resend --failed --url CONTROL --json");
    let transcript = session.transcript();
    assert!(!transcript.contains("PRIVATE KEY"), "{transcript}");
    // Each run has tokens and a clock of its own.
    let changing = ["clock ", "token ", "  created  "];
    let stays = |line: &&str| !changing.iter().any(|start| line.starts_with(start));
    let lines: Vec<&str> = transcript.lines().filter(stays).collect();
    let transcript = lines.join("\n");
    let transcript = transcript.replace(&session.file("profiles.toml"), "<profiles.toml>");
    golden::check("keys-and-events.txt", &transcript);
    session.stop();
}

#[test]
fn each_command_has_its_output_committed() {
    let mut lines = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let typed = text
            .lines()
            .filter_map(|line| line.strip_prefix("$ offblocks "));
        lines.extend(typed.map(|line| format!("{line} ")));
    }
    let mut missing = Vec::new();
    let all = leaves(&[]);
    assert!(all.len() > 60, "{all:?}");
    for command in all {
        let name = command.join(" ");
        let elsewhere = ELSEWHERE
            .iter()
            .any(|it| format!("{name} ").starts_with(&format!("{it} ")));
        if elsewhere {
            continue;
        }
        let of = lines
            .iter()
            .filter(|line| line.starts_with(&format!("{name} ")));
        let of: Vec<&String> = of.collect();
        let for_programs = |line: &&&String| {
            ["--json", "--query", "--output"]
                .iter()
                .any(|it| line.contains(it))
        };
        if of.is_empty() {
            missing.push(name);
        } else if takes_json(&command) && !of.iter().any(|it| for_programs(&it)) {
            missing.push(format!("{name} --json"));
        }
    }
    assert!(
        missing.is_empty(),
        "run these in a test whose output is compared with a file of tests/golden: {missing:#?}"
    );
}

fn takes_json(command: &[String]) -> bool {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    run(&[&words[..], &["--help"]].concat())
        .out
        .contains("--json")
}

/// The commands that have no further ones below them.
fn leaves(above: &[String]) -> Vec<Vec<String>> {
    let words: Vec<&str> = above.iter().map(String::as_str).collect();
    let help = run(&[&words[..], &["--help"]].concat()).out;
    let below = help.split_once("\nCommands:\n").map(|(_, rest)| rest);
    let Some(below) = below else {
        return vec![above.to_vec()];
    };
    let names = below.lines().take_while(|line| !line.is_empty());
    let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .filter(|name| !(above.is_empty() && ELSEWHERE.contains(name)))
        .flat_map(|name| leaves(&[above, &[name.to_owned()]].concat()))
        .collect()
}
