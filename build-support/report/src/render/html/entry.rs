//! One entry of the page.

use super::{Operations, excerpt};
use crate::render::words;
use crate::{Detail, Entry, Item, Level};
use maud::{Markup, html};

/// The entry. What needs no attention is folded.
pub(super) fn of(entry: &Entry, operations: &Operations) -> Markup {
    let severity = entry.severity.as_str();
    let is_accepted = entry.acceptance.is_some();
    let is_open = entry.severity.level() > Level::Note && !is_accepted;
    html! {
        article class={ "entry " (severity) } data-severity=(severity) data-operations=(operations.numbers(entry)) data-more[entry.has_more_operations()] {
            details open[is_open] {
                summary {
                    span class={ "badge " (severity) } { (severity) }
                    @if is_accepted { span.badge { "accepted" } }
                    " "
                    span.message { (words::one_line(&entry.message)) }
                    " "
                    code.rule { (entry.rule.id) }
                }
                p.title { (entry.rule.title) }
                (sides(entry))
                dl { @for detail in &entry.details { (self::detail(detail)) } (last(entry)) }
            }
        }
    }
}

/// The places, side by side where there is room.
fn sides(entry: &Entry) -> Markup {
    html! {
        @if entry.sides.iter().all(|side| side.place.is_none()) {
            p { "The document as a whole." }
        } @else {
            div.sides {
                @for side in &entry.sides {
                    figure class=(if side.is_former { "former" } else { "present" }) {
                        figcaption {
                            strong { (side.label) }
                            " "
                            @match &side.place {
                                Some(place) => code { (words::place(place)) },
                                None => "nothing",
                            }
                        }
                        @if let Some(place) = &side.place { (excerpt::of(&side.sources, place)) }
                    }
                }
            }
        }
    }
}

fn detail(detail: &Detail) -> Markup {
    match detail {
        Detail::UsedBy { uses, more } => html! {
            dt { "used by" }
            dd {
                ul {
                    @for (operation, sides) in uses {
                        li { code { (operation) } ": " (sides.join(", ")) }
                    }
                    @if let Some(more) = words::further_uses(*more) { li { (more) } }
                }
            }
        },
        Detail::Witness { value, said } => html! {
            dt { "witness" }
            dd {
                @if let Some(value) = value { pre.value tabindex="0" { (value) } }
                (said)
            }
        },
        Detail::Items(list) => html! { dt { "Rust" } dd { (items(list)) } },
        Detail::Fact { label, text, .. } => html! { dt { (label) } dd { (text) } },
        Detail::Advice(text) => html! { dt { "what to do" } dd { (text) } },
        Detail::Commands { label, text } => html! {
            dt { (label) }
            dd { pre.value tabindex="0" { (text) } }
        },
    }
}

fn last(entry: &Entry) -> Markup {
    html! {
        @if let Some(said) = words::accepted(entry) { dt { "accepted" } dd { (said) } }
        dt { "fingerprint" }
        dd { code { (entry.fingerprint) } }
    }
}

/// Items of generated crates.
pub(super) fn items(items: &[Item]) -> Markup {
    html! {
        ul {
            @for item in items {
                li { code { (item.name) } " " (item.change) " (" (item.step) ")" }
            }
        }
    }
}
