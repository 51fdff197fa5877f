//! Finding something by its id.

use axum::extract::{Query, State};
use axum::response::Response;
use uuid::Uuid;

use super::layout::{Rejected, Section, to};
use super::state::Dashboard;
use crate::failure::Failure;
use crate::store::pages::{self, Named};
use crate::units::reading;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    id: String,
}

/// Leads to the page of the entity with the id.
pub(super) async fn find(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Query(asked): Query<Asked>,
) -> Result<Response, Rejected> {
    let rejected = |failure| Rejected::new(Section::Overview, "/_sandbox/", failure);
    let text = asked.id.trim().to_lowercase();
    let found = match text.parse::<Uuid>() {
        Ok(id) => reading!(&sandbox.world, |work| async {
            let kind = pages::named(work.conn, id).await?;
            Ok(kind.map(|kind| (kind, id)).into_iter().collect())
        }),
        Err(_) if is_short(&text) => {
            let digits = text.clone();
            reading!(&sandbox.world, |work| async {
                Ok(pages::beginning(work.conn, &digits).await?)
            })
        }
        Err(_) => Err(Failure::invalid(
            "an id is a UUID such as 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c, or its first eight digits",
        )),
    };
    let found: Vec<_> = found.map_err(rejected)?;
    match found[..] {
        [(kind, id)] => Ok(to(&format!("/_sandbox/ui/{}/{id}", folder(kind)))),
        [] => Err(rejected(Failure::missing("entity", text))),
        _ => Err(rejected(Failure::invalid(format!(
            "several ids begin with {text}: write the whole id"
        )))),
    }
}

/// As lists show ids: their first eight digits.
fn is_short(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

const fn folder(kind: Named) -> &'static str {
    match kind {
        Named::Customer => "customers",
        Named::Account => "accounts",
        Named::Card => "cards",
        Named::Authorisation => "authorisations",
        Named::Transaction => "transactions",
        Named::Webhook => "webhooks",
    }
}
