//! Pieces of pages.

use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderMap, header};
use maud::{Markup, html};

use crate::store::pages;

/// How many rows a part of a list has.
pub(super) const ROWS: u32 = 50;

/// How many rows a list on the page of something else has.
pub(super) const FEW: u32 = 10;

/// A state, in the colour of its tone.
pub(super) fn state(state: &str) -> Markup {
    html! { span class={"state " (tone(state))} { (words(state)) } }
}

fn tone(state: &str) -> &'static str {
    match state {
        "active" | "captured" | "processed" | "delivered" | "passed" => "good",
        "issuing" | "initiating" | "screening" | "verifying" | "pending" | "capturing"
        | "releasing" | "processing" | "reversing" | "waiting" => "busy",
        "inactive" | "suspended" => "warn",
        "issue_failed" | "failed" | "rejected" | "blocked" | "discarded" => "bad",
        _ => "calm",
    }
}

/// A name of the contract as words.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// A status of HTTP.
pub(super) fn status(status: Option<u16>) -> Markup {
    let (tone, text) = match status {
        None => ("bad", "hung up".to_owned()),
        Some(status @ 200..300) => ("good", status.to_string()),
        Some(status @ 500..) => ("bad", status.to_string()),
        Some(status @ 400..) => ("warn", status.to_string()),
        Some(status) => ("calm", status.to_string()),
    };
    html! { span class={"state " (tone)} { (text) } }
}

/// An instant, to the second.
pub(super) fn moment(instant: DateTime<Utc>) -> Markup {
    let exact = instant.to_rfc3339_opts(SecondsFormat::Micros, true);
    let shown = instant.format("%Y-%m-%d %H:%M:%S");
    html! { time datetime=(exact) title=(exact) { (shown) } }
}

/// An identifier that leads to its page, by its beginning.
pub(super) fn link(folder: &str, id: impl std::fmt::Display) -> Markup {
    let id = id.to_string();
    let path = format!("/_sandbox/ui/{folder}/{id}");
    let short: String = id.chars().take(8).collect();
    html! { a class="id" href=(path) title=(id) { (short) span class="hidden" { (id[short.len()..]) } } }
}

/// An identifier in full.
pub(super) fn id(id: impl std::fmt::Display) -> Markup {
    let id = id.to_string();
    html! { span class="copied" { code { (id) } (copy(&id)) } }
}

/// A button that copies a text. It is there only with script.
pub(super) fn copy(text: &str) -> Markup {
    html! { button class="copy" type="button" data-copy=(text) hidden { "Copy" } }
}

/// A command of the shell.
pub(super) fn command(text: &str) -> Markup {
    html! { div class="command" { pre tabindex="0" { code { (text) } } (copy(text)) } }
}

/// A URL of this sandbox, by the host that the browser calls it by.
pub(super) fn url(headers: &HeaderMap, path: &str) -> String {
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    format!("http://{}{path}", host.unwrap_or("localhost"))
}

/// The command that walks the whole guide against this sandbox.
pub(super) fn quickstart(headers: &HeaderMap, base_path: &str) -> Markup {
    let base_url = url(headers, base_path);
    command(&format!("offblocks quickstart --base-url {base_url}"))
}

/// What is known of something.
pub(super) fn facts(facts: Vec<(&str, Markup)>) -> Markup {
    html! {
        dl class="facts" {
            @for (name, value) in facts {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// A table that becomes a list of blocks where there is no room for it.
pub(super) fn table(label: &str, headings: &[&str], rows: Vec<Vec<Markup>>) -> Markup {
    html! {
        table class="rows" aria-label=(label) {
            thead { tr { @for heading in headings { th scope="col" { (heading) } } } }
            tbody { @for row in rows { (table_row(headings, row)) } }
        }
    }
}

/// A row of [`table`].
pub(super) fn table_row(headings: &[&str], row: Vec<Markup>) -> Markup {
    html! {
        tr {
            @for (heading, cell) in headings.iter().zip(row) {
                td data-label=(heading) { (cell) }
            }
        }
    }
}

/// The text for an empty list, with what to do now.
pub(super) fn empty(title: &str, text: &str, next: Markup) -> Markup {
    html! {
        div class="empty" {
            p class="strong" { (title) }
            p { (text) }
            (next)
        }
    }
}

/// A part of a page with a heading.
pub(super) fn panel(title: &str, content: Markup) -> Markup {
    html! { section class="panel" { h2 { (title) } (content) } }
}

/// Leads to the newest and to the older rows.
pub(super) fn pager(path: &str, part: pages::Part, next: Option<i64>) -> Markup {
    html! {
        @if part.before.is_some() || next.is_some() {
            nav class="pager" aria-label="Parts of the list" {
                @if part.before.is_some() { a class="button" href=(path) { "Newest" } }
                @if let Some(next) = next {
                    a class="button" rel="next" href={(path) "?before=" (next)} { "Older" }
                }
            }
        }
    }
}

/// The sign of the sandbox.
pub(super) fn logo() -> Markup {
    html! {
        svg class="logo" viewBox="0 0 32 32" aria-hidden="true" {
            rect x="2" y="6" width="28" height="20" rx="4" {}
            path d="M2 12h28" {}
            path d="M7 20h6" {}
        }
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
}

impl Asked {
    /// Nothing stands before the first one, so a number that no row has asks for the newest ones.
    pub(super) fn part(&self) -> pages::Part {
        pages::Part {
            before: self.before.filter(|before| *before > 0),
            limit: ROWS,
        }
    }
}

/// The beginning of a list.
pub(super) const fn few() -> pages::Part {
    pages::Part {
        before: None,
        limit: FEW,
    }
}
