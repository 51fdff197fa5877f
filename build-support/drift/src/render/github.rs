//! Workflow commands: GitHub shows each change at its line of the changed files.

use super::words;
use crate::report::{Change, Report, Semver, Severity};

/// One command for each change, and one that names both verdicts.
pub(super) fn render(report: &Report) -> String {
    let changes = words::worst_first(report).into_iter();
    let mut out: String = changes.map(|change| command(report, change)).collect();
    // A step that breaks whoever compiles is seen even where nothing changed on the wire.
    match (report.changes.is_empty(), report.semver()) {
        (true, Semver::Major) => out.push_str(&closing("warning", &report.verdict())),
        _ => out.push_str(&notice(&report.verdict())),
    }
    out
}

/// A word on the whole run.
pub(super) fn notice(words: &str) -> String {
    closing("notice", words)
}

fn closing(level: &str, words: &str) -> String {
    format!("::{level} title=contract drift::{}\n", escape_data(words))
}

fn command(report: &Report, change: &Change) -> String {
    let level = match (change.accepted.is_some(), change.severity) {
        (true, _) | (_, Severity::Compatible) => "notice",
        (_, Severity::Warning) => "warning",
        _ => "error",
    };
    let mut properties = Vec::new();
    if let Some((file, line, column)) = words::main_place(report, change) {
        let file = escape_property(file);
        properties.push(format!("file={file},line={line},col={column}"));
    }
    let title = format!("{}: {}", change.severity.as_str(), change.rule);
    properties.push(format!("title={}", escape_property(&title)));
    let data = escape_data(&message(change));
    format!("::{level} {}::{data}\n", properties.join(","))
}

fn message(change: &Change) -> String {
    let mut lines = vec![change.message.clone()];
    lines.extend(words::details(change));
    lines.push(format!("fingerprint: {}", change.fingerprint));
    lines.join("\n")
}

/// A command ends with its line.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property ends with a comma or a colon, too.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
