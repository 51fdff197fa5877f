//! For a person at a terminal.

use super::words;
use crate::report::{Finding, OperationCoverage, Report, Severity};
use std::fmt::Write as _;

pub(super) fn render(report: &Report, colour: bool) -> String {
    let paint = Paint(colour);
    let mut out = String::new();
    let title = format!("Conformance of {}", report.subject);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{}\nwith {}\n",
        paint.wrap("1", &title),
        words::contract(report)
    );
    for finding in &report.findings {
        out.push_str(&entry(finding, paint));
    }
    let open = |it: &Finding| !it.accepted && it.rule.severity > Severity::Note;
    if report.findings.iter().any(open) {
        let _ = writeln!(out, "{}\n", words::HOW_TO_REPEAT);
    }
    coverage(&mut out, report, paint);
    for note in &report.notes {
        let _ = writeln!(out, "note: {note}");
    }
    if report.outside > 0 {
        let calls = match report.outside {
            1 => "1 call".to_owned(),
            more => format!("{more} calls"),
        };
        let _ = writeln!(out, "note: {calls} lay outside the API");
    }
    let _ = writeln!(out, "{}", paint.wrap("1", &report.verdict()));
    out
}

fn entry(finding: &Finding, paint: Paint) -> String {
    let mut out = String::new();
    let (word, code) = match finding.rule.severity {
        _ if finding.accepted => ("known", "2"),
        Severity::Breaking => ("breaking", "31;1"),
        Severity::Warning => ("warning", "33;1"),
        Severity::Note => ("note", "36;1"),
    };
    let head = paint.wrap(code, &format!("{word}[{}]", finding.rule.id));
    let _ = writeln!(out, "{head}: {}", finding.message);
    let _ = writeln!(out, "  --> {}", words::place(finding));
    let _ = writeln!(out, "  {}", words::seen(finding));
    let _ = writeln!(out, "  for example: {}", words::example(finding));
    if finding.accepted || finding.rule.severity == Severity::Note {
        let _ = writeln!(out, "  fingerprint: {}\n", finding.fingerprint);
        return out;
    }
    let _ = writeln!(out, "  help: {}", finding.rule.help);
    let _ = writeln!(out, "  fingerprint: {}", finding.fingerprint);
    let _ = writeln!(out, "  repeat it:");
    for line in finding.example.repeat.lines() {
        let _ = writeln!(out, "    {}", paint.wrap("36", line));
    }
    out.push('\n');
    out
}

fn coverage(out: &mut String, report: &Report, paint: Paint) {
    let _ = writeln!(out, "{}", paint.wrap("1", "Coverage"));
    let operations = &report.coverage.operations;
    let width = operations
        .iter()
        .map(|it| it.id.len())
        .max()
        .unwrap_or_default();
    for operation in operations {
        let _ = writeln!(
            out,
            "  {:<width$}  {}",
            operation.id,
            statuses(operation, paint)
        );
    }
    out.push('\n');
}

/// `200 400 · not seen: 500`.
fn statuses(operation: &OperationCoverage, paint: Paint) -> String {
    if operation.is_unimplemented() && !operation.documented.contains_key("501") {
        return paint.wrap("33", "not implemented (501)");
    }
    let seen = operation.documented.iter().filter(|(_, count)| **count > 0);
    let seen = seen.map(|(status, _)| status.clone());
    let further = operation.further.keys().map(|status| format!("({status})"));
    let seen = seen.chain(further).collect::<Vec<_>>().join(" ");
    let unseen = operation.unseen().collect::<Vec<_>>().join(" ");
    match (seen.is_empty(), unseen.is_empty()) {
        (true, _) => paint.wrap("33", "not seen"),
        (_, true) => paint.wrap("32", &seen),
        _ => format!(
            "{} {}",
            paint.wrap("32", &seen),
            paint.wrap("2", &format!("not seen: {unseen}"))
        ),
    }
}

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        match self.0 {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}
