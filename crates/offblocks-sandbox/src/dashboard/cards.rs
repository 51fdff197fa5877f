//! Cards, with their state diagram and the moves that are possible now.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use offblocks_cards::rules::{CardMove, CardState, Lifecycle as _};
use offblocks_types::{
    AccountId, Address, Authorisation, Card, CardId, CardType, CreateAccountCardRequest,
    SimulateCardAuthorisationRequest, Transaction,
};

use super::data::confirmed;
use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts::{self, Asked};
use super::state::Dashboard;
use super::{authorisations, diagram, transactions};
use crate::Sandbox;
use crate::domain::{Work, accounts, cards, steps};
use crate::failure::Failure;
use crate::store::cards::CardRecord;
use crate::store::pages::{self, Page as Rows};
use crate::units::{reading, writing};

const LIST: &str = "/_sandbox/ui/cards";

fn page_of(id: CardId) -> String {
    format!("{LIST}/{id}")
}

pub(super) async fn list(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Query(asked): Query<Asked>,
) -> Result<Page, Rejected> {
    let part = asked.part();
    let found = reading!(&sandbox.world, |work| async {
        Ok(pages::card_page(work.conn, None, part).await?)
    });
    let found = found.map_err(|failure| Rejected::new(Section::Cards, "/_sandbox/", failure))?;
    let content = html! {
        @if found.items.is_empty() {
            (parts::empty(
                "There are no cards yet",
                "An active account can have one, ordered on the account's page.",
                html! { a class="button primary" href="/_sandbox/ui/accounts" { "Accounts" } },
            ))
        } @else {
            (table(&found))
            (parts::pager(LIST, part, found.next))
        }
    };
    Ok(Page::new(Section::Cards, "Cards", content))
}

/// A list of cards.
pub(super) fn table(found: &Rows<CardRecord>) -> Markup {
    let headings = ["Card", "Status", "Number", "Account", "Created"];
    let row = |CardRecord { card, .. }: &CardRecord| {
        vec![
            parts::link("cards", card.id),
            parts::state(card.status.as_str()),
            number(card),
            parts::link("accounts", card.account_id),
            parts::moment(card.created_at),
        ]
    };
    parts::table("Cards", &headings, found.items.iter().map(row).collect())
}

fn number(card: &Card) -> Markup {
    match &card.masked_pan {
        Some(masked) => html! { span class="pan" { (masked) } },
        None => html! { span class="muted" { "not issued" } },
    }
}

struct Shown {
    card: Card,
    currency: String,
    authorisations: Rows<Authorisation>,
    transactions: Rows<Transaction>,
    changes: bool,
}

async fn look(work: &mut Work<'_>, id: CardId) -> Result<Shown, Failure> {
    let card = cards::get(work, id).await?;
    let of = Some(("card_id", id.into()));
    Ok(Shown {
        currency: accounts::find(work, card.account_id).await?.currency,
        authorisations: pages::authorisation_page(work.conn, of, parts::few()).await?,
        transactions: pages::transaction_page(work.conn, of, parts::few()).await?,
        changes: steps::waiting(work, id.into()).await?.is_some(),
        card,
    })
}

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Path(id): Path<CardId>,
) -> Result<Page, Rejected> {
    let shown = reading!(&sandbox.world, |work| look(work, id));
    let shown = shown.map_err(|failure| Rejected::new(Section::Cards, LIST, failure))?;
    let card = &shown.card;
    let state = CardState::try_from(&card.status).ok();
    let content = html! {
        div class="columns" {
            div {
                (face(card))
                (parts::panel("What can be done", moves(&forms, id, state)))
                @if state.is_some_and(CardState::authorises) {
                    (parts::panel("Pay with it", payment(&forms, id, &shown.currency)))
                }
            }
            @if let Some(state) = state { (diagram::of(state)) }
        }
        (facts(card))
        (parts::panel("Authorisations", authorisations::table(&shown.authorisations)))
        (parts::panel("Transactions", transactions::table(&shown.transactions)))
    };
    let end = card.masked_pan.as_deref().map_or("", |masked| {
        masked
            .get(masked.len().saturating_sub(4)..)
            .unwrap_or_default()
    });
    let title = match end {
        "" => "Card".to_owned(),
        end => format!("Card ending in {end}"),
    };
    Ok(Page::new(Section::Cards, title, content).changes(shown.changes))
}

/// The card as it would look.
fn face(card: &Card) -> Markup {
    let number = card.masked_pan.as_deref().unwrap_or("**** **** **** ****");
    let network = card.network.as_ref().map_or("", |network| network.as_str());
    html! {
        div class={"face " (card.status.as_str())} {
            div class="line" { span { "OffBlocks" } span { (card.r#type.as_str()) } }
            div class="number" { (spaced(number)) }
            div class="line" {
                span { (card.name.as_deref().unwrap_or("not issued yet")) }
                span { (card.expiration_date.as_deref().unwrap_or("")) }
                span class="network" { (network) }
            }
        }
    }
}

/// A number in groups of four.
fn spaced(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(|digit| *digit != ' ').collect();
    let groups: Vec<String> = digits
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ").replace('*', "•")
}

fn facts(card: &Card) -> Markup {
    let address = card.billing_address.as_ref();
    let address = address.map(|address| {
        let Address {
            first_line,
            city,
            post_code,
            country,
            ..
        } = address;
        format!("{first_line}, {city} {post_code}, {country}")
    });
    parts::facts(vec![
        ("Status", parts::state(card.status.as_str())),
        ("Id", parts::id(card.id)),
        ("Account", parts::link("accounts", card.account_id)),
        ("Billing address", html! { (address.unwrap_or_default()) }),
        ("Created", parts::moment(card.created_at)),
        ("Updated", parts::moment(card.updated_at)),
    ])
}

/// The moves that the table of transitions allows from a state, as buttons.
fn moves(forms: &Forms, id: CardId, state: Option<CardState>) -> Markup {
    let steps: Vec<_> = state.into_iter().flat_map(CardState::transitions).collect();
    html! {
        div class="buttons" {
            @for step in &steps {
                @let (act, label, look) = offered(step.cause);
                @let button = |label| forms.button(&format!("{}/{act}", page_of(id)), label, look);
                @match step.cause {
                    CardMove::Block => (confirmed(label, html! {
                        p { "Nothing can be paid with the card from then on." }
                        (button("Yes, block it"))
                    })),
                    CardMove::Terminate => (confirmed(label, html! {
                        p { "This is final: the card cannot be used again." }
                        (button("Yes, terminate it"))
                    })),
                    _ => (button(label)),
                }
            }
            @if steps.is_empty() { p { "Nothing: the state is final." } }
        }
    }
}

/// How a move is offered: its place, its label and its look.
const fn offered(cause: CardMove) -> (&'static str, &'static str, Look) {
    match cause {
        CardMove::Issue => ("issue", "Issue", Look::Primary),
        CardMove::Fail => ("fail", "Let issuing fail", Look::Danger),
        CardMove::Deactivate => ("deactivate", "Deactivate", Look::Plain),
        CardMove::Activate => ("activate", "Activate", Look::Primary),
        CardMove::Suspend => ("suspend", "Suspend", Look::Plain),
        CardMove::Reinstate => ("reinstate", "Reinstate", Look::Primary),
        CardMove::Block => ("block", "Block", Look::Danger),
        CardMove::Terminate => ("terminate", "Terminate", Look::Danger),
    }
}

fn payment(forms: &Forms, id: CardId, currency: &str) -> Markup {
    forms.form(&format!("{}/authorise", page_of(id)), "fields", html! {
        div class="field" {
            label for="amount" { "Amount" }
            input id="amount" name="amount" type="text" inputmode="decimal" value="20.00" required
                autocomplete="off";
        }
        div class="field narrow" {
            label for="currency" { "Currency" }
            input id="currency" name="currency" type="text" value=(currency) required
                pattern="[A-Z]{3}" maxlength="3" autocomplete="off";
        }
        div class="tick" {
            input id="capture" name="capture" type="checkbox" value="true";
            label for="capture" { "Capture by itself" }
        }
        button class=(Look::Primary.class()) type="submit" { "Authorise" }
    })
}

/// Orders a virtual card.
pub(super) async fn order(sandbox: &Sandbox, account: AccountId) -> Result<Response, Rejected> {
    let ordered = writing!(&sandbox.world, |work| async {
        let address = Address::new("18 Harbour Row", "Bristol", "GB", "BS1 4RN");
        let request = CreateAccountCardRequest::new(CardType::Virtual, address);
        Ok(cards::create(work, account, request).await?.id)
    });
    let back = format!("/_sandbox/ui/accounts/{account}");
    let id = ordered.map_err(|failure| Rejected::new(Section::Accounts, back, failure))?;
    Ok(to(&page_of(id)))
}

pub(super) async fn act(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path((id, act)): Path<(CardId, String)>,
    form: Filled,
) -> Result<Response, Rejected> {
    if act == "authorise" {
        return authorise(&sandbox, id, form).await;
    }
    let done = writing!(&sandbox.world, |work| change(work, id, &act));
    done.map_err(|failure| Rejected::new(Section::Cards, page_of(id), failure))?;
    Ok(to(&page_of(id)))
}

async fn change(work: &mut Work<'_>, id: CardId, act: &str) -> Result<(), Failure> {
    match act {
        "issue" => cards::issue(work, id).await,
        "fail" => cards::fail(work, id).await,
        "deactivate" => cards::deactivate(work, id).await.map(drop),
        "activate" => cards::activate(work, id).await.map(drop),
        "suspend" => cards::suspend(work, id).await.map(drop),
        "reinstate" => cards::reinstate(work, id).await.map(drop),
        "block" => cards::block(work, id).await.map(drop),
        "terminate" => cards::terminate(work, id).await,
        other => Err(Failure::missing("act", other)),
    }
}

async fn authorise(sandbox: &Sandbox, id: CardId, form: Filled) -> Result<Response, Rejected> {
    let rejected = |failure| Rejected::new(Section::Cards, page_of(id), failure);
    let amount = form.text("amount").parse();
    let amount = amount.map_err(|_| rejected(Failure::invalid("write an amount such as 20.00")))?;
    let currency = form.text("currency").to_owned();
    let capture = form.is_ticked("capture");
    let request = SimulateCardAuthorisationRequest::new(amount, currency, capture);
    let made = writing!(
        &sandbox.world,
        |work| crate::domain::authorisations::create(work, id, &request)
    );
    let authorisation = made.map_err(rejected)?;
    Ok(to(&authorisations::page_of(authorisation.id)))
}
