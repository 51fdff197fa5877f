//! The top of the page: the verdict, the filters, and the versions of a history.

use super::{Operations, class};
use crate::{Report, Section, Severity};
use maud::{Markup, html};

/// What the page is about, and the result.
pub(super) fn of(report: &Report) -> Markup {
    match report.sections.as_slice() {
        [only] if !report.is_history => one(report, only),
        sections => html! {
            h1 { (report.tool.title) ": history" }
            @if !sections.is_empty() { (timeline(sections)) }
        },
    }
}

fn one(report: &Report, section: &Section) -> Markup {
    html! {
        h1 { (report.tool.title) }
        p.about {
            code { (section.title) }
            @if let Some(about) = &section.about { " with " (about) }
        }
        @if let Some(compared) = &section.compared { p.about { (compared) } }
        p class={ "result " (class(section.level)) } { (section.whole_verdict()) }
        @if let Some(why) = &section.inconclusive { p { (why) } }
    }
}

/// The versions, the newest last, each with what it changed.
fn timeline(sections: &[Section]) -> Markup {
    html! {
        nav aria-label="Versions" {
            ol.timeline {
                @for (index, section) in sections.iter().enumerate() {
                    li class=(class(section.level)) {
                        a href={ "#section-" (index) } { (section.title) }
                        @if let Some(compared) = &section.compared { span { (compared) } }
                        span { (section.whole_verdict()) }
                    }
                }
            }
        }
    }
}

/// The filters, which the script shows.
pub(super) fn filters(report: &Report, operations: &Operations) -> Markup {
    let entries = || report.sections.iter().flat_map(|section| &section.entries);
    let count = |severity: Severity| entries().filter(|it| it.severity == severity).count();
    let severities = Severity::WORST_FIRST
        .into_iter()
        .filter(|it| count(*it) > 0);
    html! {
        form #filters hidden {
            fieldset {
                legend { "Severity" }
                @for severity in severities {
                    label {
                        input type="checkbox" name="severity" value=(severity.as_str()) checked;
                        " " (severity.counted(count(severity)))
                    }
                }
            }
            @if !operations.numbers.is_empty() {
                label.operation {
                    "Operation "
                    select name="operation" {
                        option value="" { "all operations" }
                        @for (name, number) in &operations.numbers {
                            option value=(number) { (name) }
                        }
                    }
                }
            }
            p #shown role="status" {}
        }
    }
}
