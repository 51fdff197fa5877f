//! Drift reports in the formats of the crate `report`, and as JSON.

mod entry;
mod json;
mod section;
mod summary;
#[cfg(test)]
pub(crate) mod tests;

use super::report::DriftReport;
use ::report::{Format, RenderStyle, Report, Tool};
pub use summary::summary;

/// What drift reports say of their maker.
static TOOL: Tool = Tool {
    name: "contract drift",
    title: "Contract drift",
    class: "drift",
    fingerprints: "contractDrift/v1",
    passed: "nothing changed",
};

/// What a history is that has no two versions to compare.
const NO_PAIR: &str =
    "history: at most one version of the file can be read, so that there is nothing to compare";

/// Writes one report down; ends with a line break. The shape of its JSON is described by
/// `build-support/drift/schemas/drift-report.schema.json`.
#[must_use]
pub fn render(report: &DriftReport, format: Format, style: RenderStyle) -> String {
    let sections = vec![section::of(report, false)];
    ::report::render(&shown(sections, false), format, style, || json::one(report))
}

/// Writes the reports of a history down, oldest first; ends with a line break.
#[must_use]
pub fn render_history(reports: &[DriftReport], format: Format, style: RenderStyle) -> String {
    let sections = reports.iter().map(|it| section::of(it, true)).collect();
    ::report::render(&shown(sections, true), format, style, || {
        json::many(reports)
    })
}

fn shown(sections: Vec<::report::Section>, is_history: bool) -> Report {
    Report {
        tool: &TOOL,
        sections,
        is_history,
        nothing: NO_PAIR,
    }
}
