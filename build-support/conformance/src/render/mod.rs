//! Conformance reports in the formats of the crate `report`, and as JSON.

mod entry;
mod json;
mod section;

use super::report::ConformanceReport;
use ::report::{Format, RenderStyle, Report, Tool};

/// What conformance reports say of their maker.
static TOOL: Tool = Tool {
    name: "contract conformance",
    title: "Contract conformance",
    class: "conformance",
    fingerprints: "contractConformance/v2",
    passed: "nothing found",
};

/// Writes a report down; ends with a line break.
#[must_use]
pub fn render(report: &ConformanceReport, format: Format, style: RenderStyle) -> String {
    let shown = Report {
        tool: &TOOL,
        sections: vec![section::of(report)],
        is_history: false,
        nothing: "",
    };
    let json = || json::render(report, style.fail_on);
    ::report::render(&shown, format, style, json)
}
