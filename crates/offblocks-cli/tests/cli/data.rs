//! `offblocks data`, and what a sandbox begins with.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::offblocks::{Said, Sandbox, run};

const FIXTURES: &str = "\
steps:
  - name: alice
    customer: {externalId: alice}
  - name: current
    account: {customer: alice, balance: \"250\"}
  - name: card
    card: {account: current}
  - authorisation: {card: card, amount: \"20\"}
";

/// A folder with files and databases.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::File::create(&path)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        path
    }

    /// Runs `offblocks data` on a database of this folder.
    fn data(&self, database: &str, arguments: &[&str]) -> Said {
        let database = format!("sqlite:{}", self.0.path().join(database).display());
        run(&[&["data"], arguments, &["--database", &database]].concat())
    }

    fn path(&self, name: &str) -> String {
        text(&self.0.path().join(name))
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn data_is_made_saved_restored_and_removed() {
    let folder = Folder::new();
    let fixtures = text(&folder.file("fixtures.yaml", FIXTURES));
    let said = folder.data("one.db", &["seed", &fixtures]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let names: Vec<_> = said
        .out
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(names, ["alice", "card", "current"]);
    let said = folder.data("one.db", &["cards", "30", "--json"]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), "{\"cards\":30}\n"),
        "{}",
        said.err
    );
    assert_eq!(said.err, "", "no bar where there is no terminal");

    let snapshot = folder.path("before.jsonl");
    let said = folder.data("one.db", &["snapshot", &snapshot]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let written = std::fs::read_to_string(&snapshot).unwrap();
    assert_eq!(written.matches("\"holder-").count(), 30);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&snapshot).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "it holds secrets");
    }
    let said = folder.data("other.db", &["restore", &snapshot]);
    assert!(
        said.out.contains("rows were restored from"),
        "{}{}",
        said.out,
        said.err
    );
    let again = folder.path("again.jsonl");
    folder.data("other.db", &["snapshot", &again, "--force"]);
    assert_eq!(std::fs::read_to_string(&again).unwrap(), written);

    assert_eq!(folder.data("other.db", &["reset"]).code, Some(0));
    folder.data("other.db", &["snapshot", &again, "--force"]);
    let emptied = std::fs::read_to_string(&again).unwrap();
    assert!(!emptied.contains("\"alice\"") && !emptied.contains("holder-"));
    // What was removed can be made again.
    assert_eq!(folder.data("other.db", &["seed", &fixtures]).code, Some(0));
}

#[test]
fn what_is_wrong_with_fixtures_has_its_place() {
    let folder = Folder::new();
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
        ("amount: \"20\"", "amount: \"2000\"", ":8:5", "declined"),
        ("steps:", "steps: [", ":", ""),
    ] {
        let fixtures = text(&folder.file("fixtures.yaml", &FIXTURES.replace(from, to)));
        let said = folder.data("one.db", &["seed", &fixtures]);
        assert_eq!(said.code, Some(1), "{}", said.out);
        let expected = format!("fixtures.yaml{place}");
        assert!(
            said.err.contains(&expected) && said.err.contains(reason),
            "{to}: {}",
            said.err
        );
    }
    let snapshot = folder.path("snapshot.jsonl");
    folder.data("one.db", &["snapshot", &snapshot]);
    let written = std::fs::read_to_string(&snapshot).unwrap();
    assert!(!written.contains("alice"), "nothing was made");
}

#[test]
fn a_file_that_is_not_a_snapshot_is_rejected_with_its_place() {
    let folder = Folder::new();
    let fixtures = text(&folder.file("fixtures.yaml", FIXTURES));
    folder.data("one.db", &["seed", &fixtures]);
    let snapshot = folder.path("snapshot.jsonl");
    folder.data("one.db", &["snapshot", &snapshot]);
    let written = std::fs::read_to_string(&snapshot).unwrap();
    let cut = text(&folder.file("cut.jsonl", &written[..written.len() - 200]));
    for (file, place) in [(&fixtures, "line 1:"), (&cut, "it was cut off")] {
        let said = folder.data("one.db", &["restore", file]);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(said.err.contains(place), "{}", said.err);
    }
    folder.data("one.db", &["snapshot", &snapshot]);
    assert_eq!(std::fs::read_to_string(&snapshot).unwrap(), written);
}

#[test]
fn a_sandbox_begins_with_fixtures_and_cards() {
    let folder = Folder::new();
    let fixtures = text(&folder.file("fixtures.yaml", FIXTURES));
    let database = format!("sqlite:{}", folder.path("sandbox.db"));
    let options = [
        "--fixtures",
        &fixtures,
        "--cards",
        "12",
        "--database",
        &database,
    ];
    for _ in 0..2 {
        // The second time the database has its customers already.
        let sandbox = Sandbox::start(&options);
        sandbox.signal("TERM");
        assert_eq!(sandbox.wait().code, Some(0));
    }
    let snapshot = folder.path("snapshot.jsonl");
    folder.data("sandbox.db", &["snapshot", &snapshot]);
    let written = std::fs::read_to_string(&snapshot).unwrap();
    assert_eq!(written.matches("\"holder-").count(), 12);
    assert_eq!(written.matches("\"alice\"").count(), 1);
    let wrong = text(&folder.file("wrong.yaml", "steps: 1\n"));
    let said = run(&["sandbox", "--listen", "127.0.0.1:0", "--fixtures", &wrong]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("wrong.yaml:1:8"), "{}", said.err);
}

#[test]
fn a_database_in_memory_is_no_place_for_it() {
    let said = run(&["data", "reset", "--database", "sqlite::memory:"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("--fixtures"), "{}", said.err);
}

#[test]
fn what_needs_a_database_makes_none() {
    let folder = Folder::new();
    let snapshot = folder.path("before.jsonl");
    for arguments in [&["snapshot", &snapshot][..], &["reset"]] {
        let said = folder.data("typo.db", arguments);
        assert_eq!(said.code, Some(1), "{}", said.out);
        assert!(
            said.err.contains("there is no database sqlite:"),
            "{}",
            said.err
        );
        assert!(!Path::new(&folder.path("typo.db")).exists());
        assert!(!Path::new(&snapshot).exists());
    }
}

#[test]
fn a_file_that_exists_is_not_replaced_silently() {
    let folder = Folder::new();
    folder.data("one.db", &["cards", "1"]);
    let kept = text(&folder.file("kept.jsonl", "kept"));
    let said = folder.data("one.db", &["snapshot", &kept]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.err.contains("replace it with --force"), "{}", said.err);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "kept");
    let said = folder.data("one.db", &["snapshot", &kept, "--force"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_what_is_not_a_file_is_left() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    use std::os::unix::net::UnixListener;

    let folder = Folder::new();
    folder.data("one.db", &["cards", "1"]);
    let file = folder.file("file.jsonl", "kept");
    let (link, socket) = (folder.path("link"), folder.path("socket"));
    symlink(&file, &link).unwrap();
    let said = folder.data("one.db", &["snapshot", &link, "--force"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(Path::new(&link).is_symlink());
    assert_ne!(std::fs::read_to_string(&file).unwrap(), "kept");

    let _listener = UnixListener::bind(&socket).unwrap();
    let said = folder.data("one.db", &["snapshot", &socket, "--force"]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.err.contains("is not a file"), "{}", said.err);
    let there = std::fs::symlink_metadata(&socket).unwrap();
    assert!(there.file_type().is_socket());
}
