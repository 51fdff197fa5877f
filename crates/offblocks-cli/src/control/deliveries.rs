//! `offblocks sandbox deliveries`.

use offblocks_sandbox_api::{AllDeliveryModes, Delivery, DeliveryAttempt, DeliveryModes};

use super::arguments::{DeliveriesCommand, Modes};
use super::clock::milliseconds;
use super::printed::{print, print_done};
use super::target::Target;
use crate::failure::Failure;
use crate::print::counted;

pub(super) async fn run(target: Target, command: DeliveriesCommand) -> Result<(), Failure> {
    let client = target.client()?;
    let failed = |error| target.failed(&error);
    let modes = match command {
        DeliveriesCommand::List { limit } => {
            let call = client.get_deliveries().limit(limit);
            let deliveries = call.send().await.map_err(failed)?;
            return print(target.json, &*deliveries, |deliveries| listed(deliveries));
        }
        DeliveriesCommand::Resend { delivery } => {
            client
                .resend_delivery(delivery)
                .send()
                .await
                .map_err(failed)?;
            return print_done(
                target.json,
                &format!("delivery {delivery} is sent once more"),
            );
        }
        DeliveriesCommand::ResendFailed => {
            let resent = client
                .resend_failed_deliveries()
                .send()
                .await
                .map_err(failed)?;
            return print(target.json, &*resent, |resent| {
                let resent = counted(resent.deliveries, "delivery is", "deliveries are");
                vec![format!("{resent} sent once more")]
            });
        }
        DeliveriesCommand::ClearModes { webhook } => {
            let call = client.delete_webhook_delivery_modes(webhook);
            call.send().await.map_err(failed)?;
            return print_done(target.json, &format!("{webhook} has no modes of its own"));
        }
        DeliveriesCommand::Modes => client.get_delivery_modes().send().await,
        DeliveriesCommand::SetModes(modes) => {
            let (webhook, modes) = (modes.webhook, body(modes)?);
            match webhook {
                None => client.set_delivery_modes(modes).send().await,
                Some(id) => client.set_webhook_delivery_modes(id, modes).send().await,
            }
        }
    };
    let modes = modes.map_err(failed)?;
    print(target.json, &*modes, shown)
}

fn body(modes: Modes) -> Result<DeliveryModes, Failure> {
    let mut body = DeliveryModes::default()
        .with_duplicate(modes.duplicate)
        .with_reorder(modes.reorder)
        .with_drop(modes.drop)
        .with_unknown_type(modes.unknown_type);
    body.delay_milliseconds = modes.delay.map(milliseconds).transpose()?;
    body.signature = modes.signature;
    Ok(body)
}

fn listed(deliveries: &[Delivery]) -> Vec<String> {
    if deliveries.is_empty() {
        return vec!["there are no deliveries".to_owned()];
    }
    let lines = deliveries.iter().flat_map(|it| {
        let next = match (&it.due_at, &it.reason) {
            (Some(due_at), _) => format!(", due at {}", due_at.to_rfc3339()),
            (None, Some(reason)) => format!(": {reason}"),
            (None, None) => String::new(),
        };
        let first = format!(
            "{}  {} to {}: {}{next}",
            it.id, it.webhook_type, it.webhook_id, it.status
        );
        std::iter::once(first).chain(it.attempts.iter().map(attempt))
    });
    lines.collect()
}

fn attempt(attempt: &DeliveryAttempt) -> String {
    let outcome = match (attempt.status, &attempt.failure) {
        (Some(status), _) => status.to_string(),
        (None, reason) => reason.clone().unwrap_or_default(),
    };
    let (at, took) = (attempt.attempted_at.to_rfc3339(), attempt.milliseconds);
    let modes = attempt.modes.as_ref();
    let modes = modes.map(|modes| format!(" ({})", in_words(modes)));
    format!(
        "    {at}  {outcome} after {took} ms{}",
        modes.unwrap_or_default()
    )
}

fn shown(modes: &AllDeliveryModes) -> Vec<String> {
    let all = format!("all subscriptions: {}", in_words(&modes.all));
    let own = modes.webhooks.iter();
    let own = own.map(|it| format!("{}: {}", it.webhook_id, in_words(&it.modes)));
    std::iter::once(all).chain(own).collect()
}

fn in_words(modes: &DeliveryModes) -> String {
    let on = |on: Option<bool>, name: &str| on.unwrap_or_default().then(|| name.to_owned());
    let delay = modes.delay_milliseconds.filter(|delay| *delay > 0);
    let signature = modes.signature.as_ref().map(ToString::to_string);
    let parts = [
        on(modes.duplicate, "duplicate"),
        on(modes.reorder, "reorder"),
        delay.map(|delay| format!("delay {delay} ms")),
        on(modes.drop, "drop"),
        signature
            .filter(|it| it != "valid")
            .map(|it| format!("signature {it}")),
        on(modes.unknown_type, "unknown type"),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        "as usual".to_owned()
    } else {
        parts.join(", ")
    }
}
