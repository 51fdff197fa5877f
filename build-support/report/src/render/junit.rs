//! JUnit XML: a suite for each section, a case for each entry and for each operation without one.

use super::words;
use crate::{Entry, FailOn, Report, Section};
use std::fmt::Write as _;

/// All sections as suites. Writing to a string cannot fail.
pub(super) fn render(report: &Report, fail_on: FailOn) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(out, "<testsuites name=\"{}\">", report.tool.name);
    for section in &report.sections {
        suite(&mut out, report, section, fail_on);
    }
    out.push_str("</testsuites>\n");
    out
}

/// The cases of a suite, and how they ended.
#[derive(Default)]
struct Cases {
    text: String,
    count: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

fn suite(out: &mut String, report: &Report, section: &Section, fail_on: FailOn) {
    let cases = Cases::of(report, section, fail_on);
    let Cases {
        text,
        count,
        failures,
        errors,
        skipped,
    } = cases;
    let name = escape(&section.title);
    let _ = writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{failures}\" \
         errors=\"{errors}\" skipped=\"{skipped}\">"
    );
    out.push_str(&text);
    let verdict = escape(&section.whole_verdict());
    let _ = writeln!(out, "    <system-out>{verdict}</system-out>");
    out.push_str("  </testsuite>\n");
}

impl Cases {
    fn of(report: &Report, section: &Section, fail_on: FailOn) -> Self {
        let (mut cases, class) = (Self::default(), report.tool.class);
        for entry in &section.entries {
            cases.entry(class, entry, fail_on);
        }
        for covered in section.coverage.iter().filter(|it| !it.has_entries) {
            match &covered.skipped {
                Some(why) => cases.skipped(class, &covered.name, why),
                None => cases.passed(class, &covered.name),
            }
        }
        if let Some(why) = &section.inconclusive {
            cases.error(class, why);
        }
        if cases.count == 0 {
            cases.passed(class, report.tool.passed);
        }
        cases
    }

    fn passed(&mut self, class: &str, name: &str) {
        self.count += 1;
        let name = escape(name);
        let _ = writeln!(
            self.text,
            "    <testcase classname=\"{class}\" name=\"{name}\"/>"
        );
    }

    fn skipped(&mut self, class: &str, name: &str, why: &str) {
        self.count += 1;
        self.skipped += 1;
        let (name, why) = (escape(name), escape(why));
        let _ = writeln!(
            self.text,
            "    <testcase classname=\"{class}\" name=\"{name}\"><skipped message=\"{why}\"/>\
             </testcase>"
        );
    }

    fn error(&mut self, class: &str, why: &str) {
        self.count += 1;
        self.errors += 1;
        let why = escape(why);
        let _ = writeln!(
            self.text,
            "    <testcase classname=\"{class}\" name=\"a result\">\n      \
             <error message=\"{why}\"/>\n    </testcase>"
        );
    }

    fn entry(&mut self, class: &str, entry: &Entry, fail_on: FailOn) {
        self.count += 1;
        let message = words::one_line(&entry.message);
        let name = escape(&format!("{message} [{}]", entry.fingerprint));
        let place = entry.pointed_at();
        let place =
            place.map(|(file, line, _)| format!(" file=\"{}\" line=\"{line}\"", escape(file)));
        let class = escape(&format!("{class}.{}", entry.rule.id));
        let place = place.unwrap_or_default();
        let _ = writeln!(
            self.text,
            "    <testcase classname=\"{class}\" name=\"{name}\"{place}>"
        );
        self.result(entry, fail_on);
        self.text.push_str("    </testcase>\n");
    }

    fn result(&mut self, entry: &Entry, fail_on: FailOn) {
        let mut lines = vec![format!("{}: {}", entry.severity.as_str(), entry.message)];
        lines.extend(words::details(entry));
        let (message, details) = (escape(&entry.message), escape(&lines.join("\n")));
        let kind = entry.severity.as_str();
        let _ = match &entry.acceptance {
            None if entry.fails(fail_on) => {
                self.failures += 1;
                writeln!(
                    self.text,
                    "      <failure type=\"{kind}\" message=\"{message}\">{details}</failure>"
                )
            }
            None => writeln!(self.text, "      <system-out>{details}</system-out>"),
            Some(accepted) => {
                self.skipped += 1;
                writeln!(
                    self.text,
                    "      <skipped message=\"{}\"/>\n      <system-out>{details}</system-out>",
                    escape(&accepted.reason)
                )
            }
        };
    }
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
