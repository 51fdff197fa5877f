//! Workflow commands: GitHub shows each entry at its line of the changed files.

use super::words;
use crate::{Entry, Level, Report, Section};

/// One command for each entry, and one for each section that names its verdict.
pub(super) fn render(report: &Report) -> String {
    if report.sections.is_empty() {
        return closing(report, "notice", report.nothing);
    }
    let sections = report.sections.iter();
    sections.map(|it| section(report, it)).collect()
}

fn section(report: &Report, section: &Section) -> String {
    let mut out: String = section.entries.iter().map(command).collect();
    let level = if section.warns { "warning" } else { "notice" };
    out.push_str(&closing(report, level, &section.whole_verdict()));
    out
}

fn closing(report: &Report, level: &str, words: &str) -> String {
    format!("::{level} title={}::{}\n", report.tool.name, data(words))
}

fn command(entry: &Entry) -> String {
    let level = match (entry.acceptance.is_some(), entry.severity.level()) {
        (true, _) | (_, Level::Note) => "notice",
        (_, Level::Warning) => "warning",
        (_, Level::Error) => "error",
    };
    let mut properties = Vec::new();
    if let Some((file, line, column)) = entry.pointed_at() {
        let file = property(file);
        properties.push(format!("file={file},line={line},col={column}"));
    }
    let title = format!("{}: {}", entry.severity.as_str(), entry.rule.id);
    properties.push(format!("title={}", property(&title)));
    let mut lines = vec![entry.message.clone()];
    lines.extend(words::details(entry));
    lines.push(format!("fingerprint: {}", entry.fingerprint));
    let data = data(&lines.join("\n"));
    format!("::{level} {}::{data}\n", properties.join(","))
}

/// A command ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property ends with a comma or a colon, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
