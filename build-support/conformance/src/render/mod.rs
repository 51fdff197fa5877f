//! A report becomes text for a person, a reviewer or a machine.

mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;
mod words;

use super::report::{FailOn, Report};

/// How a report is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal.
    #[default]
    Text,
    /// For a program.
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

/// Writes a report down; ends with a line break. Only text may be coloured.
#[must_use]
pub fn render(report: &Report, format: Format, fail_on: FailOn, colour: bool) -> String {
    match format {
        Format::Text => text::render(report, colour),
        Format::Json => json::render(report, fail_on),
        Format::Markdown => markdown::render(report),
        Format::Github => github::render(report),
        Format::Sarif => sarif::render(report),
        Format::Junit => junit::render(report, fail_on),
    }
}
