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

/// Leads to the page of whatever has the id.
pub(super) async fn find(
    State(Dashboard { sandbox, .. }): State<Dashboard>,
    Query(asked): Query<Asked>,
) -> Result<Response, Rejected> {
    let rejected = |failure| Rejected::new(Section::Overview, "/_sandbox/", failure);
    let id: Uuid = asked.id.trim().parse().map_err(|_| {
        rejected(Failure::invalid(
            "an id is a UUID such as 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c",
        ))
    })?;
    let found = reading!(&sandbox.world, |work| async {
        Ok(pages::named(work.conn, id).await?)
    });
    let found = found.map_err(rejected)?;
    let folder = match found {
        Some(Named::Customer) => "customers",
        Some(Named::Account) => "accounts",
        Some(Named::Card) => "cards",
        Some(Named::Authorisation) => "authorisations",
        Some(Named::Transaction) => "transactions",
        Some(Named::Webhook) => "webhooks",
        None => return Err(rejected(Failure::missing("entity", id))),
    };
    Ok(to(&format!("/_sandbox/ui/{folder}/{id}")))
}
