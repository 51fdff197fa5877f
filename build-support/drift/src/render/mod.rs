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
pub(crate) mod tests;
mod text;
mod visible;
mod words;

use super::report::Report;
use super::verdict::FailOn;

/// How a report is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// For a person at a terminal, in the manner of rustc.
    #[default]
    Text,
    /// For a program; `build-support/drift/schemas/drift-report.schema.json` describes it.
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
    /// From which severity on a change fails the run: JUnit calls it a failure, and text tells how
    /// to accept it.
    pub fail_on: FailOn,
}

/// Writes one report down; ends with a line break.
#[must_use]
pub fn render(report: &Report, format: Format, style: Style) -> String {
    match format {
        Format::Text => text::render(&visible::report(report), style),
        Format::Json => json::one(report),
        Format::Markdown => markdown::render(&visible::report(report)),
        Format::Github => github::render(&visible::report(report)),
        Format::Sarif => sarif::one(report),
        Format::Junit => junit::render(&[visible::report(report)], style.fail_on),
    }
}

/// Writes the reports of a history down, oldest first; ends with a line break.
#[must_use]
pub fn render_history(reports: &[Report], format: Format, style: Style) -> String {
    match format {
        Format::Json => return json::many(reports),
        Format::Sarif => return sarif::many(reports),
        _ => {}
    }
    let shown: Vec<Report> = reports.iter().map(visible::report).collect();
    let each = |one: fn(&Report, Style) -> String| {
        let all = shown.iter().map(|report| one(report, style));
        all.collect::<Vec<_>>().join("\n")
    };
    match format {
        Format::Junit => junit::render(&shown, style.fail_on),
        Format::Github if shown.is_empty() => github::notice(words::NO_PAIR),
        Format::Github => shown.iter().map(github::render).collect(),
        Format::Markdown if shown.is_empty() => markdown::titled(words::NO_PAIR),
        Format::Markdown => each(|report, _| markdown::render(report)),
        _ if shown.is_empty() => format!("{}\n", words::NO_PAIR),
        _ => each(text::titled),
    }
}
