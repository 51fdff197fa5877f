//! `offblocks trigger`: real events, made by the API, its simulator and the sandbox's control plane.

use offblocks_sandbox_api::Refund;
use offblocks_sandbox_api::client::Client as ControlClient;
use serde_json::json;

use crate::arguments::Trigger;
use crate::failure::{Failure, chain};
use crate::print::print;
use crate::quickstart::target::Target;
use crate::quickstart::walk::Walk;
use crate::quickstart::{Recorder, Values};

/// Makes the event, and says what it is about.
pub(crate) async fn run(options: Trigger) -> Result<(), Failure> {
    let target = Target::known(&options.api)?;
    let mut walk = Walk::new(&target, Recorder::default())?;
    let event = options.event.as_str();
    let last = onboard(&mut walk, event).await?;
    let last = finish(&target, &walk, event, last).await?;
    let (kind, _) = event.split_once('.').unwrap_or((event, ""));
    let named = |name: &str| {
        let found = last.iter().rev().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let (id, status) = (named("id"), named("status"));
    let value = json!({
        "event": event,
        "webhookType": format!("{kind}.updated"),
        "id": id,
        "status": status,
    });
    print(
        options.api.json,
        &value,
        &[format!("{kind}.updated  {id}  {status}")],
    )
}

/// Walks the guide as far as the event needs it: the values that the last step shows.
async fn onboard(walk: &mut Walk<'_>, event: &str) -> Result<Values, Failure> {
    let mut values = walk.create_customer().await?;
    if event == "customer.updated" {
        return Ok(values);
    }
    values.extend(walk.sign_customer_challenge().await?);
    if event == "customer.rejected" {
        return Ok(values);
    }
    walk.verify_customer().await?;
    let account = walk.create_account().await?;
    if event.starts_with("account.") {
        return Ok(account);
    }
    walk.sign_account_challenge().await?;
    let mut card = walk.order_card().await?;
    if matches!(event, "card.updated" | "card.issue_failed") {
        return Ok(card);
    }
    card.extend(walk.issue_card().await?);
    if event.starts_with("card.") {
        return Ok(card);
    }
    let captured = event == "authorisation.captured" || event.starts_with("transaction.");
    let mut authorisation = walk.authorise_with(captured).await?;
    if event.starts_with("authorisation.") {
        if captured {
            authorisation.extend(walk.settle().await?);
        }
        return Ok(authorisation);
    }
    walk.settle().await?;
    walk.read_transaction().await
}

/// Brings the entity into the state that the event shows, where it is not in it yet.
async fn finish(
    target: &Target,
    walk: &Walk<'_>,
    event: &str,
    mut values: Values,
) -> Result<Values, Failure> {
    let status = match event {
        "customer.rejected" => {
            walk.reject_customer().await?;
            "rejected"
        }
        "card.issue_failed" => {
            walk.fail_card().await?;
            "issue_failed"
        }
        "authorisation.released" => {
            walk.release().await?;
            "released"
        }
        "account.failed"
        | "card.suspended"
        | "card.blocked"
        | "transaction.reversed"
        | "transaction.refunded" => {
            let id = values.iter().find(|(name, _)| *name == "id");
            let id = id.map(|(_, id)| id.clone()).unwrap_or_default();
            values.extend(control(target, event, &id).await?);
            return Ok(values);
        }
        _ => return Ok(values),
    };
    values.push(("status", status.to_owned()));
    Ok(values)
}

/// What only the control plane of a sandbox does.
async fn control(target: &Target, event: &str, id: &str) -> Result<Values, Failure> {
    let url: url::Url = target
        .base_url
        .parse()
        .map_err(|error| Failure::new("the address cannot be used", error))?;
    let base = format!("{}/_sandbox", url.origin().ascii_serialization());
    let client = ControlClient::new_with_client(&base, reqwest::Client::new());
    let unreadable = |_| Failure::because(format!("{id} is not an id"));
    let failed = |error: &dyn std::error::Error| {
        Failure::because(format!(
            "{event} needs the control plane of a sandbox of your own (`offblocks sandbox`), and {base} \
             does not do it: {}",
            chain(error)
        ))
    };
    let (id, status) = match event {
        "account.failed" => {
            let call = client.fail_account(id.parse().map_err(unreadable)?);
            let done = call.send().await.map_err(|error| failed(&error))?;
            (done.id.to_string(), done.status.to_string())
        }
        "card.suspended" => {
            let call = client.suspend_card(id.parse().map_err(unreadable)?);
            let done = call.send().await.map_err(|error| failed(&error))?;
            (done.id.to_string(), done.status.to_string())
        }
        "card.blocked" => {
            let call = client.block_card(id.parse().map_err(unreadable)?);
            let done = call.send().await.map_err(|error| failed(&error))?;
            (done.id.to_string(), done.status.to_string())
        }
        "transaction.reversed" => {
            let call = client.reverse_transaction(id.parse().map_err(unreadable)?);
            let done = call.send().await.map_err(|error| failed(&error))?;
            (done.id.to_string(), done.status.to_string())
        }
        _ => {
            let amount = "5".parse();
            let amount = amount.map_err(|error| Failure::new("the amount is wrong", error))?;
            let id = id.parse().map_err(unreadable)?;
            let call = client.refund_transaction(id, Refund::new(amount));
            let done = call.send().await.map_err(|error| failed(&error))?;
            (done.id.to_string(), done.status.to_string())
        }
    };
    Ok(vec![("id", id), ("status", status)])
}
