//! A report becomes text for a person, a reviewer or a machine.
//!
//! Every format carries file, line and column on both sides, and says the same: what differs
//! between them is the wrapping.

mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
#[cfg(test)]
pub(in crate::drift) mod tests;
mod text;
mod words;

use super::report::Report;
use super::verdict::FailOn;

/// How a report is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal, in the manner of rustc.
    #[default]
    Text,
    /// For a program; `build-support/schemas/drift-report.schema.json` describes it.
    Json,
    /// For a comment on a change under review.
    Markdown,
    /// Workflow commands that annotate lines on GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for whatever lists test results.
    Junit,
}

/// What a rendering depends on beside the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether text may be coloured.
    pub colour: bool,
    /// From which severity on JUnit calls a change a failure.
    pub fail_on: FailOn,
}

/// Writes one report down; ends with a line break.
#[must_use]
pub fn render(report: &Report, format: Format, style: Style) -> String {
    match format {
        Format::Text => text::render(report, style.colour),
        Format::Json => json::one(report),
        Format::Markdown => markdown::render(report),
        Format::Github => github::render(report),
        Format::Sarif => sarif::render(std::slice::from_ref(report)),
        Format::Junit => junit::render(std::slice::from_ref(report), style.fail_on),
    }
}

/// Writes the reports of a history down, oldest first; ends with a line break unless there are
/// none and the format needs no frame.
#[must_use]
pub fn render_history(reports: &[Report], format: Format, style: Style) -> String {
    let each = |one: fn(&Report, bool) -> String| {
        let all = reports.iter().map(|report| one(report, style.colour));
        all.collect::<Vec<_>>().join("\n")
    };
    match format {
        Format::Text => each(text::titled),
        Format::Json => json::many(reports),
        Format::Markdown => each(|report, _| markdown::render(report)),
        Format::Github => reports.iter().map(github::render).collect(),
        Format::Sarif => sarif::render(reports),
        Format::Junit => junit::render(reports, style.fail_on),
    }
}
