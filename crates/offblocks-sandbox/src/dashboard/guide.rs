//! The steps of the issuance guide, and which of them was taken.

use maud::{Markup, html};

use super::parts;
use crate::store::overview::Count;

/// A step: what there is after it, its title, and where it is taken.
struct Step {
    table: &'static str,
    states: &'static [&'static str],
    title: &'static str,
    text: &'static str,
    place: &'static str,
}

const STEPS: [Step; 5] = [
    Step {
        table: "customers",
        states: &["active", "inactive"],
        title: "An active customer",
        text: "Create a customer and verify it.",
        place: "/_sandbox/ui/customers",
    },
    Step {
        table: "accounts",
        states: &["active", "inactive"],
        title: "An active account",
        text: "Open an account on the customer's page.",
        place: "/_sandbox/ui/customers",
    },
    Step {
        table: "cards",
        states: &["active", "inactive", "suspended", "blocked", "terminated"],
        title: "An issued card",
        text: "Order a card on the account's page, and issue it.",
        place: "/_sandbox/ui/accounts",
    },
    Step {
        table: "authorisations",
        states: &["captured"],
        title: "A captured authorisation",
        text: "Pay with the card on its page, and capture the authorisation.",
        place: "/_sandbox/ui/cards",
    },
    Step {
        table: "transactions",
        states: &["processed", "reversing", "reversed"],
        title: "A processed transaction",
        text: "It follows from the capture, with its money lines.",
        place: "/_sandbox/ui/transactions",
    },
];

impl Step {
    fn is_taken(&self, counts: &[Count]) -> bool {
        let mut of = counts.iter().filter(|count| count.table == self.table);
        of.any(|count| self.states.contains(&count.state.as_str()))
    }
}

/// Whether every step was taken.
pub(super) fn is_walked(counts: &[Count]) -> bool {
    STEPS.iter().all(|step| step.is_taken(counts))
}

/// The guide. `creation` is the form that the first step is taken with.
pub(super) fn show(counts: &[Count], creation: Markup, base_url: &str) -> Markup {
    let next = STEPS.iter().position(|step| !step.is_taken(counts));
    let has_customers = counts.iter().any(|count| count.table == "customers");
    html! {
        ol class="guide" {
            @for (index, step) in STEPS.iter().enumerate() {
                @let taken = step.is_taken(counts);
                @let class = if taken { "taken" } else if next == Some(index) { "now" } else { "later" };
                li class=(class) aria-current=[(next == Some(index)).then_some("step")] {
                    span class="strong" { (step.title) }
                    @if taken { span class="hidden" { " (done)" } }
                    @if next == Some(index) {
                        p { (step.text) }
                        @if index == 0 && !has_customers { (creation) } @else {
                            a class="button primary" href=(step.place) { "Go there" }
                        }
                    }
                }
            }
        }
        @if next == Some(0) {
            p { "Or let the command line walk it, through the API:" }
            (parts::command(&format!("offblocks quickstart --base-url {base_url}")))
        }
    }
}
