//! One page for a browser. It needs no other file and no network: style and script are in it, and
//! everything can be read without the script too.
//!
//! Texts of contracts and servers are escaped by the template, and never become style or script. The
//! script reads numbers from attributes, and no text.

mod entry;
mod excerpt;
mod head;

use crate::{Covered, Entry, ItemList, Level, Note, Report, Section, Severity};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::collections::BTreeMap;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Nothing may be loaded, even if some text should come to be read as markup.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

/// The page; ends with a line break.
pub(super) fn render(report: &Report) -> String {
    let operations = Operations::of(report);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title(report)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#entries" { "To the entries" }
                header { (head::of(report)) }
                main #entries {
                    (head::filters(report, &operations))
                    @for (index, section) in report.sections.iter().enumerate() {
                        (whole(report, index, section, &operations))
                    }
                    @if report.sections.is_empty() { p { (report.nothing) } }
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    format!("{}\n", page.into_string())
}

fn title(report: &Report) -> String {
    match report.sections.as_slice() {
        [only] => format!("{}: {}", report.tool.title, only.headline),
        sections => format!("{}: {} versions", report.tool.title, sections.len() + 1),
    }
}

/// The operations that entries are about, each with a number.
struct Operations {
    numbers: BTreeMap<String, usize>,
}

impl Operations {
    fn of(report: &Report) -> Self {
        let entries = report.sections.iter().flat_map(|section| &section.entries);
        let names = entries.flat_map(Entry::operations);
        let mut numbers: BTreeMap<String, usize> = names.map(|name| (name.to_owned(), 0)).collect();
        for (number, at) in numbers.values_mut().enumerate() {
            *at = number;
        }
        Self { numbers }
    }

    /// The numbers of an entry's operations, with spaces around each.
    fn numbers(&self, entry: &Entry) -> String {
        let numbers = entry.operations();
        let numbers = numbers
            .into_iter()
            .filter_map(|name| self.numbers.get(name));
        numbers.fold(" ".to_owned(), |all, number| format!("{all}{number} "))
    }
}

/// A section; in a history it unfolds.
fn whole(report: &Report, index: usize, section: &Section, operations: &Operations) -> Markup {
    let id = format!("section-{index}");
    if !report.is_history {
        return html! { section id=(id) { (inside(section, operations)) } };
    }
    let is_open = section.level.is_some_and(|level| level > Level::Note);
    html! {
        section id=(id) {
            details.version open[is_open] {
                summary {
                    h2 { (section.title) }
                    " "
                    span class={ "badge " (class(section.level)) } { (section.headline) }
                }
                p.verdict { (section.whole_verdict()) }
                (inside(section, operations))
            }
        }
    }
}

fn inside(section: &Section, operations: &Operations) -> Markup {
    html! {
        (notes(&section.notes))
        @if section.entries.is_empty() {
            p.nothing { "There is no entry." }
        }
        @for severity in Severity::WORST_FIRST {
            @for each in section.entries.iter().filter(|it| it.severity == severity && it.acceptance.is_none()) {
                (entry::of(each, operations))
            }
        }
        @for each in section.entries.iter().filter(|it| it.acceptance.is_some()) {
            (entry::of(each, operations))
        }
        (lists(&section.lists))
        @if let Some(commands) = section.commands {
            p.commands { (commands) }
        }
        (coverage(&section.coverage))
    }
}

/// The class of a level.
fn class(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Error) => "breaking",
        Some(Level::Warning) => "warning",
        Some(Level::Note) | None => "compatible",
    }
}

fn notes(notes: &[Note]) -> Markup {
    html! {
        @if !notes.is_empty() {
            ul.notes {
                @for note in notes {
                    li {
                        @if !note.subject.is_empty() { code { (note.subject) } ": " }
                        (note.text)
                    }
                }
            }
        }
    }
}

fn lists(lists: &[ItemList]) -> Markup {
    html! {
        @for list in lists {
            details.items {
                summary { (list.items.len()) " further items of " code { (list.owner) } }
                (entry::items(&list.items))
            }
        }
    }
}

fn coverage(coverage: &[Covered]) -> Markup {
    html! {
        @if !coverage.is_empty() {
            h2 { "Coverage" }
            div.wide tabindex="0" role="region" aria-label="Coverage" {
                table {
                    thead { tr { th scope="col" { "Operation" } th scope="col" { "Seen" } th scope="col" { "Not seen" } } }
                    tbody {
                        @for one in coverage {
                            tr {
                                th scope="row" { code { (one.name) } }
                                td { (one.skipped.as_deref().unwrap_or(&one.seen)) }
                                td { (one.unseen) }
                            }
                        }
                    }
                }
            }
        }
    }
}
