//! For a comment on a change under review.

use super::words;
use crate::report::{Finding, Report, Severity};
use std::fmt::Write as _;

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "## Conformance of {}\n", escape(&report.subject));
    let _ = writeln!(out, "Contract: {}\n", escape(&words::contract(report)));
    let _ = writeln!(out, "**{}**\n", escape(&report.verdict()));
    if !report.findings.is_empty() {
        out.push_str("| | rule | finding | operations | seen |\n|---|---|---|---|--:|\n");
    }
    for finding in &report.findings {
        row(&mut out, finding);
    }
    for finding in report
        .findings
        .iter()
        .filter(|it| it.rule.severity > Severity::Note)
    {
        details(&mut out, finding);
    }
    unseen(&mut out, report);
    for note in &report.notes {
        let _ = writeln!(out, "- {}", escape(note));
    }
    out
}

fn row(out: &mut String, finding: &Finding) {
    let operations = finding.operations.iter().map(|it| format!("`{it}`"));
    let level = match finding.accepted {
        true => "known",
        false => finding.rule.severity.as_str(),
    };
    let _ = writeln!(
        out,
        "| {level} | `{}` | {} | {} | {} |",
        finding.rule.id,
        escape(&finding.message),
        operations.collect::<Vec<_>>().join(", "),
        finding.count
    );
}

fn details(out: &mut String, finding: &Finding) {
    let _ = writeln!(
        out,
        "\n<details><summary><code>{}</code> {}</summary>\n",
        finding.rule.id,
        words::xml(&finding.message)
    );
    let _ = writeln!(out, "{}\n", escape(&words::example(finding)));
    let _ = writeln!(
        out,
        "Contract: `{}`; help: {}\n",
        words::place(finding),
        finding.rule.help
    );
    let _ = writeln!(out, "Fingerprint: `{}`\n", finding.fingerprint);
    let _ = writeln!(
        out,
        "````bash\n{}\n````\n</details>",
        finding.example.repeat
    );
}

fn unseen(out: &mut String, report: &Report) {
    let operations = report.coverage.operations.iter();
    let unseen = operations.filter(|it| !it.is_seen() && !it.is_unimplemented());
    let unseen: Vec<String> = unseen.map(|it| format!("`{}`", it.id)).collect();
    if !unseen.is_empty() {
        let _ = writeln!(out, "\nNot seen: {}\n", unseen.join(", "));
    }
}

/// Words that the markup must not take for its own.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '[' | ']' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
