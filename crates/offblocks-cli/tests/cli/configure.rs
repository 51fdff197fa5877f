//! `offblocks configure`, `offblocks auth check` and `offblocks keys`: from nothing to signed calls.

use serde_json::Value;

use crate::golden;
use crate::offblocks::{Said, Sandbox, command, finish};

const SECRET: &str = "d46699a4467072a68221794ae0cc7ba6bf09505b";
const API_KEY: &str = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15";

/// A folder with a file of profiles, and all that was printed.
struct Home {
    folder: tempfile::TempDir,
    printed: String,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        golden::write(folder.path().join("secret"), SECRET);
        #[cfg(unix)]
        only_the_owner_reads(&folder.path().join("secret"));
        Self {
            folder,
            printed: String::new(),
        }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    fn try_run(&mut self, line: &str) -> Said {
        let words = line.split(' ').map(|word| match word.strip_prefix('@') {
            Some(name) => self.file(name),
            None => word.to_owned(),
        });
        let words: Vec<String> = words.collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = command(&words);
        command.env(
            "OFFBLOCKS_PROFILE_FILE",
            self.file("profiles/profiles.toml"),
        );
        let said = finish(command.output().unwrap());
        let folder = self.folder.path().to_str().unwrap();
        let both = format!("$ offblocks {line}\n{}{}\n", said.out, said.err);
        self.printed += &both.replace(folder, "<folder>");
        said
    }

    fn run(&mut self, line: &str) -> String {
        let said = self.try_run(line);
        assert_eq!(said.code, Some(0), "{line}: {}{}", said.out, said.err);
        said.out
    }
}

#[cfg(unix)]
fn only_the_owner_reads(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_profile_is_made_checked_and_its_key_rotated() {
    let sandbox = Sandbox::start(&[]);
    let url = sandbox.base_url.clone();
    let mut home = Home::new();
    home.run("keys new @first.pem");
    home.run(&format!(
        "configure --profile local --environment {url} --api-key {API_KEY} --api-secret-file @secret \
         --signing-key @first.pem"
    ));
    let listed = home.run("configure list --json");
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let id = listed["profiles"][0]["settings"]["signing_key_id"].clone();
    let id = id.as_str().unwrap();
    let early = home.try_run("auth check --profile local");
    assert_eq!(early.code, Some(11), "{}", early.err);
    home.run("keys register --profile local");
    home.run("auth check --profile local");
    let checked = home.run("auth check --profile local --json");
    let checked: Value = serde_json::from_str(&checked).unwrap();
    assert_eq!(checked["signature"], "accepted");
    home.run("keys rotate @second.pem --profile local");
    home.run("auth check --profile local");
    home.run("cards list --profile local");
    let old = format!("cards list --profile local --signing-key @first.pem --key-id {id}");
    assert_eq!(home.try_run(&old).code, Some(11), "the old key is removed");
    let again = home.run("keys rotate @third.pem --profile local --keep-old --json");
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["removedKeyId"], Value::Null);
    assert!(home.text("profiles/profiles.toml").contains("third.pem"));
    home.run("configure list");
    let listed = home.run("configure list --json");
    assert!(serde_json::from_str::<Value>(&listed).is_ok(), "{listed}");
    home.run("configure remove local");
    assert_eq!(home.try_run("configure remove local").code, Some(1));
    for secret in [SECRET, "eyJ", "PRIVATE KEY"] {
        assert!(!home.printed.contains(secret), "{}", home.printed);
    }
    // Each run has keys, tokens and a clock of its own.
    let changing = ["clock ", "token ", "LS0t", "{\"apiKey\""];
    let stays = |line: &&str| !changing.iter().any(|start| line.starts_with(start));
    let lines: Vec<&str> = home.printed.lines().filter(stays).collect();
    golden::check("configure.txt", &lines.join("\n"));
    sandbox.signal("TERM");
    assert_eq!(sandbox.wait().code, Some(0));
}

#[test]
fn comments_stay_and_only_the_owner_reads_the_file() {
    let mut home = Home::new();
    std::fs::create_dir(home.file("profiles")).unwrap();
    let before = "# mine\n[a] # first\nenvironment = \"live\"\napi_secret = \"hidden-text\"\n";
    golden::write(home.file("profiles/profiles.toml"), before);
    home.run(&format!(
        "configure --profile a --api-key {API_KEY} --api-secret-file @secret"
    ));
    let after = home.text("profiles/profiles.toml");
    assert!(
        after.starts_with("# mine\n[a] # first\nenvironment = \"live\"\n"),
        "{after}"
    );
    assert!(
        !after.contains("hidden-text"),
        "the file takes its place: {after}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(home.file("profiles/profiles.toml")).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    }
    let shown = home.run("configure list");
    assert!(!shown.contains("hidden-text"), "{shown}");
}

#[test]
fn a_profile_that_cannot_be_used_yet_is_said() {
    let mut home = Home::new();
    let said =
        home.try_run("configure --environment live --key-id 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c");
    assert_eq!(said.code, Some(1), "{}", said.out);
    for part in ["is stored", "`signing_key` is missing"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
}

#[test]
fn a_secret_comes_from_a_variable_and_is_not_shown() {
    let home = Home::new();
    let mut configure = command(&[
        "configure",
        "--environment",
        "sandbox",
        "--api-key",
        API_KEY,
    ]);
    configure.env("OFFBLOCKS_PROFILE_FILE", home.file("p.toml"));
    configure.env("OFFBLOCKS_API_SECRET", SECRET);
    let said = finish(configure.output().unwrap());
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!said.out.contains(SECRET) && !said.err.contains(SECRET));
    assert!(home.text("p.toml").contains(SECRET));
}

#[test]
fn what_cannot_be_stored_is_said() {
    let mut home = Home::new();
    for (line, code, expected) in [
        ("configure", 2, "nothing is given"),
        (
            "configure --api-key b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15",
            2,
            "--environment",
        ),
        (
            "configure --api-key secret-in-the-wrong-place",
            2,
            "not a UUID",
        ),
        (
            "configure --environment live --signing-key @secret",
            1,
            "is not a key",
        ),
        (
            "configure --environment live --api-secret-file @nowhere",
            1,
            "cannot be used",
        ),
        ("configure remove nothing", 1, "there is no profile"),
        (
            "keys rotate @new.pem --base-url http://127.0.0.1:9/v1",
            1,
            "no signing key to replace",
        ),
        (
            "keys register --base-url http://127.0.0.1:9/v1",
            1,
            "no signing key to register",
        ),
    ] {
        let said = home.try_run(line);
        assert_eq!(said.code, Some(code), "{line}: {}", said.err);
        assert!(said.err.contains(expected), "{line} said: {}", said.err);
        assert!(
            !said.err.contains("secret-in-the-wrong-place"),
            "{}",
            said.err
        );
    }
}

/// The program `script` gives the command a terminal, and types.
#[test]
fn a_terminal_is_asked_and_a_secret_is_not_shown_on_it() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let home = Home::new();
    let line = format!(
        "tty; exec {} configure --profile typed",
        env!("CARGO_BIN_EXE_offblocks")
    );
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]);
    script.env("OFFBLOCKS_PROFILE_FILE", home.file("p.toml"));
    script.env_remove("OFFBLOCKS_API_SECRET");
    let child = script
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: the program `script` is not installed");
        return;
    };
    let mut input = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut seen = String::new();
    for (question, typed) in [
        ("API to call", "live"),
        ("API key", API_KEY),
        ("API secret", SECRET),
        ("signing key", ""),
    ] {
        until(&mut output, &mut seen, question);
        if typed == SECRET {
            until_hidden(&seen);
        }
        writeln!(input, "{typed}").unwrap();
    }
    until(&mut output, &mut seen, "is stored in");
    drop(input);
    assert!(child.wait().unwrap().success());
    assert!(!seen.contains(SECRET), "{seen}");
    let stored = home.text("p.toml");
    assert!(
        stored.contains(SECRET) && stored.contains(API_KEY),
        "{stored}"
    );
}

/// Waits until the terminal shows nothing of what is typed: the question comes a moment before.
fn until_hidden(seen: &str) {
    let terminal = seen.lines().next().unwrap_or_default().trim();
    for _ in 0..1000 {
        let mut stty = std::process::Command::new("stty");
        let settings = stty.args(["-F", terminal, "-a"]).output().unwrap();
        let settings = String::from_utf8_lossy(&settings.stdout).into_owned();
        if settings.split_whitespace().any(|word| word == "-echo") {
            return;
        }
    }
    panic!("{terminal} goes on showing what is typed");
}

/// Reads until this text was printed.
fn until(output: &mut impl std::io::Read, seen: &mut String, expected: &str) {
    let from = seen.len();
    let mut byte = [0];
    while !seen[from..].contains(expected) {
        assert_eq!(output.read(&mut byte).unwrap(), 1, "it ended after: {seen}");
        seen.push(char::from(byte[0]));
    }
}
