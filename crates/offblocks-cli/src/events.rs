//! `offblocks events`: events that a sandbox has delivered.

use offblocks_sandbox_api::Delivery;
use serde_json::json;
use uuid::Uuid;

use crate::arguments::{Events, EventsCommand};
use crate::control::printed::table;
use crate::failure::Failure;
use crate::print::{counted, print};

/// How many deliveries are looked through for an event.
const LOOKED_AT: i32 = 1000;

/// Lists or resends events.
pub(crate) async fn run(events: Events) -> Result<(), Failure> {
    match events.command {
        EventsCommand::List { limit } => list(&events, limit).await,
        EventsCommand::Resend {
            event: Some(event), ..
        } => resend(&events, event).await,
        EventsCommand::Resend { event: None, .. } => resend_failed(&events).await,
    }
}

async fn deliveries(events: &Events, limit: i32) -> Result<Vec<Delivery>, Failure> {
    let client = events.target.client()?;
    let found = client.get_deliveries().limit(limit).send().await;
    let found = found.map_err(|error| events.target.failed(&error))?;
    Ok(found.into_inner())
}

async fn list(events: &Events, limit: i32) -> Result<(), Failure> {
    let found = deliveries(events, limit).await?;
    let row = |it: &Delivery| {
        vec![
            it.event_id.to_string(),
            it.webhook_type.to_string(),
            it.status.to_string(),
            it.webhook_id.to_string(),
        ]
    };
    let mut rows = vec![
        ["eventId", "webhookType", "status", "webhookId"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(found.iter().map(row));
    let lines = match found.is_empty() {
        true => vec!["no event was delivered".to_owned()],
        false => table(&rows),
    };
    let values = found.iter().map(|it| {
        json!({
            "eventId": it.event_id,
            "webhookType": it.webhook_type,
            "status": it.status,
            "webhookId": it.webhook_id,
        })
    });
    print(events.target.json, &values.collect(), &lines)
}

async fn resend(events: &Events, event: Uuid) -> Result<(), Failure> {
    let all = deliveries(events, LOOKED_AT).await?;
    let client = events.target.client()?;
    let mut sent = 0;
    for delivery in all.iter().filter(|it| it.event_id == event) {
        let resent = client.resend_delivery(delivery.id).send().await;
        resent.map_err(|error| events.target.failed(&error))?;
        sent += 1;
    }
    if sent == 0 {
        return Err(Failure::because(format!(
            "there is no event {event} among the last {LOOKED_AT} deliveries; `offblocks events \
             list` lists them"
        )));
    }
    report(events, sent)
}

async fn resend_failed(events: &Events) -> Result<(), Failure> {
    let client = events.target.client()?;
    let resent = client.resend_failed_deliveries().send().await;
    let resent = resent.map_err(|error| events.target.failed(&error))?;
    report(events, resent.deliveries)
}

fn report(events: &Events, deliveries: impl Into<i64>) -> Result<(), Failure> {
    let deliveries = deliveries.into();
    let line = counted(deliveries, "delivery is", "deliveries are");
    let line = format!("{line} sent once more");
    print(
        events.target.json,
        &json!({ "deliveries": deliveries }),
        &[line],
    )
}
