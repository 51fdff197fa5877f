//! Customers.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use http::HeaderMap;
use maud::{Markup, html};
use offblocks_cards::rules::CustomerState;
use offblocks_types::{Customer, CustomerId, CustomerStatus};

use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts::{self, Asked};
use super::state::Dashboard;
use super::{accounts, diagram, wallet};
use crate::domain::{Work, customers, steps};
use crate::failure::Failure;
use crate::inputs;
use crate::random::RandomExt as _;
use crate::store::pages::{self, Page as Rows};
use crate::units::{reading, writing};

const LIST: &str = "/_sandbox/ui/customers";

const HEADINGS: [&str; 4] = ["External id", "Status", "Id", "Created"];

fn page_of(id: CustomerId) -> String {
    format!("{LIST}/{id}")
}

pub(super) async fn list(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Page, Rejected> {
    let part = asked.part();
    let found = reading!(&sandbox.world, |work| async {
        Ok(pages::customer_page(work.conn, None, part).await?)
    });
    let found =
        found.map_err(|failure| Rejected::new(Section::Customers, "/_sandbox/", failure))?;
    let content = html! {
        (creation(&forms))
        @if found.items.is_empty() {
            (parts::empty(
                "There are no customers yet",
                "Create one above, or walk the whole guide through the API from a shell:",
                parts::quickstart(&headers, sandbox.base_path()),
            ))
        } @else {
            (table(&found))
            (parts::pager(LIST, part, found.next))
        }
    };
    Ok(Page::new(Section::Customers, "Customers", content))
}

fn table(found: &Rows<Customer>) -> Markup {
    let row = |customer: &Customer| {
        vec![
            html! { a href=(page_of(customer.id)) { (customer.external_id) } },
            parts::state(customer.status.as_str()),
            parts::link("customers", customer.id),
            parts::moment(customer.created_at),
        ]
    };
    parts::table(
        "Customers",
        &HEADINGS,
        found.items.iter().map(row).collect(),
    )
}

/// The form that creates a customer.
pub(super) fn creation(forms: &Forms) -> Markup {
    forms.form(LIST, "fields", html! {
        div class="field" {
            label for="external_id" { "External id" }
            input id="external_id" name="external_id" type="text" maxlength="255"
                placeholder="left empty: one is made up" autocomplete="off" spellcheck="false";
        }
        button class=(Look::Primary.class()) type="submit" { "Create a customer" }
        p class="hint" {
            "A throw-away wallet is made for the customer, and signs the ownership challenge at once."
        }
    })
}

pub(super) async fn create(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    form: Filled,
) -> Result<Response, Rejected> {
    let given = form.text("external_id").to_owned();
    let created = writing!(&sandbox.world, |work| sign_up(work, given));
    let id = created.map_err(|failure| Rejected::new(Section::Customers, LIST, failure))?;
    Ok(to(&page_of(id)))
}

/// Creates a customer with a wallet, which signs the challenge.
async fn sign_up(work: &mut Work<'_>, given: String) -> Result<CustomerId, Failure> {
    let external_id = match given.is_empty() {
        true => format!("customer-{}", work.random.text(b"0123456789", 6)),
        false => given,
    };
    inputs::external_id(&external_id)?;
    let wallet = wallet::of(work, &external_id).await?;
    let created = customers::create(work, wallet.owner(), external_id).await?;
    let signature = wallet.prove_as(created.chain_id, &created.challenge)?;
    customers::sign(work, created.id, &signature).await?;
    Ok(created.id)
}

/// What the page of a customer shows.
struct Shown {
    customer: Customer,
    accounts: Rows<crate::store::accounts::AccountRecord>,
    /// Whether its wallet is one that a page made.
    signs: bool,
    changes: bool,
}

async fn look(work: &mut Work<'_>, id: CustomerId) -> Result<Shown, Failure> {
    let customer = customers::get(work, id).await?;
    let of = Some(("customer_id", id.into()));
    let wallet = wallet::of(work, &customer.external_id).await?;
    Ok(Shown {
        signs: wallet.owns(&customer.chain_id),
        accounts: pages::account_page(work.conn, of, parts::few()).await?,
        changes: steps::waiting(work, id.into()).await?.is_some(),
        customer,
    })
}

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Path(id): Path<CustomerId>,
) -> Result<Page, Rejected> {
    let shown = reading!(&sandbox.world, |work| look(work, id));
    let shown = shown.map_err(|failure| Rejected::new(Section::Customers, LIST, failure))?;
    let customer = &shown.customer;
    let content = html! {
        div class="columns" {
            div {
                (parts::panel("What can be done", moves(&forms, &shown)))
                (parts::facts(vec![
                    ("Status", parts::state(customer.status.as_str())),
                    ("External id", html! { (customer.external_id) }),
                    ("Id", parts::id(customer.id)),
                    ("Wallet", parts::id(&customer.chain_id)),
                    ("Created", parts::moment(customer.created_at)),
                    ("Updated", parts::moment(customer.updated_at)),
                ]))
            }
            @if let Ok(state) = CustomerState::try_from(&customer.status) { (diagram::of(state)) }
        }
        (parts::panel("Accounts", html! {
            @if shown.accounts.items.is_empty() {
                (parts::empty("There are no accounts yet", opening_hint(customer), html! {}))
            } @else { (accounts::table(&shown.accounts)) }
        }))
    };
    let title = format!("Customer {}", customer.external_id);
    Ok(Page::new(Section::Customers, title, content).changes(shown.changes))
}

fn opening_hint(customer: &Customer) -> &'static str {
    match customer.status {
        CustomerStatus::Active => "Open one above.",
        _ => "A customer can have one once it is active.",
    }
}

fn moves(forms: &Forms, shown: &Shown) -> Markup {
    let customer = &shown.customer;
    let button = |act: &str, label: &str, look: Look| {
        forms.button(&format!("{}/{act}", page_of(customer.id)), label, look)
    };
    html! {
        div class="buttons" {
            @match customer.status {
                CustomerStatus::Initiating if shown.signs => {
                    (button("sign", "Sign the challenge", Look::Primary))
                }
                CustomerStatus::Initiating => {
                    p { "Its owner has to sign the challenge, through the API: the wallet is not one of this page's." }
                }
                CustomerStatus::Screening => {
                    p { "Screening passes by itself." }
                    (button("reject", "Reject", Look::Danger))
                }
                CustomerStatus::Verifying => {
                    (button("verify", "Verify", Look::Primary))
                    (button("reject", "Reject", Look::Danger))
                }
                CustomerStatus::Active => {
                    (button("accounts", "Open an account", Look::Primary))
                    (button("deactivate", "Deactivate", Look::Plain))
                    (button("reject", "Reject", Look::Danger))
                }
                CustomerStatus::Inactive => (button("activate", "Activate", Look::Primary)),
                _ => p { "Nothing: the state is final." }
            }
        }
    }
}

pub(super) async fn act(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path((id, act)): Path<(CustomerId, String)>,
    _: Filled,
) -> Result<Response, Rejected> {
    if act == "accounts" {
        return accounts::open(&sandbox, id).await;
    }
    let done = writing!(&sandbox.world, |work| change(work, id, &act));
    done.map_err(|failure| Rejected::new(Section::Customers, page_of(id), failure))?;
    Ok(to(&page_of(id)))
}

async fn change(work: &mut Work<'_>, id: CustomerId, act: &str) -> Result<(), Failure> {
    match act {
        "sign" => sign(work, id).await,
        "verify" => customers::verify(work, id).await,
        "reject" => customers::reject_for_offblocks(work, id).await.map(drop),
        "deactivate" => customers::deactivate(work, id).await.map(drop),
        "activate" => customers::activate(work, id).await.map(drop),
        other => Err(Failure::missing("act", other)),
    }
}

async fn sign(work: &mut Work<'_>, id: CustomerId) -> Result<(), Failure> {
    let customer = customers::get(work, id).await?;
    let wallet = wallet::of(work, &customer.external_id).await?;
    let challenge = customers::challenge(work, id).await?.challenge;
    let signature = wallet.prove_as(customer.chain_id, &challenge)?;
    customers::sign(work, id, &signature).await
}
