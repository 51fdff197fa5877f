//! JUnit XML: a suite for each comparison, a case for each change.

use super::words;
use crate::report::{Change, Report};
use crate::verdict::FailOn;
use std::fmt::Write as _;

/// All reports as suites.
pub(super) fn render(reports: &[Report], fail_on: FailOn) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(out, "<testsuites name=\"contract drift\">");
    for report in reports {
        suite(&mut out, report, fail_on);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suite(out: &mut String, report: &Report, fail_on: FailOn) {
    let failures = report.changes.iter().filter(|it| it.fails(fail_on)).count();
    let (tests, skipped) = (report.changes.len().max(1), report.accepted());
    let name = escape(&words::title(report));
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" \
         skipped=\"{skipped}\">"
    );
    if report.changes.is_empty() {
        let _ = writeln!(
            out,
            "    <testcase classname=\"drift\" name=\"nothing changed\"/>"
        );
    }
    for change in words::worst_first(report) {
        case(out, report, change, fail_on);
    }
    let verdict = escape(&report.verdict());
    let _ = writeln!(out, "    <system-out>{verdict}</system-out>");
    out.push_str("  </testsuite>\n");
}

fn case(out: &mut String, report: &Report, change: &Change, fail_on: FailOn) {
    let name = format!(
        "{} [{}]",
        words::one_line(&change.message),
        change.fingerprint
    );
    let place = words::main_place(report, change);
    let place = place.map(|(file, line, _)| format!(" file=\"{}\" line=\"{line}\"", escape(file)));
    let (class, name) = (escape(&format!("drift.{}", change.rule)), escape(&name));
    let place = place.unwrap_or_default();
    let _ = writeln!(
        out,
        "    <testcase classname=\"{class}\" name=\"{name}\"{place}>"
    );
    let (message, details) = (escape(&change.message), escape(&details(change)));
    let kind = change.severity.as_str();
    let _ = match &change.accepted {
        None if change.fails(fail_on) => writeln!(
            out,
            "      <failure type=\"{kind}\" message=\"{message}\">{details}</failure>"
        ),
        None => writeln!(out, "      <system-out>{details}</system-out>"),
        Some(reason) => writeln!(
            out,
            "      <skipped message=\"{}\"/>\n      <system-out>{details}</system-out>",
            escape(reason)
        ),
    };
    out.push_str("    </testcase>\n");
}

fn details(change: &Change) -> String {
    let mut lines = vec![format!("{}: {}", change.severity.as_str(), change.message)];
    lines.extend(words::details(change));
    lines.join("\n")
}

/// XML 1.0 has no way to write most control characters, so they become a sign.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            other if other.is_control() || matches!(other, '\u{fffe}' | '\u{ffff}') => {
                out.push('\u{fffd}');
            }
            other => out.push(other),
        }
    }
    out
}
