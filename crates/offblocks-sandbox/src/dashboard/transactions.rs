//! Transactions, with their money lines.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};
use offblocks_cards::rules::TransactionState;
use offblocks_types::{Transaction, TransactionDirection, TransactionId, TransactionStatus};

use super::diagram;
use super::forms::{Filled, Forms, Look};
use super::layout::{Page, Rejected, Section, to};
use super::parts::{self, Asked};
use super::state::Dashboard;
use crate::domain::{Work, steps, transactions};
use crate::failure::Failure;
use crate::store::pages::{self, Page as Rows};
use crate::units::{reading, writing};

const LIST: &str = "/_sandbox/ui/transactions";

fn page_of(id: TransactionId) -> String {
    format!("{LIST}/{id}")
}

pub(super) async fn list(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Query(asked): Query<Asked>,
) -> Result<Page, Rejected> {
    let part = asked.part();
    let found = reading!(&sandbox.world, |work| async {
        Ok(pages::transaction_page(work.conn, None, part).await?)
    });
    let found =
        found.map_err(|failure| Rejected::new(Section::Transactions, "/_sandbox/", failure))?;
    let content = html! { (table(&found)) (parts::pager(LIST, part, found.next)) };
    Ok(Page::new(Section::Transactions, "Transactions", content))
}

/// A list of transactions.
pub(super) fn table(found: &Rows<Transaction>) -> Markup {
    let headings = [
        "Transaction",
        "Status",
        "Amount",
        "Settled",
        "Merchant",
        "Created",
    ];
    let row = |it: &Transaction| {
        vec![
            parts::link("transactions", it.id),
            parts::state(it.status.as_str()),
            html! { span class="amount" { (sign(it)) (it.amount) " " (it.currency) } },
            html! { span class="amount" { (sign(it)) (it.token_amount) } },
            html! { (it.merchant.name) },
            parts::moment(it.created_at),
        ]
    };
    if found.items.is_empty() {
        let text = "A captured authorisation makes one.";
        return parts::empty("There are no transactions yet", text, html! {});
    }
    parts::table(
        "Transactions",
        &headings,
        found.items.iter().map(row).collect(),
    )
}

/// A debit takes money from the account.
fn sign(transaction: &Transaction) -> &'static str {
    match transaction.direction {
        TransactionDirection::Debit => "−",
        _ => "+",
    }
}

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    Path(id): Path<TransactionId>,
) -> Result<Page, Rejected> {
    let shown = reading!(&sandbox.world, |work| look(work, id));
    let (transaction, changes) =
        shown.map_err(|failure| Rejected::new(Section::Transactions, LIST, failure))?;
    let content = html! {
        div class="columns" {
            div {
                (parts::panel("What can be done", moves(&forms, &transaction)))
                (facts(&transaction))
            }
            @if let Ok(state) = TransactionState::try_from(&transaction.status) {
                (diagram::of(state))
            }
        }
        (parts::panel("Money", money(&transaction)))
        (parts::panel("On chain", on_chain(&transaction)))
    };
    let title = format!(
        "Transaction of {} {}",
        transaction.amount, transaction.currency
    );
    Ok(Page::new(Section::Transactions, title, content).changes(changes))
}

async fn look(work: &mut Work<'_>, id: TransactionId) -> Result<(Transaction, bool), Failure> {
    let transaction = transactions::get(work, id).await?;
    let changes = steps::waiting(work, id.into()).await?.is_some();
    Ok((transaction, changes))
}

fn facts(it: &Transaction) -> Markup {
    let mut facts = vec![
        ("Status", parts::state(it.status.as_str())),
        ("Direction", html! { (it.direction) }),
        (
            "Merchant",
            html! { (it.merchant.name) ", " (it.merchant.city) ", " (it.merchant.country) },
        ),
        ("Id", parts::id(it.id)),
        ("Account", parts::link("accounts", it.account_id)),
    ];
    if let Some(card) = it.card_id {
        facts.push(("Card", parts::link("cards", card)));
    }
    if let Some(authorisation) = it.authorisation_id {
        facts.push((
            "Authorisation",
            parts::link("authorisations", authorisation),
        ));
    }
    facts.push(("Created", parts::moment(it.created_at)));
    facts.push(("Updated", parts::moment(it.updated_at)));
    parts::facts(facts)
}

/// How the settled amount adds up.
fn money(it: &Transaction) -> Markup {
    html! {
        table class="money" aria-label="Money" {
            tbody {
                @if it.merchant_currency != it.currency {
                    tr class="muted" {
                        th scope="row" { "Merchant asked for, at a rate of " (it.exchange_rate) }
                        td { (it.merchant_amount) " " (it.merchant_currency) }
                    }
                }
                tr { th scope="row" { "Amount" } td { (it.amount) " " (it.currency) } }
                @for fee in &it.fees {
                    tr { th scope="row" { "Fee: " (fee.r#type) } td { (fee.token_amount) } }
                }
            }
            tfoot { tr { th scope="row" { "Settled in tokens" } td { (it.token_amount) } } }
        }
        p class="hint" { "Token " code { (it.token) } }
    }
}

fn on_chain(it: &Transaction) -> Markup {
    if it.chain_transactions.is_empty() {
        return html! { p class="muted" { "Nothing has happened on chain yet." } };
    }
    let row = |link: &offblocks_types::ChainTransaction| {
        vec![
            html! { code class="long" { (link.chain_id) } },
            parts::moment(link.created_at),
        ]
    };
    let rows = it.chain_transactions.iter().map(row);
    parts::table(
        "On chain",
        &["Chain transaction", "Created"],
        rows.collect(),
    )
}

fn moves(forms: &Forms, it: &Transaction) -> Markup {
    let is_debit = it.direction == TransactionDirection::Debit;
    html! {
        @match it.status {
            TransactionStatus::Processed if is_debit => {
                div class="buttons" {
                    (forms.button(&format!("{}/reverse", page_of(it.id)), "Reverse", Look::Danger))
                }
                (forms.form(&format!("{}/refund", page_of(it.id)), "fields", html! {
                    div class="field" {
                        label for="amount" { "Amount in " (it.merchant_currency) }
                        input id="amount" name="amount" type="text" inputmode="decimal" required
                            value=(it.merchant_amount) autocomplete="off";
                    }
                    button class=(Look::Plain.class()) type="submit" { "Refund" }
                }))
            }
            TransactionStatus::Processing => p { "It is processed by itself." },
            TransactionStatus::Reversing => p { "It is reversed by itself." },
            _ => p { "Nothing." },
        }
    }
}

pub(super) async fn act(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Path((id, act)): Path<(TransactionId, String)>,
    form: Filled,
) -> Result<Response, Rejected> {
    let done = writing!(&sandbox.world, |work| async {
        match act.as_str() {
            "reverse" => Ok(transactions::reverse(work, id).await?.id),
            "refund" => {
                let amount = form.amount("amount");
                let amount =
                    amount.ok_or_else(|| Failure::invalid("write an amount such as 5.00"))?;
                Ok(transactions::refund(work, id, amount).await?.id)
            }
            other => Err(Failure::missing("act", other)),
        }
    });
    let shown =
        done.map_err(|failure| Rejected::new(Section::Transactions, page_of(id), failure))?;
    Ok(to(&page_of(shown)))
}
