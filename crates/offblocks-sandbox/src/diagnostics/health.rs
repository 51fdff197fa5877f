//! `/_sandbox/healthz`: whether the sandbox does its work.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::failure::Failure;
use crate::settings::Database;
use crate::store::{StoreError, overview};
use crate::world::World;

/// How long a database in memory may be in use by others before the sandbox counts as busy.
const SOON: Duration = Duration::from_millis(100);

/// How long a step may be due before the sandbox counts as behind.
const GRACE: Duration = Duration::from_secs(1);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    /// `ok` or `failing`.
    status: &'static str,
    database: DatabaseHealth,
    steps: StepsHealth,
    /// Deliveries of webhooks that wait; absent while the database cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    deliveries_waiting: Option<u64>,
    /// By the sandbox's clock.
    now: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DatabaseHealth {
    works: bool,
    /// Whether a long call uses the database, so that others wait; absent where none does.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    busy: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepsHealth {
    /// Whether one has been due for longer than it should.
    behind: bool,
    /// How many wait for their time; absent while the database cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<u64>,
    /// When the next one is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<String>,
}

/// 200 while the database works and no step is late, else 503 with what is wrong.
pub(super) async fn respond(State(world): State<Arc<World>>) -> Response {
    let (waiting, reason, busy) = match database(&world).await {
        Ok(Some(waiting)) => (Some(waiting), None, false),
        Ok(None) => (None, None, true),
        Err(error) => (None, Some(text(&error)), false),
    };
    // A long call that writes lets steps wait until it is done.
    let waits = busy || !world.under_way.list().is_empty();
    let behind = reason.is_none() && !waits && is_behind(&world).await;
    let next_due = *world.store.next_due().borrow();
    let well = reason.is_none() && !behind;
    let health = Health {
        status: if well { "ok" } else { "failing" },
        database: DatabaseHealth {
            works: reason.is_none(),
            busy,
            reason,
        },
        steps: StepsHealth {
            behind,
            waiting: waiting.map(|(_, steps)| steps),
            next_due: next_due.map(instant),
        },
        deliveries_waiting: waiting.map(|(deliveries, _)| deliveries),
        now: instant(world.now()),
    };
    let status = match well {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let fresh = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (status, fresh, Json(health)).into_response()
}

/// What waits; `None` while others use the only connection of a database in memory. The response about the
/// health must not wait for them, and such a database has no other reason not to respond.
async fn database(world: &World) -> Result<Option<(u64, u64)>, StoreError> {
    if world.settings.database != Database::Memory {
        return look(world).await.map(Some);
    }
    match tokio::time::timeout(SOON, look(world)).await {
        Ok(looked) => looked.map(Some),
        Err(_) => Ok(None),
    }
}

/// Reads what waits. During an outage it writes too, since reading may work without writing.
async fn look(world: &World) -> Result<(u64, u64), StoreError> {
    let asked = world.clone();
    let unit_of_work = async move {
        let health = asked.store.health();
        if health.since(health.mark()).is_some() {
            asked.store.begin().await?.commit().await?;
        }
        let mut reader = asked.store.read().await?;
        Ok::<_, Failure>(overview::waiting(&mut reader).await?)
    };
    world.attempt(unit_of_work).await
}

/// Whether a step that is due stays so.
async fn is_behind(world: &World) -> bool {
    let mut next_due = world.store.next_due().clone();
    let caught_up = next_due.wait_for(|due| due.is_none_or(|due| due > world.now()));
    tokio::time::timeout(GRACE, caught_up).await.is_err()
}

/// An error and what caused it.
fn text(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}
