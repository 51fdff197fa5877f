//! The request log, live, with the explain view.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::response::sse::Event;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use maud::{Markup, html};
use offblocks_server::Verdict;
use serde_json::{Map, Value};

use super::faults;
use super::forms::{Filled, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts::{self, Asked};
use super::state::Dashboard;
use crate::diagnostics::{Followed, follow, last_seen};
use crate::failure::Failure;
use crate::request_log::wire::{named, reason, word};
use crate::request_log::{LoggedBody, LoggedHeaders, LoggedRequest};

const LIST: &str = "/_sandbox/ui/log";

const HEADINGS: [&str; 6] = ["Time", "Request", "Operation", "Status", "Checks", "Took"];

pub(super) async fn list(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Page {
    let part = asked.part();
    let before = part.before.map_or(u64::MAX, i64::unsigned_abs);
    let entries = sandbox.world.journal.before(before, parts::ROWS as usize);
    let more = entries.len() == parts::ROWS as usize;
    let oldest = entries
        .last()
        .and_then(|entry| i64::try_from(entry.number).ok());
    let next = oldest.filter(|oldest| more && *oldest > 1);
    // Only the newest part is live.
    let last = entries.first().map_or(0, |entry| entry.number);
    let live = part
        .before
        .is_none()
        .then(|| format!("{LIST}/events?after={last}"));
    let content = html! {
        div class="buttons" {
            p id="live" class="live" role="status" { }
            button class="button" type="button" id="pause" hidden { "Pause" }
            a class="button" href="/_sandbox/requests.har" { "Save as HAR" }
            (forms.button(&format!("{LIST}/clear"), "Clear", Look::Plain))
        }
        @if !sandbox.world.journal.is_on() {
            (parts::empty(
                "The request log is off",
                "Start the sandbox without --request-log 0 to see requests here.",
                html! {},
            ))
        } @else if entries.is_empty() && part.before.is_none() {
            div id="none" {
                (parts::empty(
                    "No request has come yet",
                    "Call the API, for example with the whole guide from a shell:",
                    parts::quickstart(&headers, sandbox.base_path()),
                ))
            }
        }
        table class="rows" aria-label="Requests" data-live=[live] hidden[entries.is_empty()] {
            thead { tr { @for heading in HEADINGS { th scope="col" { (heading) } } } }
            tbody { @for entry in &entries { (row(entry)) } }
        }
        (parts::pager(LIST, part, next))
    };
    Page::new(Section::Log, "Request log", content)
}

/// A few entries.
pub(super) fn table(entries: &[Arc<LoggedRequest>]) -> Markup {
    html! {
        table class="rows" aria-label="Requests" {
            thead { tr { @for heading in HEADINGS { th scope="col" { (heading) } } } }
            tbody { @for entry in entries { (row(entry)) } }
        }
    }
}

/// A row of the log.
fn row(entry: &LoggedRequest) -> Markup {
    parts::table_row(
        &HEADINGS,
        vec![
            html! { time datetime=(entry.received_at.to_rfc3339()) { (entry.received_at.format("%H:%M:%S%.3f")) } },
            html! {
                a class="request" href=(format!("{LIST}/{}", entry.number)) {
                    span class="method" { (entry.method) } " " (entry.path())
                }
            },
            html! { (entry.operation.unwrap_or("none")) },
            html! {
                (status(entry))
                @if entry.replayed { " " span class="tag" { "replayed" } }
                @if entry.fault.is_some() { " " span class="tag" { "fault" } }
            },
            marks(entry),
            html! { (duration(entry.duration)) },
        ],
    )
}

fn status(entry: &LoggedRequest) -> Markup {
    match (entry.status, entry.fault) {
        (None, Some(_)) => html! { span class="state bad" { "no response" } },
        (status, _) => parts::status(status),
    }
}

/// The verdicts of the checks, a mark each.
fn marks(entry: &LoggedRequest) -> Markup {
    html! {
        span class="marks" {
            @for (name, verdict) in named(&entry.checks) {
                @let text = format!("{name}: {}", word(verdict));
                span class={"mark " (tone(verdict))} title=(text) {
                    span class="hidden" { (text) ". " }
                }
            }
        }
    }
}

const fn tone(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "good",
        Verdict::Failed(_) => "bad",
        Verdict::NotNeeded => "calm",
        _ => "none",
    }
}

/// A duration, in milliseconds; it is not broken before the unit.
pub(super) fn duration(duration: Duration) -> String {
    format!("{:.1}\u{a0}ms", duration.as_secs_f64() * 1_000.0)
}

/// Which entries a page has already.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Known {
    after: u64,
}

/// A row of the table for each request, as it is logged.
pub(super) async fn events(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Query(known): Query<Known>,
    headers: HeaderMap,
) -> Response {
    let journal = Arc::clone(&sandbox.world.journal);
    let after = last_seen(&journal, &headers).unwrap_or(known.after);
    let events = follow(journal, after, |journal, followed| match followed {
        Followed::Entry(entry) => {
            let id = format!("{}.{}", journal.run(), entry.number);
            let row = row(&entry).into_string();
            Event::default().event("row").id(id).data(row)
        }
        Followed::Missed(missed) => Event::default().event("missed").data(missed.to_string()),
    });
    events.into_response()
}

pub(super) async fn clear(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    _: Filled,
) -> Response {
    sandbox.world.journal.clear();
    to(LIST)
}

pub(super) async fn show(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path(number): Path<u64>,
) -> Result<Page, Rejected> {
    let entry = sandbox.world.journal.get(number).ok_or_else(|| {
        let failure = Failure::missing("request in the log, or not any more,", number);
        Rejected::new(Section::Log, LIST, failure)
    })?;
    let content = html! {
        p class="request big" {
            span class="method" { (entry.method) } " " code class="long" { (entry.target) } " "
            (status(&entry))
        }
        (parts::panel("Checks", checks(&entry)))
        @if let Some(explanation) = &entry.checks.explanation {
            (parts::panel("How the signature was read", explain(explanation)))
        }
        (facts(&entry))
        (parts::panel("Request", message(&entry.request_headers, &entry.request_body)))
        @if entry.status.is_some() {
            (parts::panel("Response", message(&entry.response_headers, &entry.response_body)))
        }
        p { a class="button" href=(LIST) { "All requests" } }
    };
    let operation = entry.operation.unwrap_or("outside the contract");
    Ok(Page::new(
        Section::Log,
        format!("Request {number}: {operation}"),
        content,
    ))
}

fn checks(entry: &LoggedRequest) -> Markup {
    html! {
        ol class="checks" {
            @for (name, verdict) in named(&entry.checks) {
                li class=(tone(verdict)) {
                    span class={"mark " (tone(verdict))} aria-hidden="true" {}
                    span class="strong" { (name) }
                    span class="muted" { (word(verdict)) }
                    @if let Some(reason) = reason(verdict) { p { (reason) } }
                }
            }
        }
    }
}

/// What the server made of a signature, to compare with what was signed.
fn explain(explanation: &Map<String, Value>) -> Markup {
    let text = |name: &str| explanation.get(name).and_then(Value::as_str);
    let input = explanation.get("signatureInput").and_then(Value::as_object);
    html! {
        dl class="facts" {
            @for (name, label) in [
                ("component", "Missing or different"),
                ("serverTime", "The server's clock"),
            ] {
                @if let Some(value) = text(name) { div { dt { (label) } dd { (value) } } }
            }
            @for (name, value) in input.into_iter().flatten().filter(|(_, value)| !value.is_null()) {
                div { dt { (name) } dd { (shown(value)) } }
            }
        }
        @if let Some(base) = text("signatureBase") {
            p { "The text that the server verified. The text that you signed has to be the same, byte by byte:" }
            (parts::command(base))
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn facts(entry: &LoggedRequest) -> Markup {
    let mut facts = vec![
        ("Received", parts::moment(entry.received_at)),
        ("Took", html! { (duration(entry.duration)) }),
        ("Host", html! { (entry.host) }),
    ];
    if let Some(fault) = entry.fault {
        let what = format!("{} (number {})", faults::described(fault.kind), fault.id);
        facts.push(("Fault on purpose", html! { (what) }));
    }
    if let Some(id) = &entry.request_id {
        facts.push(("Request id", parts::id(id)));
    }
    if let Some(key) = &entry.idempotency_key {
        let replayed = if entry.replayed {
            " (the stored response was replayed)"
        } else {
            ""
        };
        facts.push(("Idempotency key", html! { (parts::id(key)) (replayed) }));
    }
    parts::facts(facts)
}

fn message(headers: &LoggedHeaders, body: &LoggedBody) -> Markup {
    html! {
        dl class="headers" {
            @for (name, value) in headers.iter() { div { dt { (name) } dd { (value) } } }
        }
        @if body.length == 0 {
            p class="muted" { "No body." }
        } @else if let Some(text) = body.text() {
            pre tabindex="0" { code { (pretty(text)) } }
            @if !body.whole { p class="hint" { "The beginning of " (body.length) " bytes." } }
        } @else {
            p class="muted" { (body.length) " bytes that are not text." }
        }
    }
}

/// JSON in lines, anything else as it is.
pub(super) fn pretty(text: &str) -> String {
    let value: Result<Value, _> = serde_json::from_str(text);
    let pretty = value.and_then(|value| serde_json::to_string_pretty(&value));
    pretty.unwrap_or_else(|_| text.to_owned())
}
