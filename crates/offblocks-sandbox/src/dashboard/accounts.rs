//! Accounts, with what they hold.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use offblocks_cards::rules::{AccountState, CardState};
use offblocks_types::support::Base64;
use offblocks_types::{
    AccountId, AccountStatus, AccountType, CardType, CreateCustomerAccountRequest, Customer,
    CustomerId, OwnerSignature, Transaction,
};
use rust_decimal::Decimal;

use super::data::confirmed;
use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts::{self, Asked};
use super::state::Dashboard;
use super::{cards, diagram, transactions, wallet};
use crate::Sandbox;
use crate::domain::{Work, accounts, catalogue, customers, ledger, steps};
use crate::failure::Failure;
use crate::store::accounts::AccountRecord;
use crate::store::cards::CardRecord;
use crate::store::ledger::{Book, Books};
use crate::store::pages::{self, Page as Rows};
use crate::units::{reading, writing};

const LIST: &str = "/_sandbox/ui/accounts";

fn page_of(id: AccountId) -> String {
    format!("{LIST}/{id}")
}

pub(super) async fn list(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Query(asked): Query<Asked>,
) -> Result<Page, Rejected> {
    let part = asked.part();
    let found = reading!(&sandbox.world, |work| async {
        let found = pages::account_page(work.conn, None, part).await?;
        let mut books = Vec::with_capacity(found.items.len());
        for record in &found.items {
            books.push(books_of(work, record).await?);
        }
        Ok((found, books))
    });
    let (found, books) =
        found.map_err(|failure| Rejected::new(Section::Accounts, "/_sandbox/", failure))?;
    let content = html! {
        @if found.items.is_empty() {
            (parts::empty(
                "There are no accounts yet",
                "An active customer can open one, on the customer's page.",
                html! { a class="button primary" href="/_sandbox/ui/customers" { "Customers" } },
            ))
        } @else {
            (balances(&found, &books))
            (parts::pager(LIST, part, found.next))
        }
    };
    Ok(Page::new(Section::Accounts, "Accounts", content))
}

fn balances(found: &Rows<AccountRecord>, books: &[Books]) -> Markup {
    let headings = [
        "Account",
        "Status",
        "Available",
        "Held",
        "Customer",
        "Created",
    ];
    let row = |(record, books): (&AccountRecord, &Books)| {
        let account = &record.account;
        vec![
            parts::link("accounts", account.id),
            parts::state(account.status.as_str()),
            amount(ledger::book(books, Book::Available), &record.currency),
            amount(ledger::book(books, Book::Held), &record.currency),
            parts::link("customers", account.customer_id),
            parts::moment(account.created_at),
        ]
    };
    let rows = found.items.iter().zip(books).map(row);
    parts::table("Accounts", &headings, rows.collect())
}

/// The accounts of a customer.
pub(super) fn table(found: &Rows<AccountRecord>) -> Markup {
    let headings = ["Account", "Status", "Currency", "Created"];
    let row = |record: &AccountRecord| {
        vec![
            parts::link("accounts", record.account.id),
            parts::state(record.account.status.as_str()),
            html! { (record.currency) },
            parts::moment(record.account.created_at),
        ]
    };
    parts::table("Accounts", &headings, found.items.iter().map(row).collect())
}

/// An amount, in groups of three digits. A token is worth one unit of the account's currency.
pub(super) fn amount(amount: Decimal, currency: &str) -> Markup {
    html! { span class="amount" { (grouped(amount)) " " (currency) } }
}

fn grouped(amount: Decimal) -> String {
    let text = amount.normalize().to_string();
    let (whole, rest) = match text.split_once('.') {
        Some((whole, rest)) => (whole, format!(".{rest}")),
        None => (text.as_str(), String::new()),
    };
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::with_capacity(text.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

struct Shown {
    record: AccountRecord,
    customer: Customer,
    books: Books,
    cards: Rows<CardRecord>,
    transactions: Rows<Transaction>,
    changes: bool,
}

/// What an account holds: nothing before it is deployed.
async fn books_of(work: &mut Work<'_>, record: &AccountRecord) -> Result<Books, Failure> {
    match record.account.chain_id {
        Some(_) => ledger::books(work, record.account.id).await,
        None => Ok(Books::new()),
    }
}

async fn look(work: &mut Work<'_>, id: AccountId) -> Result<Shown, Failure> {
    let record = accounts::find(work, id).await?;
    let of = Some(("account_id", id.into()));
    Ok(Shown {
        customer: customers::get(work, record.account.customer_id).await?,
        books: books_of(work, &record).await?,
        cards: pages::card_page(work.conn, of, parts::few()).await?,
        transactions: pages::transaction_page(work.conn, of, parts::few()).await?,
        changes: steps::waiting(work, id.into()).await?.is_some(),
        record,
    })
}

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Path(id): Path<AccountId>,
) -> Result<Page, Rejected> {
    let shown = reading!(&sandbox.world, |work| look(work, id));
    let shown = shown.map_err(|failure| Rejected::new(Section::Accounts, LIST, failure))?;
    let account = &shown.record.account;
    let content = html! {
        div class="columns" {
            div {
                (parts::panel("What can be done", moves(&forms, &shown)))
                (facts(&shown))
            }
            @if let Ok(state) = AccountState::try_from(&account.status) { (diagram::of(state)) }
        }
        (parts::panel("Balance", balance(&forms, &shown)))
        (parts::panel("Cards", html! {
            @if shown.cards.items.is_empty() {
                (parts::empty("There are no cards yet", "An active account can have one virtual card.", html! {}))
            } @else { (cards::table(&shown.cards)) }
        }))
        (parts::panel("Transactions", transactions::table(&shown.transactions)))
    };
    let title = format!("Account of {}", shown.customer.external_id);
    Ok(Page::new(Section::Accounts, title, content).changes(shown.changes))
}

fn facts(shown: &Shown) -> Markup {
    let account = &shown.record.account;
    let customer = format!("/_sandbox/ui/customers/{}", account.customer_id);
    let chain_id = account.chain_id.as_ref();
    parts::facts(vec![
        ("Status", parts::state(account.status.as_str())),
        ("Id", parts::id(account.id)),
        (
            "Customer",
            html! { a href=(customer) { (shown.customer.external_id) } },
        ),
        ("Currency", html! { (shown.record.currency) }),
        (
            "On chain",
            chain_id.map_or_else(|| html! { "not deployed yet" }, parts::id),
        ),
        ("Created", parts::moment(account.created_at)),
        ("Updated", parts::moment(account.updated_at)),
    ])
}

fn balance(forms: &Forms, shown: &Shown) -> Markup {
    let (account, currency) = (&shown.record.account, &shown.record.currency);
    let held = ledger::book(&shown.books, Book::Held);
    let token = account.chain_id.as_ref().and_then(catalogue::token);
    html! {
        @if let Some(token) = token {
            div class="figures" {
                div { span { "Available" } strong { (amount(ledger::book(&shown.books, Book::Available), currency)) } }
                div { span { "Held by authorisations" } strong { (amount(held, currency)) } }
            }
            p class="hint" { "In the token " code { (token) } ", one of which is worth one " (currency) "." }
            (forms.form(&format!("{}/money", page_of(account.id)), "fields", html! {
                div class="field" {
                    label for="amount" { "Amount" }
                    input id="amount" name="amount" type="text" inputmode="decimal" required
                        autocomplete="off" placeholder="100.00";
                }
                button class=(Look::Plain.class()) type="submit" name="direction" value="in" { "Pay in" }
                button class=(Look::Plain.class()) type="submit" name="direction" value="out" { "Take out" }
            }))
        } @else {
            p { "The account holds nothing until it is deployed on chain." }
        }
    }
}

fn moves(forms: &Forms, shown: &Shown) -> Markup {
    let account = &shown.record.account;
    let button = |act: &str, label: &str, look: Look| {
        forms.button(&format!("{}/{act}", page_of(account.id)), label, look)
    };
    let close = || {
        confirmed(
            "Close",
            html! {
                p { "This is final: the account and its cards cannot be used again." }
                (button("close", "Yes, close it", Look::Danger))
            },
        )
    };
    html! {
        div class="buttons" {
            @match account.status {
                AccountStatus::Initiating => {
                    (button("sign", "Sign the challenge", Look::Primary))
                    (button("fail", "Fail", Look::Danger))
                }
                AccountStatus::Pending => p { "It is being deployed, and becomes active by itself." },
                AccountStatus::Active => {
                    @if !has_virtual_card(shown) {
                        (button("cards", "Order a virtual card", Look::Primary))
                    }
                    (button("deactivate", "Deactivate", Look::Plain))
                    (close())
                }
                AccountStatus::Inactive => {
                    (button("activate", "Activate", Look::Primary))
                    (close())
                }
                _ => p { "Nothing: the state is final." }
            }
        }
    }
}

/// Whether there is a card that leaves no room for another.
fn has_virtual_card(shown: &Shown) -> bool {
    let mut cards = shown.cards.items.iter().map(|record| &record.card);
    cards.any(|card| {
        let state = CardState::try_from(&card.status);
        card.r#type == CardType::Virtual && state.is_ok_and(CardState::counts_towards_limit)
    })
}

/// Opens an account, whose challenge is signed at once.
pub(super) async fn open(sandbox: &Sandbox, customer: CustomerId) -> Result<Response, Rejected> {
    let opened = writing!(&sandbox.world, |work| async {
        let currencies = vec![work.settings.currency.clone()];
        let request = CreateCustomerAccountRequest::new(AccountType::CardAccount, currencies);
        let account = accounts::create(work, customer, request).await?;
        sign(work, account.id).await?;
        Ok(account.id)
    });
    let back = format!("/_sandbox/ui/customers/{customer}");
    let id = opened.map_err(|failure| Rejected::new(Section::Customers, back, failure))?;
    Ok(to(&page_of(id)))
}

pub(super) async fn act(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path((id, act)): Path<(AccountId, String)>,
    form: Filled,
) -> Result<Response, Rejected> {
    if act == "cards" {
        return cards::order(&sandbox, id).await;
    }
    let done = writing!(&sandbox.world, |work| change(work, id, &act, &form));
    done.map_err(|failure| Rejected::new(Section::Accounts, page_of(id), failure))?;
    Ok(to(&page_of(id)))
}

async fn change(
    work: &mut Work<'_>,
    id: AccountId,
    act: &str,
    form: &Filled,
) -> Result<(), Failure> {
    match act {
        "sign" => sign(work, id).await,
        "fail" => accounts::fail(work, id).await.map(drop),
        "deactivate" => accounts::deactivate(work, id).await.map(drop),
        "activate" => accounts::activate(work, id).await.map(drop),
        "close" => accounts::close(work, id).await,
        "money" => {
            let amount = form.amount("amount");
            let amount =
                amount.ok_or_else(|| Failure::invalid("write an amount such as 100.00"))?;
            match form.text("direction") {
                "in" => ledger::pay_in(work, id, amount).await,
                "out" => ledger::take_out(work, id, amount).await,
                _ => Err(Failure::invalid(
                    "the direction is neither `in` nor `out`: use one of the buttons",
                )),
            }
        }
        other => Err(Failure::missing("act", other)),
    }
}

/// Signs the account's challenge. For a customer with a wallet of its own any signature does,
/// unless the settings say that signatures of accounts are checked.
async fn sign(work: &mut Work<'_>, id: AccountId) -> Result<(), Failure> {
    let account = accounts::get(work, id).await?;
    let customer = customers::get(work, account.customer_id).await?;
    let wallet = wallet::of(work, &customer.external_id).await?;
    let challenge = accounts::challenge(work, id).await?.challenge;
    let signature = if wallet.owns(&customer.chain_id) {
        wallet.prove_as(customer.chain_id, &challenge)?
    } else {
        OwnerSignature::new(customer.chain_id, challenge, Base64::from(vec![0; 65]))
    };
    accounts::sign(work, id, &signature).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped() {
        for (amount, expected) in [
            ("0", "0"),
            ("999.50", "999.5"),
            ("1000", "1_000"),
            ("-1234567.000001", "-1_234_567.000001"),
            ("100000000000000000000", "100_000_000_000_000_000_000"),
        ] {
            let expected = expected.replace('_', "\u{202f}");
            assert_eq!(grouped(amount.parse().unwrap()), expected);
        }
    }
}
