//! Where a contract may come from, and what is written of it.

use super::*;
use crate::policy::Policy;
use std::fs;
use std::path::Path;

const SMALL: &str = "\
openapi: 3.1.0
info:
  title: Small
  version: '1'
paths:
  /pings:
    get:
      operationId: ping
      responses:
        '204':
          description: Pong.
";

/// Fetches from memory.
#[derive(Default)]
struct Remote {
    body: Option<Vec<u8>>,
    committed: Option<Committed>,
}

impl Fetch for Remote {
    fn url(&self, _: &str) -> Result<Vec<u8>, FetchError> {
        self.body
            .clone()
            .ok_or_else(|| FetchError("404 Not Found".to_owned()))
    }

    fn git(&self, revision: &str, _: &str) -> Result<Committed, FetchError> {
        let unknown = || FetchError(format!("unknown revision {revision}"));
        self.committed.clone().ok_or_else(unknown)
    }
}

fn current() -> Record {
    Record {
        repository: Some("https://git.example/api".to_owned()),
        commit: Some("1234567".to_owned()),
        date: Some("2024-01-01".to_owned()),
        file: "old.yaml".to_owned(),
        sha256: "00".to_owned(),
        licence: Some("Apache-2.0".to_owned()),
        ..Record::default()
    }
}

fn committed() -> Committed {
    Committed {
        bytes: SMALL.into(),
        commit: "89abcde".to_owned(),
        date: "2025-05-05".to_owned(),
        repository: Some("https://git.example/other".to_owned()),
        record: None,
    }
}

fn get(word: &str, remote: &Remote) -> Result<Candidate, VendorError> {
    obtain(&word.parse().unwrap(), &current(), remote)
}

#[test]
fn a_url_is_recorded_and_the_old_commit_is_not() {
    let remote = Remote {
        body: Some(SMALL.into()),
        ..Remote::default()
    };
    let candidate = get("https://x.example/v2/api.yaml", &remote).unwrap();
    let expected = Record {
        commit: None,
        date: None,
        url: Some("https://x.example/v2/api.yaml".to_owned()),
        file: "api.yaml".to_owned(),
        sha256: String::new(),
        ..current()
    };
    assert_eq!(candidate.record, expected);
}

#[test]
fn a_commit_is_recorded_with_its_day_and_repository() {
    let remote = Remote {
        committed: Some(committed()),
        ..Remote::default()
    };
    let record = get("git:main:spec/api.yaml", &remote).unwrap().record;
    assert_eq!(record.commit.as_deref(), Some("89abcde"));
    assert_eq!(record.date.as_deref(), Some("2025-05-05"));
    assert_eq!(
        record.repository.as_deref(),
        Some("https://git.example/other")
    );
    assert_eq!(
        (record.file.as_str(), record.sha256.as_str()),
        ("api.yaml", "")
    );
}

#[test]
fn what_was_vendored_before_brings_its_record_along() {
    let before = Record {
        sha256: "beef".to_owned(),
        ..current()
    };
    let committed = Committed {
        record: Some(before.render()),
        ..committed()
    };
    let remote = Remote {
        committed: Some(committed),
        ..Remote::default()
    };
    assert_eq!(
        get("git:HEAD~1:openapi/offblocks.yaml", &remote)
            .unwrap()
            .record,
        before
    );
}

#[test]
fn what_cannot_be_had_says_why() {
    let remote = Remote {
        body: Some(vec![0xff]),
        ..Remote::default()
    };
    let table = [
        (
            "git:nowhere:api.yaml",
            "cannot fetch git:nowhere:api.yaml: unknown revision nowhere",
        ),
        (
            "https://x.example/api.zip",
            "https://x.example/api.zip is not UTF-8; fetch the contract itself, not an archive of it",
        ),
    ];
    for (word, message) in table {
        assert_eq!(get(word, &remote).unwrap_err().to_string(), message);
    }
    let gone = get("https://x.example/a", &Remote::default()).unwrap_err();
    assert_eq!(
        gone.to_string(),
        "cannot fetch https://x.example/a: 404 Not Found"
    );
    let missing = get("no/such/file.yaml", &remote).unwrap_err().to_string();
    assert!(
        missing.starts_with("cannot read no/such/file.yaml: "),
        "{missing}"
    );
}

#[test]
fn a_plan_writes_only_when_it_is_carried_out() {
    let root = tempfile::tempdir().unwrap();
    let remote = Remote {
        body: Some(SMALL.into()),
        ..Remote::default()
    };
    let candidate = get("https://x.example/api.yaml", &remote).unwrap();
    let made = plan(root.path(), candidate.clone(), &Policy::default()).unwrap();
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    assert!(!made.is_nothing());
    let summary = made.summary();
    assert!(
        summary.contains("new      openapi/offblocks.yaml (+11 -0)\n"),
        "{summary}"
    );
    assert!(
        summary.contains("crates/offblocks-client/src/generated/mod.rs"),
        "{summary}"
    );

    made.carry_out().unwrap();
    let read = |path: &str| fs::read_to_string(root.path().join(path)).unwrap();
    assert_eq!(read(CONTRACT), SMALL);
    let record = Record::parse(&read(RECORD)).unwrap();
    assert_eq!(record.sha256, read_hash(root.path()));
    assert!(
        plan(root.path(), candidate, &Policy::default())
            .unwrap()
            .is_nothing()
    );
}

#[test]
fn a_document_that_is_no_contract_changes_nothing() {
    let root = tempfile::tempdir().unwrap();
    let broken = SMALL.replace("description: Pong.", "$ref: '#/components/responses/Pong'");
    let remote = Remote {
        body: Some(broken.into()),
        ..Remote::default()
    };
    let candidate = get("https://x.example/api.yaml", &remote).unwrap();
    let rejected = plan(root.path(), candidate, &Policy::default())
        .unwrap_err()
        .to_string();
    assert!(
        rejected.contains("#/components/responses/Pong"),
        "{rejected}"
    );
    assert!(
        rejected.contains("https://x.example/api.yaml:"),
        "{rejected}"
    );
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
}

fn read_hash(root: &Path) -> String {
    contract::read_file(&root.join(CONTRACT)).unwrap().sha256
}
