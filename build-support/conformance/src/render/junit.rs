//! JUnit XML: a case for each finding, and one for each operation without any.

use super::words;
use crate::report::{FailOn, Finding, Report};
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(super) fn render(report: &Report, fail_on: FailOn) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let cases = cases(report, fail_on);
    let failures = report
        .findings
        .iter()
        .filter(|it| it.fails(fail_on))
        .count();
    let skipped = cases.matches("<skipped").count();
    let errors = usize::from(report.inconclusive.is_some());
    let tests = cases.matches("<testcase ").count() + errors;
    // Writing to a string cannot fail.
    let _ = writeln!(out, "<testsuites name=\"conformance\">");
    let _ = writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
         skipped=\"{skipped}\">",
        words::xml(&report.subject)
    );
    out.push_str(&cases);
    if let Some(reason) = &report.inconclusive {
        let reason = words::xml(reason);
        let _ = writeln!(
            out,
            "    <testcase classname=\"conformance\" name=\"something was judged\">\n      \
             <error message=\"{reason}\"/>\n    </testcase>"
        );
    }
    let _ = writeln!(
        out,
        "    <system-out>{}</system-out>",
        words::xml(&report.verdict())
    );
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn cases(report: &Report, fail_on: FailOn) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&case(finding, fail_on));
    }
    let marked = report
        .findings
        .iter()
        .flat_map(|finding| &finding.operations);
    let marked: BTreeSet<&String> = marked.collect();
    for operation in &report.coverage.operations {
        if marked.contains(&operation.id) {
            continue;
        }
        let name = words::xml(&operation.id);
        let _ = match operation.is_seen() {
            true => writeln!(
                out,
                "    <testcase classname=\"conformance\" name=\"{name}\"/>"
            ),
            false => writeln!(
                out,
                "    <testcase classname=\"conformance\" name=\"{name}\"><skipped \
                 message=\"not seen\"/></testcase>"
            ),
        };
    }
    out
}

fn case(finding: &Finding, fail_on: FailOn) -> String {
    let mut out = String::new();
    let name = format!("{} [{}]", finding.message, finding.fingerprint);
    let (class, name) = (
        format!("conformance.{}", finding.rule.id),
        words::xml(&name),
    );
    let (file, line) = (words::xml(&finding.place.file), finding.place.line);
    let _ = writeln!(
        out,
        "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\" line=\"{line}\">"
    );
    let message = words::xml(&finding.message);
    let details = words::xml(&words::details(finding).join("\n"));
    let kind = finding.rule.severity.as_str();
    let _ = match finding.accepted {
        true => writeln!(out, "      <skipped message=\"known to the baseline\"/>"),
        false if finding.fails(fail_on) => writeln!(
            out,
            "      <failure type=\"{kind}\" message=\"{message}\">{details}</failure>"
        ),
        false => writeln!(out, "      <system-out>{details}</system-out>"),
    };
    out.push_str("    </testcase>\n");
    out
}
