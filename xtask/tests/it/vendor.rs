//! `vendor` from files and from a server.

use crate::place::{Place, SMALL};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;

/// The contract with one more field.
fn revised() -> String {
    format!("{SMALL}        note:\n          type: string\n")
}

#[test]
fn a_file_is_vendored_with_its_hash() {
    let place = Place::new();
    place.xtask(&["regenerate"]).exits(0);
    place.put("new/api.yaml", &revised());
    let said = place.xtask(&["vendor", "new/api.yaml", "--yes"]).exits(0);
    insta::assert_snapshot!("vendored", said.transcript());
    assert_eq!(place.read("openapi/offblocks.yaml"), revised());
    insta::assert_snapshot!("vendored_record", place.read("openapi/upstream.toml"));
    place.xtask(&["regenerate", "--check"]).exits(4);
    let again = place.xtask(&["vendor", "new/api.yaml", "--yes"]).exits(0);
    assert_eq!(
        again.out,
        "openapi/offblocks.yaml is already this document\n"
    );
}

#[test]
fn without_a_confirmation_nothing_changes() {
    let place = Place::new();
    place.put("new/api.yaml", &revised());
    let before = place.everything();
    let said = place.xtask(&["vendor", "new/api.yaml"]).exits(2);
    assert!(
        said.out.contains("changed  openapi/offblocks.yaml (+2 -0)"),
        "{}",
        said.out
    );
    assert!(said.err.contains("add --yes"), "{}", said.err);
    assert_eq!(place.everything(), before);
}

#[test]
fn a_broken_document_changes_nothing() {
    let place = Place::new();
    place.put(
        "new/api.yaml",
        &revised().replace("schemas/Ping'", "schemas/Pnig'"),
    );
    let before = place.everything();
    let said = place.xtask(&["vendor", "new/api.yaml", "--yes"]).exits(2);
    assert!(said.err.contains("new/api.yaml:24:"), "{}", said.err);
    place.xtask(&["vendor", "nowhere.yaml", "--yes"]).exits(2);
    assert_eq!(place.everything(), before);
}

#[test]
fn a_policy_entry_that_the_document_has_no_use_for_is_told() {
    let place = Place::new();
    place.put("openapi/codegen.toml", "[modules]\nPong = \"pongs\"\n");
    place.put("new/api.yaml", &revised());
    let before = place.everything();
    let said = place.xtask(&["vendor", "new/api.yaml", "--yes"]).exits(2);
    assert!(
        said.err.contains("openapi/codegen.toml:2:1"),
        "{}",
        said.err
    );
    assert_eq!(place.everything(), before);
}

#[test]
fn a_commit_is_vendored_from_a_clone() {
    if !has_git() {
        return;
    }
    let place = Place::new();
    place.put("clone/spec/api.yaml", &revised());
    git(&place, &["init", "--quiet"]);
    git(
        &place,
        &["remote", "add", "origin", "https://git.example/published"],
    );
    git(&place, &["add", "."]);
    git(&place, &["commit", "--quiet", "--message", "a publication"]);
    let source = [
        "vendor",
        "git:HEAD:spec/api.yaml",
        "--clone",
        "clone",
        "--yes",
    ];
    place.xtask(&source).exits(0);
    assert_eq!(place.read("openapi/offblocks.yaml"), revised());
    let record = place.read("openapi/upstream.toml");
    assert!(
        record.contains("repository = \"https://git.example/published\""),
        "{record}"
    );
    assert!(record.contains("date = 2025-03-04\n"), "{record}");

    let before = place.everything();
    for (source, why) in [
        ("git:nowhere:spec/api.yaml", "nowhere"),
        ("git:HEAD:gone.yaml", "gone.yaml"),
    ] {
        let said = place
            .xtask(&["vendor", source, "--clone", "clone", "--yes"])
            .exits(3);
        assert!(said.err.contains(why), "{}", said.err);
    }
    assert_eq!(place.everything(), before);
}

#[test]
fn a_url_is_vendored_over_http() {
    let place = Place::new();
    let url = serve(vec![
        format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}",
            revised().len(),
            revised()
        ),
        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
    ]);
    place
        .xtask(&[
            "vendor",
            &url,
            "--yes",
            "--commit",
            "89abcde",
            "--date",
            "2025-05-05",
        ])
        .exits(0);
    let record = place.read("openapi/upstream.toml");
    assert!(
        record.contains("commit = \"89abcde\"\ndate = 2025-05-05\n"),
        "{record}"
    );
    assert_eq!(place.read("openapi/offblocks.yaml"), revised());
    assert!(
        place
            .read("openapi/upstream.toml")
            .contains(&format!("url = \"{url}\""))
    );
    let before = place.everything();
    let said = place.xtask(&["vendor", &url, "--yes"]).exits(3);
    assert!(said.err.contains("404 Not Found"), "{}", said.err);
    assert_eq!(place.everything(), before);
}

/// Responds to one connection after another with these bytes.
pub fn serve(responses: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/api.yaml", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for response in responses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(response.as_bytes()).unwrap();
        }
    });
    url
}

/// Whether there is git. Where there is none, standard error says so: what a test prints is shown
/// only when it fails.
pub fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok();
    if !found {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "skipped: a test of clones, because there is no git").unwrap();
    }
    found
}

pub fn git(place: &Place, args: &[&str]) {
    let when = "2025-03-04T12:00:00Z";
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@git.example",
        ])
        .args(["-c", "commit.gpgsign=false"])
        .args(args)
        .env("GIT_AUTHOR_DATE", when)
        .env("GIT_COMMITTER_DATE", when)
        .current_dir(place.root().join("clone"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
