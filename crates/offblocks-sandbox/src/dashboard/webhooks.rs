//! Webhook subscriptions.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use offblocks_types::{SaveWebhookRequest, Webhook, WebhookId, WebhookType};

use super::deliveries;
use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts;
use super::state::Dashboard;
use crate::domain::webhooks;
use crate::failure::Failure;
use crate::store::pages;
use crate::units::{reading, writing};

const LIST: &str = "/_sandbox/ui/webhooks";

fn page_of(id: WebhookId) -> String {
    format!("{LIST}/{id}")
}

pub(super) async fn list(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
) -> Result<Page, Rejected> {
    let found = reading!(&sandbox.world, |work| webhooks::list(work));
    let found = found.map_err(|failure| Rejected::new(Section::Webhooks, "/_sandbox/", failure))?;
    let content = html! {
        (parts::panel("Subscribe", subscription(&forms)))
        @if found.is_empty() {
            (parts::empty(
                "There are no subscriptions yet",
                "Give the URL of a receiver on this machine above. It is told of every change from then on.",
                html! {},
            ))
        } @else { (table(&found)) }
    };
    Ok(Page::new(Section::Webhooks, "Webhooks", content))
}

fn table(found: &[Webhook]) -> Markup {
    let headings = ["Callback URL", "Events", "Id", "Created"];
    let row = |webhook: &Webhook| {
        vec![
            html! { a class="long" href=(page_of(webhook.id)) { (webhook.callback_url) } },
            types(webhook),
            parts::link("webhooks", webhook.id),
            parts::moment(webhook.created_at),
        ]
    };
    parts::table("Subscriptions", &headings, found.iter().map(row).collect())
}

fn types(webhook: &Webhook) -> Markup {
    html! {
        @for kind in &webhook.types { span class="tag" { (kind) } " " }
    }
}

fn subscription(forms: &Forms) -> Markup {
    forms.form(LIST, "fields", html! {
        div class="field wide" {
            label for="url" { "Callback URL" }
            input id="url" name="url" type="url" required placeholder="http://127.0.0.1:8787/hooks"
                autocomplete="off" spellcheck="false";
        }
        fieldset {
            legend { "Events" }
            @for kind in WebhookType::ALL {
                div class="tick" {
                    input id=(kind) name="type" type="checkbox" value=(kind) checked;
                    label for=(kind) { (kind) }
                }
            }
        }
        button class=(Look::Primary.class()) type="submit" { "Subscribe" }
    })
}

pub(super) async fn subscribe(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    form: Filled,
) -> Result<Response, Rejected> {
    let rejected = |failure| Rejected::new(Section::Webhooks, LIST, failure);
    let types = form
        .all("type")
        .iter()
        .map(|kind| WebhookType::from(kind.as_str()));
    let types: Vec<_> = types.collect();
    if let Some(unknown) = types.iter().find(|kind| !WebhookType::ALL.contains(kind)) {
        let reason = format!("there are no events of the type {unknown}");
        return Err(rejected(Failure::invalid(reason)));
    }
    let request = SaveWebhookRequest::new(form.text("url"), types);
    let saved = writing!(&sandbox.world, |work| webhooks::save(work, request));
    Ok(to(&page_of(saved.map_err(rejected)?.id)))
}

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Path(id): Path<WebhookId>,
) -> Result<Page, Rejected> {
    let shown = reading!(&sandbox.world, |work| async {
        let webhook = webhooks::get(work, id).await?;
        let sent = pages::delivery_page(work.conn, Some(id), parts::few()).await?;
        Ok((webhook, sent))
    });
    let (webhook, sent) =
        shown.map_err(|failure| Rejected::new(Section::Webhooks, LIST, failure))?;
    let content = html! {
        (parts::facts(vec![
            ("Callback URL", html! { code class="long" { (webhook.callback_url) } }),
            ("Events", types(&webhook)),
            ("Id", parts::id(id)),
            ("Created", parts::moment(webhook.created_at)),
            ("Updated", parts::moment(webhook.updated_at)),
        ]))
        div class="buttons" {
            (forms.button(&format!("{}/delete", page_of(id)), "Delete the subscription", Look::Danger))
        }
        (parts::panel("Deliveries", deliveries::table(&sent)))
    };
    Ok(Page::new(
        Section::Webhooks,
        "Webhook subscription",
        content,
    ))
}

pub(super) async fn delete(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path(id): Path<WebhookId>,
    _: Filled,
) -> Result<Response, Rejected> {
    let deleted = writing!(&sandbox.world, |work| webhooks::delete(work, id));
    deleted.map_err(|failure| Rejected::new(Section::Webhooks, page_of(id), failure))?;
    Ok(to(LIST))
}
