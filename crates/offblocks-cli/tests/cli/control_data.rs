//! `offblocks sandbox fixtures`, `snapshot`, `restore`, `reset` and `programmes`, with files.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use crate::offblocks::{Said, Sandbox, run};

const FIXTURES: &str = "\
steps:
  - name: alice
    customer: {externalId: alice}
  - name: current
    account: {customer: alice, balance: \"250\"}
  - name: card
    card: {account: current}
";

struct Stage {
    sandbox: Sandbox,
    folder: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        Self {
            sandbox: Sandbox::start(&[]),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let mut out = std::fs::File::create(self.path(name)).unwrap();
        out.write_all(text.as_bytes()).unwrap();
        self.name(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn control(&self, words: &[&str]) -> Said {
        let target = ["--url", &self.sandbox.base_url];
        run(&[&["sandbox"][..], words, &target].concat())
    }

    fn stop(self) {
        self.sandbox.signal("TERM");
        assert_eq!(self.sandbox.wait().code, Some(0));
    }
}

fn holders(snapshot: &str) -> usize {
    snapshot.matches("\"holder-").count()
}

#[test]
fn data_is_made_saved_removed_and_restored() {
    let stage = Stage::new();
    let fixtures = stage.file("fixtures.yaml", FIXTURES);
    let said = stage.control(&["fixtures", &fixtures]);
    let names = said.out.lines().map(|line| line.split(' ').next().unwrap());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["alice", "card", "current"],
        "{}",
        said.err
    );
    let said = stage.control(&["cards", "add", "30", "--json"]);
    assert_eq!(said.out, "{\"cards\":30}\n", "{}", said.err);
    assert_eq!(said.err, "", "no bar where there is no terminal");

    let file = stage.name("before.jsonl");
    let said = stage.control(&["snapshot", &file]);
    assert!(said.out.contains("rows were written to"), "{}", said.err);
    let saved = std::fs::read_to_string(&file).unwrap();
    assert_eq!(holders(&saved), 30);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "it holds secrets");
    }
    assert_eq!(stage.control(&["reset"]).code, Some(0));
    let empty = stage.name("empty.jsonl");
    stage.control(&["snapshot", &empty]);
    assert_eq!(holders(&std::fs::read_to_string(&empty).unwrap()), 0);
    let said = stage.control(&["restore", &file, "--json"]);
    let rows: Value = serde_json::from_str(&said.out).unwrap();
    assert!(rows["rows"].as_u64() > Some(90), "{rows}");
    stage.control(&["snapshot", &empty, "--force"]);
    assert_eq!(holders(&std::fs::read_to_string(&empty).unwrap()), 30);

    let cut = stage.file("cut.jsonl", &saved[..saved.len() / 2]);
    let said = stage.control(&["restore", &cut]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.err.contains("it was cut off here"), "{}", said.err);
    stage.stop();
}

#[test]
fn what_is_wrong_with_fixtures_has_its_place() {
    let stage = Stage::new();
    for (from, to, place, reason) in [
        (
            "customer: alice,",
            "customer: bob,",
            ":5:25",
            "no step above has the name `bob`",
        ),
        (
            "externalId: alice",
            "externalID: alice",
            ":3:16",
            "unknown field `externalID`",
        ),
        (
            "    card: {",
            "    loan: {",
            ":7:5",
            "write an object with one of",
        ),
        // What only the sandbox knows.
        (
            "externalId: alice}",
            "externalId: alice, status: sleeping}",
            ":3:43",
            "is none of",
        ),
    ] {
        let fixtures = stage.file("fixtures.yaml", &FIXTURES.replace(from, to));
        let said = stage.control(&["fixtures", &fixtures]);
        assert_eq!(said.code, Some(1), "{}", said.out);
        let expected = format!("fixtures.yaml{place}");
        assert!(
            said.err.contains(&expected) && said.err.contains(reason),
            "{to}: {}",
            said.err
        );
    }
    stage.stop();
}

#[test]
fn a_programme_is_reached_by_its_name_and_by_its_address() {
    let stage = Stage::new();
    let said = stage.control(&["programmes", "create", "job-1", "--json"]);
    let made: Value = serde_json::from_str(&said.out).unwrap();
    let base_url = made["baseUrl"].as_str().unwrap();
    assert_eq!(
        base_url,
        stage
            .sandbox
            .base_url
            .replace("/v1", "/programmes/job-1/v1")
    );
    let said = stage.control(&["cards", "add", "3", "--programme", "job-1"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let file = stage.name("job.jsonl");
    let said = run(&["sandbox", "snapshot", &file, "--url", base_url]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert_eq!(holders(&std::fs::read_to_string(&file).unwrap()), 3);
    let own = stage.name("own.jsonl");
    stage.control(&["snapshot", &own]);
    assert_eq!(holders(&std::fs::read_to_string(&own).unwrap()), 0);
    stage.stop();
}

/// What the control plane offers, the command offers too.
#[test]
fn each_operation_has_a_subcommand() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/control");
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let sources = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let squeezed: String = sources
        .flat_map(|text| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    for operation in offblocks_sandbox_api::client::operations::Operation::ALL {
        let mut method = String::new();
        for letter in operation.id.chars() {
            if letter.is_ascii_uppercase() {
                method.push('_');
            }
            method.push(letter.to_ascii_lowercase());
        }
        assert!(
            squeezed.contains(&format!(".{method}(")),
            "add a subcommand for {} to src/control",
            operation.id
        );
    }
}
