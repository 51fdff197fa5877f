//! All data at once: cards and fixtures to begin with, snapshots, a reset, and what is under way.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use maud::{Markup, html};
use serde_json::Value;

use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts;
use super::state::Dashboard;
use crate::failure::Failure;
use crate::fixtures::{FixtureError, Fixtures};
use crate::under_way::{Work, WorkKind};

const PAGE: &str = "/_sandbox/ui/data";

/// The most cards that a page adds: the browser waits for the response.
const MOST_FROM_PAGE: u64 = 100_000;

const EXAMPLE: &str = r#"{"steps": [
  {"name": "alice", "customer": {"externalId": "alice"}},
  {"name": "current", "account": {"customer": "alice", "balance": "250"}},
  {"name": "card", "card": {"account": "current"}},
  {"authorisation": {"card": "card", "amount": "20"}}
]}"#;

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
) -> Result<Page, Rejected> {
    let work = sandbox.work();
    let content = html! {
        @if !work.is_empty() { (parts::panel("Under way", under_way(&work))) }
        (parts::panel("Add cards", cards(&forms)))
        (parts::panel("Fixtures", fixtures_form(&forms, EXAMPLE)))
        (parts::panel("Snapshot", snapshot()))
        (parts::panel("Reset", reset(&forms)))
    };
    let page = Page::new(Section::Data, "Data", content);
    Ok(page.changes(!work.is_empty()))
}

fn under_way(work: &[Work]) -> Markup {
    let name = |kind| match kind {
        WorkKind::Clock => "the clock is moved",
        WorkKind::Cards => "cards are added",
        WorkKind::Snapshot => "a snapshot is written",
        WorkKind::Restore => "a snapshot is restored",
    };
    html! {
        @for one in work {
            p {
                (name(one.kind)) ": "
                @match one.total {
                    Some(total) => progress max=(total) value=(one.done) {
                        (one.done) " of " (total)
                    },
                    None => (one.done),
                }
            }
        }
    }
}

fn cards(forms: &Forms) -> Markup {
    forms.form(&format!("{PAGE}/cards"), "fields", html! {
        div class="field narrow" {
            label for="number" { "How many" }
            input id="number" name="number" type="text" inputmode="numeric" value="100" required
                autocomplete="off";
        }
        button class=(Look::Primary.class()) type="submit" { "Add cards" }
        p class="hint" {
            "Each has a customer and an account of its own, in the states of a typical programme. "
            "For more than " (MOST_FROM_PAGE) ": " code { "offblocks sandbox cards add 1000000" }
        }
    })
}

fn fixtures_form(forms: &Forms, text: &str) -> Markup {
    forms.form(&format!("{PAGE}/fixtures"), "fields", html! {
        div class="field wide" {
            label for="fixtures" { "Steps, as JSON" }
            textarea id="fixtures" name="fixtures" rows="8" required spellcheck="false" { (text) }
        }
        button class=(Look::Plain.class()) type="submit" { "Make it all" }
        p class="hint" {
            "All of it is made, or nothing. A file in YAML: "
            code { "offblocks sandbox fixtures FILE" }
        }
    })
}

/// A file is sent by script, since a form would send it in another form.
fn snapshot() -> Markup {
    html! {
        p {
            a class=(Look::Plain.class()) href="/_sandbox/snapshot" download="sandbox.jsonl" {
                "Download a snapshot"
            }
        }
        div class="fields" data-restore="/_sandbox/snapshot" {
            div class="field wide" {
                label for="snapshot" { "A snapshot, of any kind of database" }
                input id="snapshot" type="file";
            }
            (confirmed("Restore it", html! {
                p {
                    "It takes the place of everything there is, credentials and keys included. "
                }
                button class=(Look::Danger.class()) type="button" data-restores { "Yes, restore it" }
            }))
            p class="hint" role="status" id="restored" {
                noscript { "Without script: " code { "offblocks sandbox restore FILE" } }
            }
        }
        p class="hint" { "It holds secrets: keep it where others cannot read it." }
    }
}

fn reset(forms: &Forms) -> Markup {
    confirmed(
        "Remove all data",
        html! {
            p {
                "Customers and all that belongs to them, subscriptions and deliveries are removed. "
                "Credentials, keys, tokens, the clock and faults stay."
            }
            (forms.button(&format!("{PAGE}/reset"), "Yes, remove all data", Look::Danger))
        },
    )
}

/// What cannot be undone: a first button shows what will happen, and the second one.
pub(super) fn confirmed(label: &str, content: Markup) -> Markup {
    html! {
        details class="confirm" {
            summary class=(Look::Danger.class()) { (label) "…" }
            div { (content) }
        }
    }
}

pub(super) async fn add_cards(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    form: Filled,
) -> Result<Response, Rejected> {
    let number = form.text("number").parse::<u64>().ok();
    let number = number.filter(|number| (1..=MOST_FROM_PAGE).contains(number));
    let number = number.ok_or_else(|| {
        rejected(Failure::invalid(format!(
            "write a number of cards from 1 to {MOST_FROM_PAGE}"
        )))
    })?;
    let added = sandbox.populate(number, |_| ()).await;
    added.map_err(|error| rejected(error.into()))?;
    Ok(to("/_sandbox/ui/cards"))
}

pub(super) async fn seed(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    form: Filled,
) -> Result<Response, Rejected> {
    let text = form.text("fixtures");
    let read = serde_json::from_str::<Value>(text)
        .map_err(|error| rejected(Failure::invalid(format!("this is not JSON: {error}"))))?;
    let fixtures = Fixtures::from_json(&read).map_err(not_made)?;
    let made = sandbox.seed(fixtures).await.map_err(not_made)?;
    let rows = made.iter().map(|(name, id)| {
        let found = format!("/_sandbox/ui/find?id={id}");
        vec![
            html! { (name) },
            html! { a class="id" href=(found) { (id) } },
        ]
    });
    let content = html! {
        @if made.is_empty() {
            p { "Everything was made. No step had a name." }
        } @else {
            (parts::panel("Made", parts::table("Made", &["Step", "Id"], rows.collect())))
        }
        (parts::panel("More fixtures", fixtures_form(&forms, text)))
    };
    Ok(Page::new(Section::Data, "Fixtures are made", content).into_response())
}

pub(super) async fn empty(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    _: Filled,
) -> Result<Response, Rejected> {
    let done = sandbox.reset().await;
    done.map_err(|error| rejected(error.into()))?;
    Ok(to("/_sandbox/"))
}

fn not_made(error: FixtureError) -> Rejected {
    match error {
        FixtureError::Store(error) => rejected(error.into()),
        wrong => rejected(Failure::invalid(wrong.to_string())),
    }
}

fn rejected(failure: Failure) -> Rejected {
    Rejected::new(Section::Data, PAGE, failure)
}
