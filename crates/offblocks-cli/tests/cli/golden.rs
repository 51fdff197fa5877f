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
        let line = &in_json(line);
        let line = without_times(line).replace(env!("CARGO_BIN_EXE_offblocks"), "<offblocks>");
        match line.split_whitespace().next() {
            Some("maskedPan") => line[..line.len() - 4].to_owned() + "<digits>",
            Some("expirationDate") => line[..line.len() - 7].to_owned() + "<month>",
            _ => words(&line),
        }
    });
    lines.map(|line| line + "\n").collect()
}

/// Of a line of JSON: what is masked by the names of members.
fn in_json(line: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(line) else {
        return without_signatures(line);
    };
    if !value.is_object() && !value.is_array() {
        return line.to_owned();
    }
    mask_members(&mut value);
    value.to_string()
}

fn mask_members(value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("maskedPan", Value::String(text)) => {
                        text.truncate(text.len().saturating_sub(4));
                        text.push_str("<digits>");
                    }
                    ("expirationDate", value) => *value = "<month>".into(),
                    ("signingKey" | "key", value @ Value::String(_)) => *value = "<key>".into(),
                    ("tokenExpiresAt" | "created" | "clockSkewSeconds", value) => {
                        *value = "<time>".into();
                    }
                    (_, Value::String(text)) => *text = without_signatures(text),
                    (_, value) => mask_members(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_members),
        Value::String(text) => *text = without_signatures(text),
        _ => (),
    }
}

/// A signature is another one each time, and so is when it was made.
fn without_signatures(text: &str) -> String {
    let mut masked = between(text, "created=", |it| it.is_ascii_digit(), "<time>");
    masked = between(&masked, "sig=:", |it| it != ':', "<signature>");
    masked = between(&masked, "LS0tLS1CRUdJTi", char::is_alphanumeric, "<key>");
    masked
}

/// Puts a word in place of the characters that follow each mark.
fn between(text: &str, mark: &str, part: impl Fn(char) -> bool, word: &str) -> String {
    let mut parts = text.split(mark);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        masked = masked + mark + word + rest.trim_start_matches(&part);
    }
    masked
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
