//! `offblocks cards issue` with a journal in PostgreSQL, by several processes that are killed.
//!
//! They run where `OFFBLOCKS_TEST_POSTGRES` names a server: `.ci/postgres run cargo test …`.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads its environment and prints why it is skipped"
)]
#![expect(clippy::print_stdout, reason = "a test says why it is skipped")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use offblocks_types::{AccountId, CardId};

use crate::cards::{Stage, block_on};
use crate::offblocks::{Said, command, finish, run};

/// How many processes work on the job.
const PROCESSES: usize = 4;

/// A fifth of the calls fails, before and after they were carried out; the others take their time, so
/// that every kill meets rows in flight. Of faults that match, the oldest is applied.
const FAULTS: &[&str] = &[
    "status --status 503 --percentage 5",
    "status --status 500 --after-commit --percentage 5.3",
    "reset_before --percentage 3.3",
    "reset_inside --percentage 3.5",
    "truncated_body --percentage 4.8",
    "latency --after 150ms --operation createAccountCard",
];

/// The URL of a schema of its own, without anything in it.
pub fn schema(name: &str) -> Option<String> {
    let Ok(url) = std::env::var("OFFBLOCKS_TEST_POSTGRES") else {
        println!("skipped: set OFFBLOCKS_TEST_POSTGRES to the URL of a PostgreSQL server");
        return None;
    };
    let separator = if url.contains('?') { '&' } else { '?' };
    let number = std::process::id();
    Some(format!("{url}{separator}schema=cli_{name}_{number}"))
}

fn add_faults(stage: &Stage) {
    for fault in FAULTS {
        let words = fault.split_whitespace();
        let words: Vec<&str> = ["sandbox", "faults", "add"]
            .into_iter()
            .chain(words)
            .collect();
        let said = run(&[&words[..], &["--url", &stage.sandbox.base_url]].concat());
        assert_eq!(said.code, Some(0), "{fault}: {}", said.err);
    }
}

fn clear_faults(stage: &Stage) {
    let said = run(&[
        "sandbox",
        "faults",
        "clear",
        "--url",
        &stage.sandbox.base_url,
    ]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

/// The cards of each account, as the sandbox has them.
fn cards(stage: &Stage) -> BTreeMap<AccountId, Vec<CardId>> {
    let call = stage.client.get_cards();
    let cards = block_on(async { call.send().await.unwrap().into_inner() });
    let mut found: BTreeMap<AccountId, Vec<CardId>> = BTreeMap::new();
    for card in cards {
        found.entry(card.account_id).or_default().push(card.id);
    }
    found
}

/// Scattered numbers, the same in every run.
struct Scattered(u64);

impl Scattered {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// The processes of a job. They end with the test, also with one that fails.
struct Workers<'a> {
    stage: &'a Stage,
    rows: PathBuf,
    arguments: Vec<&'a str>,
    children: Vec<Child>,
}

impl<'a> Workers<'a> {
    fn start(stage: &'a Stage, rows: &Path, arguments: Vec<&'a str>) -> Self {
        let mut workers = Self {
            stage,
            rows: rows.to_owned(),
            arguments,
            children: Vec::new(),
        };
        for _ in 0..PROCESSES {
            let child = workers.spawn();
            workers.children.push(child);
        }
        workers
    }

    fn spawn(&self) -> Child {
        let mut command = self.stage.issue(&self.rows, &self.arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Kills one of them and starts it again. Whether it was still at work.
    fn kill(&mut self, number: usize) -> bool {
        let was_running = self.children[number].try_wait().unwrap().is_none();
        self.children[number].kill().unwrap();
        self.children[number].wait().unwrap();
        self.children[number] = self.spawn();
        was_running
    }

    fn wait(&mut self) -> Vec<Said> {
        let children = self.children.drain(..);
        children
            .map(|child| finish(child.wait_with_output().unwrap()))
            .collect()
    }
}

impl Drop for Workers<'_> {
    fn drop(&mut self) {
        for child in &mut self.children {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn each_row_gets_one_card_though_processes_are_killed_and_calls_fail() {
    let Some(journal) = schema("kills") else {
        return;
    };
    // `OFFBLOCKS_TEST_KILLS=100` makes a long run of it.
    let kills = std::env::var("OFFBLOCKS_TEST_KILLS");
    let kills: usize = kills.map_or(8, |kills| kills.parse().unwrap());
    let stage = Stage::new(60 + 9 * kills);
    let rows = stage.write_rows(&stage.accounts);
    add_faults(&stage);
    let options = ["--journal", &journal, "--concurrency", "2", "--lease", "2s"];
    let mut workers = Workers::start(&stage, &rows, options.to_vec());
    let mut scattered = Scattered(1);
    let mut at_work = 0;
    for _ in 0..kills {
        std::thread::sleep(Duration::from_millis(150 + scattered.below(350)));
        let number = usize::try_from(scattered.below(PROCESSES as u64)).unwrap();
        at_work += usize::from(workers.kill(number));
    }
    for said in workers.wait() {
        assert!(
            matches!(said.code, Some(0 | 100)),
            "{:?}: {}",
            said.code,
            said.err
        );
    }
    println!("{at_work} of {kills} kills met a process at work");
    assert!(
        at_work * 10 >= kills * 9,
        "the job ended too early: give it more rows"
    );

    clear_faults(&stage);
    let results = stage.path("results.csv");
    let last = ["--results", results.to_str().unwrap(), "--json"];
    let said = stage.run(&rows, &[&options[..], &last].concat());
    println!("{}", said.out);
    assert!(matches!(said.code, Some(0 | 100)), "{}", said.err);
    let (issued, failed) = count(&stage, &std::fs::read_to_string(results).unwrap());
    println!("{issued} rows have exactly one card, {failed} a typed failure");
    assert_eq!(issued + failed, stage.accounts.len());
    assert!(failed * 50 <= issued, "failures that pass are waited out");
}

/// Compares the results with the cards of the sandbox: how many rows have their card and how many have
/// a failure and no card.
fn count(stage: &Stage, results: &str) -> (usize, usize) {
    let cards = cards(stage);
    let mut reader = csv::Reader::from_reader(results.as_bytes());
    let (mut issued, mut failed) = (0, 0);
    for (record, account) in reader.records().zip(&stage.accounts) {
        let record = record.unwrap();
        assert_eq!(record[1], account.to_string());
        let found = cards.get(account).map(Vec::as_slice).unwrap_or_default();
        match &record[2] {
            "issued" => {
                let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
                assert_eq!(ids, [&record[3]], "exactly one card for {account}");
                issued += 1;
            }
            "rules" | "rejected" | "key_reused" | "outcome_unknown" => {
                assert!(found.is_empty(), "{record:?} has the cards {found:?}");
                failed += 1;
            }
            other => panic!("{account}: {other}"),
        }
    }
    (issued, failed)
}

#[test]
fn a_job_is_watched_paused_and_cancelled_from_elsewhere() {
    let Some(journal) = schema("job") else {
        return;
    };
    let stage = Stage::new(4);
    let rows = stage.write_rows(&stage.accounts);
    let job = |action: &str| {
        let words = [
            "cards",
            "job",
            action,
            "--journal",
            &journal,
            "--job",
            "cards",
            "--json",
        ];
        run(&words)
    };
    let missing = job("status");
    assert_eq!(missing.code, Some(1));
    let failure: serde_json::Value = serde_json::from_str(&missing.err).unwrap();
    let message = failure["error"]["message"].as_str().unwrap();
    assert!(message.contains("there is no job \"cards\""), "{message}");

    let said = stage.run(&rows, &["--journal", &journal, "--workers", "2", "--json"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains("\"total\":{\"failed\":0,\"issued\":4}"),
        "{}",
        said.out
    );
    assert_eq!(cards(&stage).len(), 4);

    let status = job("status");
    let shown: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!(
        (&shown["rows"], &shown["issued"]),
        (&4.into(), &4.into()),
        "{shown}"
    );
    for (action, command) in [("pause", "pause"), ("cancel", "cancel"), ("resume", "run")] {
        let said = job(action);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(
            said.out.contains(&format!("\"command\":\"{command}\"")),
            "{}",
            said.out
        );
    }
    let results = stage.path("job.csv");
    let results = results.to_str().unwrap();
    let written = run(&[
        "cards",
        "job",
        "results",
        results,
        "--journal",
        &journal,
        "--job",
        "cards",
    ]);
    assert_eq!(written.code, Some(0), "{}", written.err);
    assert_eq!(
        count(&stage, &std::fs::read_to_string(results).unwrap()),
        (4, 0)
    );
}

#[test]
fn what_does_not_fit_a_job_is_rejected_and_no_password_is_shown() {
    let Some(journal) = schema("rejected") else {
        return;
    };
    let stage = Stage::new(3);
    let rows = stage.write_rows(&stage.accounts[..2]);
    let said = stage.run(&rows, &["--journal", &journal]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    // Other rows under the same name.
    let others = stage.write_rows(&stage.accounts);
    let said = stage.run(&others, &["--journal", &journal]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("the rows from 0 on"), "{}", said.err);
    let in_file = run(&[
        "cards",
        "job",
        "status",
        "--journal",
        "cards.journal",
        "--job",
        "x",
    ]);
    assert!(
        in_file.err.contains("belongs to one process"),
        "{}",
        in_file.err
    );
    let invalid = command(&[
        "cards",
        "job",
        "status",
        "--journal",
        "postgres://a:hidden b@:x/",
        "--job",
        "x",
    ]);
    let invalid = finish({ invalid }.output().unwrap());
    assert_eq!(invalid.code, Some(2));
    assert!(!invalid.err.contains("hidden"), "{}", invalid.err);
}
