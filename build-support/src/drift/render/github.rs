//! Workflow commands: GitHub shows each change at its line of the changed files.

use super::words;
use crate::drift::report::{Change, Report, Severity};
use std::fmt::Write as _;

/// One command for each change, and one that names both verdicts.
pub(super) fn render(report: &Report) -> String {
    let mut out: String = words::worst_first(report)
        .into_iter()
        .map(command)
        .collect();
    let verdict = escape_data(&report.verdict());
    // Writing to a string cannot fail.
    let _ = writeln!(out, "::notice title=contract drift::{verdict}");
    out
}

fn command(change: &Change) -> String {
    let level = match (change.accepted.is_some(), change.severity) {
        (true, _) | (_, Severity::Compatible) => "notice",
        (_, Severity::Warning) => "warning",
        _ => "error",
    };
    let mut properties = Vec::new();
    if let Some(place) = words::main_place(change) {
        let file = escape_property(words::path(&place.file));
        properties.push(format!(
            "file={file},line={},col={}",
            place.line, place.column
        ));
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
