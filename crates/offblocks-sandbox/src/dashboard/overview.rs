//! The programme at a glance.

use axum::extract::State;
use http::HeaderMap;
use maud::{Markup, html};

use super::layout::{Page, Rejected, Section};
use super::state::Dashboard;
use super::{customers, guide, log, parts};
use crate::Sandbox;
use crate::diagnostics;
use crate::store::overview::{self, Count};
use crate::store::programme;
use crate::units::reading;

/// The kinds of entities: their table, the name of one, and whether their page comes first.
const KINDS: [(&str, &str); 5] = [
    ("customers", "Customers"),
    ("accounts", "Accounts"),
    ("cards", "Cards"),
    ("authorisations", "Authorisations"),
    ("transactions", "Transactions"),
];

pub(super) async fn show(
    State(Dashboard { sandbox, forms }): State<Dashboard>,
    headers: HeaderMap,
) -> Result<Page, Rejected> {
    let rejected = |failure| Rejected::new(Section::Overview, "/_sandbox/", failure);
    let counts = diagnostics::counts(&sandbox.world).await;
    let counts = counts.map_err(|error| rejected(error.into()))?;
    let known = reading!(&sandbox.world, |work| async {
        let credentials = programme::credentials(work.conn).await?;
        let waiting = overview::waiting(work.conn).await?;
        Ok((credentials.map(|credentials| credentials.api_key), waiting))
    });
    let (api_key, (deliveries, steps)) = known.map_err(rejected)?;
    let faults = sandbox.faults().await;
    let faults = faults
        .map_err(|error| Rejected::control(Section::Overview, "/_sandbox/", error))?
        .len();
    let base_url = parts::url(&headers, sandbox.base_path());
    let content = html! {
        (parts::facts(vec![
            ("Base URL", parts::id(&base_url)),
            ("API key", api_key.map_or_else(|| html! { "deleted" }, parts::id)),
            ("Database", html! { code class="long" { (sandbox.world.settings.database) } }),
            ("Clock", parts::moment(sandbox.world.now())),
            ("Steps that wait", html! { a href="/_sandbox/ui/clock" { (steps) } }),
            ("Faults in force", html! { a href="/_sandbox/ui/clock" { (faults) } }),
            ("Deliveries that wait", html! { a href="/_sandbox/ui/deliveries" { (deliveries) } }),
        ]))
        @if !guide::is_walked(&counts) {
            (parts::panel("Walk the guide", guide::show(&counts, customers::creation(&forms), &base_url)))
        }
        (tiles(&counts))
        (parts::panel("Latest requests", requests(&sandbox)))
    };
    Ok(Page::new(Section::Overview, "Programme", content))
}

/// How many there are of each kind, by state.
fn tiles(counts: &[Count]) -> Markup {
    html! {
        div class="tiles" {
            @for (table, name) in KINDS {
                @let of: Vec<_> = counts.iter().filter(|count| count.table == table).collect();
                section class="tile" {
                    h2 { a href={"/_sandbox/ui/" (table)} { (name) } }
                    p class="total" { (of.iter().map(|count| count.count).sum::<u64>()) }
                    ul {
                        @for count in of {
                            li { (parts::state(&count.state)) span { (count.count) } }
                        }
                    }
                }
            }
        }
    }
}

fn requests(sandbox: &Sandbox) -> Markup {
    let entries = sandbox.world.journal.before(u64::MAX, 5);
    html! {
        @if entries.is_empty() {
            p class="muted" { "No request has come yet." }
        } @else {
            (log::table(&entries))
            p { a href="/_sandbox/ui/log" { "All requests" } }
        }
    }
}
