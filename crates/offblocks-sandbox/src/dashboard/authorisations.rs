//! Authorisations.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use offblocks_cards::rules::AuthorisationState;
use offblocks_types::{Authorisation, AuthorisationId, AuthorisationStatus, Transaction};

use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts::{self, Asked};
use super::state::Dashboard;
use super::{diagram, transactions};
use crate::domain::{Work, authorisations, steps};
use crate::failure::Failure;
use crate::store::pages::{self, Page as Rows};
use crate::units::{reading, writing};

const LIST: &str = "/_sandbox/ui/authorisations";

/// Where an authorisation is shown.
pub(super) fn page_of(id: AuthorisationId) -> String {
    format!("{LIST}/{id}")
}

pub(super) async fn list(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Query(asked): Query<Asked>,
) -> Result<Page, Rejected> {
    let part = asked.part();
    let found = reading!(&sandbox.world, |work| async {
        Ok(pages::authorisation_page(work.conn, None, part).await?)
    });
    let found =
        found.map_err(|failure| Rejected::new(Section::Authorisations, "/_sandbox/", failure))?;
    let content = html! { (table(&found)) (parts::pager(LIST, part, found.next)) };
    Ok(Page::new(
        Section::Authorisations,
        "Authorisations",
        content,
    ))
}

/// A list of authorisations.
pub(super) fn table(found: &Rows<Authorisation>) -> Markup {
    let headings = ["Authorisation", "Status", "Amount", "Merchant", "Created"];
    let row = |authorisation: &Authorisation| {
        vec![
            parts::link("authorisations", authorisation.id),
            parts::state(authorisation.status.as_str()),
            html! { span class="amount" { (authorisation.amount) " " (authorisation.currency) } },
            html! { (authorisation.merchant.name) },
            parts::moment(authorisation.created_at),
        ]
    };
    if found.items.is_empty() {
        let next = html! { a class="button" href="/_sandbox/ui/cards" { "Cards" } };
        let text = "An active card makes one, on the card's page.";
        return parts::empty("There are no authorisations yet", text, next);
    }
    parts::table(
        "Authorisations",
        &headings,
        found.items.iter().map(row).collect(),
    )
}

struct Shown {
    authorisation: Authorisation,
    transactions: Rows<Transaction>,
    changes: bool,
}

async fn look(work: &mut Work<'_>, id: AuthorisationId) -> Result<Shown, Failure> {
    let of = Some(("authorisation_id", id.into()));
    Ok(Shown {
        authorisation: authorisations::get(work, id).await?,
        transactions: pages::transaction_page(work.conn, of, parts::few()).await?,
        changes: steps::waiting(work, id.into()).await?.is_some(),
    })
}

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Path(id): Path<AuthorisationId>,
) -> Result<Page, Rejected> {
    let shown = reading!(&sandbox.world, |work| look(work, id));
    let shown = shown.map_err(|failure| Rejected::new(Section::Authorisations, LIST, failure))?;
    let authorisation = &shown.authorisation;
    let content = html! {
        div class="columns" {
            div {
                (parts::panel("What can be done", moves(&forms, authorisation)))
                (facts(authorisation))
            }
            @if let Ok(state) = AuthorisationState::try_from(&authorisation.status) {
                (diagram::of(state))
            }
        }
        (parts::panel("Transactions", transactions::table(&shown.transactions)))
    };
    let title = format!(
        "Authorisation of {} {}",
        authorisation.amount, authorisation.currency
    );
    Ok(Page::new(Section::Authorisations, title, content).changes(shown.changes))
}

fn facts(it: &Authorisation) -> Markup {
    let mut facts = vec![
        ("Status", parts::state(it.status.as_str())),
        (
            "Amount",
            html! { span class="amount" { (it.amount) " " (it.currency) } },
        ),
    ];
    if it.merchant_currency != it.currency {
        let rate = html! {
            (it.merchant_amount) " " (it.merchant_currency) " at " (it.exchange_rate)
        };
        facts.push(("At the merchant", rate));
    }
    let merchant = &it.merchant;
    facts.extend([
        (
            "Merchant",
            html! { (merchant.name) ", " (merchant.city) ", " (merchant.country) },
        ),
        ("Id", parts::id(it.id)),
        ("Account", parts::link("accounts", it.account_id)),
    ]);
    if let Some(card) = it.card_id {
        facts.push(("Card", parts::link("cards", card)));
    }
    facts.push(("Created", parts::moment(it.created_at)));
    facts.push(("Updated", parts::moment(it.updated_at)));
    parts::facts(facts)
}

fn moves(forms: &Forms, authorisation: &Authorisation) -> Markup {
    let button = |act: &str, label: &str, look: Look| {
        forms.button(&format!("{}/{act}", page_of(authorisation.id)), label, look)
    };
    html! {
        div class="buttons" {
            @match authorisation.status {
                AuthorisationStatus::Pending => {
                    (button("capture", "Capture", Look::Primary))
                    (button("release", "Release", Look::Plain))
                }
                AuthorisationStatus::Capturing => p { "It is being captured, and makes a transaction by itself." },
                AuthorisationStatus::Releasing => p { "It is being released by itself." },
                _ => p { "Nothing: the state is final." }
            }
        }
    }
}

pub(super) async fn act(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path((id, act)): Path<(AuthorisationId, String)>,
    _: Filled,
) -> Result<Response, Rejected> {
    let done = writing!(&sandbox.world, |work| async {
        match act.as_str() {
            "capture" => authorisations::capture(work, id).await,
            "release" => authorisations::release(work, id).await,
            other => Err(Failure::missing("act", other)),
        }
    });
    done.map_err(|failure| Rejected::new(Section::Authorisations, page_of(id), failure))?;
    Ok(to(&page_of(id)))
}
