//! A report becomes text for a person, a reviewer or a machine.
//!
//! Every format has the same content, with file, line and column of every place. Only the form differs.

mod github;
mod html;
mod junit;
mod markdown;
mod sarif;
mod shown;
#[cfg(test)]
mod tests;
mod text;
mod words;

use crate::{FailOn, Report};

/// How a report is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Format {
    /// For a person at a terminal, in the manner of rustc.
    #[default]
    Text,
    /// For a program, as each kind of report describes it.
    Json,
    /// For a comment on a change under review.
    Markdown,
    /// Workflow commands that annotate lines on GitHub.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for whatever lists test results.
    Junit,
    /// One page for a browser, with everything it needs in it.
    Html,
}

/// What a rendering depends on beside the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RenderStyle {
    /// Whether text may be coloured.
    pub colour: bool,
    /// From which level on an entry fails the run: JUnit calls it a failure, and text says how to
    /// accept it.
    pub fail_on: FailOn,
}

/// Writes a report down; ends with a line break. `json` gives the JSON document of its kind.
#[must_use]
pub fn render(
    report: &Report,
    format: Format,
    style: RenderStyle,
    json: impl FnOnce() -> String,
) -> String {
    if format == Format::Json {
        return json();
    }
    let sections = report.sections.iter().map(shown::section);
    let shown = Report {
        sections: sections.collect(),
        ..report.clone()
    };
    match format {
        Format::Text => text::render(&shown, style),
        Format::Json => json(),
        Format::Markdown => markdown::render(&shown),
        Format::Github => github::render(&shown),
        // A place is a path here, not a text for people, so that it is taken as it is.
        Format::Sarif => sarif::render(report, &shown),
        Format::Junit => junit::render(&shown, style.fail_on),
        Format::Html => html::render(&shown),
    }
}
