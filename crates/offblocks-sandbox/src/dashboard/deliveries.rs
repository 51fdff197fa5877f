//! Deliveries of webhooks, with each attempt.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::forms::{Filled, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts::{self, Asked};
use super::state::Dashboard;
use crate::deliveries::{Attempt, AttemptOutcome, DeliveryModes};
use crate::domain::webhooks;
use crate::failure::Failure;
use crate::store::outbox::{self, Kept};
use crate::store::pages::{self, Listed, Page as Rows};
use crate::units::{reading, writing};

const LIST: &str = "/_sandbox/ui/deliveries";

fn page_of(number: i64) -> String {
    format!("{LIST}/{number}")
}

pub(super) async fn list(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Query(asked): Query<Asked>,
) -> Result<Page, Rejected> {
    let part = asked.part();
    let found = reading!(&sandbox.world, |work| async {
        Ok(pages::delivery_page(work.conn, None, part).await?)
    });
    let found =
        found.map_err(|failure| Rejected::new(Section::Deliveries, "/_sandbox/", failure))?;
    let content = html! {
        @if !found.items.is_empty() {
            div class="buttons" {
                (forms.button(&format!("{LIST}/resend"), "Resend all that failed", Look::Plain))
            }
        }
        (table(&found))
        (parts::pager(LIST, part, found.next))
    };
    Ok(Page::new(Section::Deliveries, "Deliveries", content))
}

/// A list of deliveries.
pub(super) fn table(found: &Rows<Listed>) -> Markup {
    let headings = [
        "Delivery",
        "Status",
        "Event",
        "Attempts",
        "Subscription",
        "Happened",
    ];
    let row = |it: &Listed| {
        vec![
            html! { a href=(page_of(it.seq)) { "#" (it.seq) } },
            parts::state(&it.status),
            html! { span class="tag" { (it.kind) } },
            html! { (it.attempts) },
            parts::link("webhooks", it.webhook_id),
            parts::moment(it.created_at),
        ]
    };
    if found.items.is_empty() {
        let next = html! { a class="button" href="/_sandbox/ui/webhooks" { "Webhooks" } };
        let text = "Each change that a subscription wants to know of makes one.";
        return parts::empty("There are no deliveries yet", text, next);
    }
    parts::table(
        "Deliveries",
        &headings,
        found.items.iter().map(row).collect(),
    )
}

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Path(number): Path<i64>,
) -> Result<Page, Rejected> {
    let found = reading!(&sandbox.world, |work| async {
        let found = pages::delivery(work.conn, number).await?;
        found.ok_or_else(|| Failure::missing("delivery", number))
    });
    let (delivery, attempts) =
        found.map_err(|failure| Rejected::new(Section::Deliveries, LIST, failure))?;
    let changes = delivery.due_at.is_some();
    let content = html! {
        (facts(&delivery))
        div class="buttons" {
            (forms.button(&format!("{}/resend", page_of(number)), "Send it again", Look::Plain))
        }
        (parts::panel("Attempts", html! {
            @if attempts.is_empty() { p class="muted" { "It was not sent yet." } }
            @for (index, it) in (1..).zip(&attempts) { (attempt(index, it)) }
        }))
        (parts::panel("Body", html! { pre tabindex="0" { code { (super::log::pretty(&delivery.body)) } } }))
    };
    let title = format!("Delivery #{number}");
    Ok(Page::new(Section::Deliveries, title, content).changes(changes))
}

fn facts(it: &Kept) -> Markup {
    let status = match (it.due_at, &it.reason) {
        (Some(due_at), _) => html! {
            (parts::state("waiting")) " is sent at " (parts::moment(due_at))
        },
        (None, None) => parts::state("delivered"),
        (None, Some(reason)) => html! { (parts::state("discarded")) " " (reason) },
    };
    parts::facts(vec![
        ("Status", status),
        ("Event", html! { span class="tag" { (it.kind) } }),
        ("Event id", parts::id(it.event_id)),
        ("Subscription", parts::link("webhooks", it.webhook_id)),
        ("Happened", parts::moment(it.created_at)),
        ("Updated", parts::moment(it.updated_at)),
    ])
}

fn attempt(number: usize, it: &Attempt) -> Markup {
    let (outcome, text) = match &it.outcome {
        AttemptOutcome::Response { status, excerpt } => (parts::status(Some(*status)), excerpt),
        AttemptOutcome::Failed { reason } => (parts::state("failed"), reason),
    };
    html! {
        details class="attempt" open[number == 1] {
            summary {
                span class="strong" { (number) ". " } (outcome) " "
                (parts::moment(it.attempted_at)) " "
                span class="muted" { (super::log::duration(it.duration)) }
            }
            p { "To " code class="long" { (it.url) } }
            @if let Some(modes) = &it.modes {
                p { "Disturbed on purpose: " (in_words(modes)) }
            }
            (headers(&it.headers))
            @if let Some(body) = &it.body {
                p { "Sent instead of the event's body:" }
                pre tabindex="0" { code { (super::log::pretty(body)) } }
            }
            @if !it.response_headers.is_empty() {
                p { "Response:" }
                (headers(&it.response_headers))
            }
            @if !text.is_empty() { pre tabindex="0" { code { (super::log::pretty(text)) } } }
        }
    }
}

fn in_words(modes: &DeliveryModes) -> String {
    let words: Vec<_> = modes.labels().collect();
    words.join(", ").replace('_', " ")
}

fn headers(all: &[(String, String)]) -> Markup {
    html! {
        dl class="headers" {
            @for (name, value) in all { div { dt { (name) } dd { (value) } } }
        }
    }
}

pub(super) async fn resend(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path(number): Path<i64>,
    _: Filled,
) -> Result<Response, Rejected> {
    let resent = writing!(&sandbox.world, |work| async {
        let webhook = outbox::webhook_of(work.conn, number).await?;
        let webhook = webhook.ok_or_else(|| Failure::missing("delivery", number))?;
        webhooks::get(work, webhook).await?;
        Ok(outbox::send_again(work.conn, number, work.now).await?)
    });
    resent.map_err(|failure| Rejected::new(Section::Deliveries, page_of(number), failure))?;
    sandbox.world.webhooks.changed.notify_one();
    Ok(to(&page_of(number)))
}

pub(super) async fn resend_failed(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    _: Filled,
) -> Result<Response, Rejected> {
    let resent = writing!(&sandbox.world, |work| async {
        Ok(outbox::send_failed_again(work.conn, work.now).await?)
    });
    resent.map_err(|failure| Rejected::new(Section::Deliveries, LIST, failure))?;
    sandbox.world.webhooks.changed.notify_one();
    Ok(to(LIST))
}
