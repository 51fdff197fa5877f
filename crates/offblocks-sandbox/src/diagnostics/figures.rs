//! `/_sandbox/metrics`: figures for Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};

use crate::failure::Failure;
use crate::metrics::Gauges;
use crate::outage;
use crate::store::{StoreError, overview};
use crate::world::World;

/// Version 0.0.4 of the text format, which every Prometheus reads.
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

pub(super) async fn respond(State(world): State<Arc<World>>) -> Response {
    match gauges(&world).await {
        Ok(gauges) => {
            let text = world.metrics.text() + &gauges.text();
            ([(header::CONTENT_TYPE, TEXT)], text).into_response()
        }
        Err(error) => outage::of(&error).into_response(),
    }
}

async fn gauges(world: &World) -> Result<Gauges, StoreError> {
    let counts = counts(world).await?;
    let asked = world.clone();
    let unit_of_work = async move {
        let mut reader = asked.store.read().await?;
        Ok::<_, Failure>(overview::waiting(&mut reader).await?)
    };
    let (deliveries_waiting, steps_waiting) = world.attempt(unit_of_work).await?;
    let entities = counts.into_iter();
    let entities = entities.map(|count| (singular(count.table), count.state, count.count));
    Ok(Gauges {
        entities: entities.collect(),
        deliveries_waiting,
        steps_waiting,
        commits: world.store.health().commits(),
    })
}

/// Entities by kind and state. Counting reads whole tables, so what it found is shown again for
/// fifty times as long as it took: moments in a small database, seconds in one of millions.
pub(crate) async fn counts(world: &World) -> Result<Vec<overview::Count>, StoreError> {
    let asked = world.clone();
    let unit_of_work = async move {
        let mut unit = asked.read().await?;
        Ok::<_, Failure>(overview::counts(unit.work()?.conn).await?)
    };
    world.counted.get_or(world.attempt(unit_of_work)).await
}

fn singular(table: &'static str) -> &'static str {
    table.strip_suffix('s').unwrap_or(table)
}
