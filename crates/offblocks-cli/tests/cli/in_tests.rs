//! The page about the sandbox in tests: what it shows runs.

use std::path::Path;
use std::process::{Command, Stdio};

/// The first block of code in this language.
fn block(language: &str) -> String {
    let page = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../offblocks-sandbox/IN_TESTS.md"
    );
    let page = std::fs::read_to_string(page).unwrap();
    let begin = format!("\n```{language}\n");
    let rest = page.split_once(&begin).map(|(_, rest)| rest);
    let code = rest
        .and_then(|rest| rest.split_once("\n```"))
        .map(|(code, _)| code);
    code.unwrap_or_else(|| panic!("IN_TESTS.md has no block of {language}"))
        .to_owned()
}

/// Runs code with the command at hand, and returns what it prints.
fn run(program: &str, code: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_offblocks")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    let mut command = Command::new(program);
    command.args(["-c", code]).stdin(Stdio::null());
    command.env("PATH", std::env::join_paths(paths).unwrap());
    let output = command.output().unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "fix the block for {program} in IN_TESTS.md: {out}\n{err}"
    );
    out.into_owned()
}

#[test]
fn the_script_walks_the_guide() {
    let said = run("sh", &format!("set -eu\n{}", block("sh")));
    assert!(said.contains("http://127.0.0.1:"), "{said}");
}

#[test]
fn the_python_gets_a_token() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3 here");
        return;
    }
    assert_eq!(run("python3", &block("python")), "Bearer\n");
}
