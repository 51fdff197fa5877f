//! Comparing with a file, where what changes from run to run is masked.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use uuid::Uuid;

/// Fails unless `text`, masked, is what `tests/golden/{name}` holds.
pub fn check(name: &str, text: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    let masked = mask(text);
    if masked != expected {
        let actual = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        write(&actual, &masked);
        let (actual, golden) = (actual.display(), golden.display());
        panic!("output changed; if that is right: cp {actual} {golden}\n{masked}");
    }
}

/// Writes a file of a test.
pub fn write(path: impl AsRef<Path>, text: &str) {
    let mut file = File::create(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

fn mask(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = without_times(line).replace(env!("CARGO_BIN_EXE_offblocks"), "<offblocks>");
        match line.split_whitespace().next() {
            Some("maskedPan") => line[..line.len() - 4].to_owned() + "<digits>",
            Some("expirationDate") => line[..line.len() - 7].to_owned() + "<month>",
            _ => words(&line),
        }
    });
    lines.map(|line| line + "\n").collect()
}

/// How often something was looked at depends on the machine.
fn without_times(line: &str) -> String {
    match line.rsplit_once(" (") {
        Some((before, count)) if count.ends_with(" times)") => before.to_owned(),
        _ => line.to_owned(),
    }
}

fn words(line: &str) -> String {
    let mut masked = String::new();
    let mut word = String::new();
    for character in line.chars().chain(['\n']) {
        if character.is_ascii_alphanumeric() || character == '-' {
            word.push(character);
            continue;
        }
        let port = masked.ends_with("127.0.0.1:") && word != "8080";
        masked.push_str(if port { "<port>" } else { name(&word) });
        masked.push(character);
        word.clear();
    }
    masked.trim_end_matches('\n').to_owned()
}

fn name(word: &str) -> &str {
    match word.len() {
        36 if Uuid::try_parse(word).is_ok() => "<uuid>",
        42 if word.starts_with("0x") => "<address>",
        66 if word.starts_with("0x") => "<hash>",
        _ => word,
    }
}
