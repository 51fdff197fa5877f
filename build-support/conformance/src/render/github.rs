//! Workflow commands: GitHub shows each finding at its line of the contract.

use super::words;
use crate::report::{Finding, Report, Severity};

pub(super) fn render(report: &Report) -> String {
    let mut out: String = report.findings.iter().map(command).collect();
    let verdict = data(&report.verdict());
    out.push_str(&format!("::notice title=conformance::{verdict}\n"));
    out
}

fn command(finding: &Finding) -> String {
    let level = match finding.rule.severity {
        _ if finding.accepted => "notice",
        Severity::Breaking => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = &finding.place;
    let title = format!("{}: {}", finding.rule.severity.as_str(), finding.rule.id);
    let mut lines = vec![finding.message.clone()];
    lines.extend(words::details(finding));
    format!(
        "::{level} file={},line={},col={},title={}::{}\n",
        property(&place.file),
        place.line,
        place.column,
        property(&title),
        data(&lines.join("\n"))
    )
}

/// A command ends with its line.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D");
    text.replace('\n', "%0A")
}

/// A property ends with a comma or a colon, too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
