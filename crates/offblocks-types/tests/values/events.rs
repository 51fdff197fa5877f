//! Webhook events.

use super::{rejection, survives};
use offblocks_types::*;
use serde_json::{Value, json};

const ID: &str = "0b5dcb4f-93ab-4a2c-8c47-2c39a5c4e8d1";
const EVENT: &str = "9b2f6a55-1d1f-49f7-8f5a-0a7a3a4f0c11";

fn event(kind: &str, more: Value) -> Value {
    let mut json = json!({
        "eventId": EVENT, "webhookType": kind, "id": ID,
        "createdAt": "2024-03-05T09:41:07.218364509Z", "updatedAt": "2024-03-05T09:41:08Z",
    });
    json.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json
}

fn payment() -> Value {
    json!({
        "accountId": ID, "status": "pending", "amount": "20", "currency": "EUR",
        "merchantAmount": "20.00", "merchantCurrency": "EUR", "exchangeRate": "1",
        "merchant": { "id": "T", "name": "Test", "mcc": 9999, "country": "GB", "city": "London" },
    })
}

fn transaction() -> Value {
    let mut json = payment();
    let more = json!({
        "status": "processing", "direction": "debit", "tokenAmount": "20", "fees": [],
        "token": "eip155:300/erc20:0x02", "chainTransactions": [],
    });
    json.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json
}

fn all() -> [Value; 5] {
    [
        event(
            "customer.updated",
            json!({
                "externalId": "jane", "chainId": "eip155:300:0x01", "status": "initiating",
            }),
        ),
        event(
            "account.updated",
            json!({
                "customerId": ID, "status": "active", "type": "card_account", "currencies": ["EUR"],
            }),
        ),
        event(
            "card.updated",
            json!({ "accountId": ID, "type": "virtual", "status": "issuing" }),
        ),
        event("authorisation.updated", payment()),
        event("transaction.updated", transaction()),
    ]
}

#[test]
fn each_type_of_event_survives_as_itself() {
    let events = all().map(|json| survives::<WebhookEvent>(&json));
    assert!(matches!(events[0], WebhookEvent::CustomerUpdate(_)));
    assert!(matches!(events[1], WebhookEvent::AccountUpdate(_)));
    assert!(matches!(events[2], WebhookEvent::CardUpdate(_)));
    assert!(matches!(events[3], WebhookEvent::AuthorisationUpdate(_)));
    assert!(matches!(events[4], WebhookEvent::TransactionUpdate(_)));
    for (event, kind) in events.iter().zip(WebhookType::ALL) {
        assert_eq!(&event.webhook_type(), kind);
        assert_eq!(event.event_id().to_string(), EVENT);
        assert_eq!(
            event.updated_at().unwrap().to_rfc3339(),
            "2024-03-05T09:41:08+00:00"
        );
    }
}

/// A transaction has every property of an authorisation, so by shape it is one.
#[test]
fn a_transaction_never_becomes_an_authorisation() {
    let event: WebhookEvent = survives(&event("transaction.updated", transaction()));
    assert!(
        matches!(event, WebhookEvent::TransactionUpdate(_)),
        "{event:?}"
    );
}

#[test]
fn a_fault_in_a_member_is_a_fault_and_not_another_member() {
    let mut json = event("transaction.updated", transaction());
    json.as_object_mut().unwrap().remove("tokenAmount");
    let error = rejection::<WebhookEvent>(&json);
    assert!(
        error.contains("TransactionUpdate") && error.contains("tokenAmount"),
        "{error}"
    );

    let json = event("card.updated", payment());
    let error = rejection::<WebhookEvent>(&json);
    assert!(error.contains("CardUpdate"), "{error}");
}

#[test]
fn an_unknown_type_keeps_id_type_and_everything_else() {
    let json = event(
        "dispute.updated",
        json!({ "reason": { "deep": [1, 2.5, null] } }),
    );
    let event: WebhookEvent = survives(&json);
    let WebhookEvent::Unknown(unknown) = &event else {
        panic!("read as {event:?}");
    };
    assert_eq!(unknown.event_id.to_string(), EVENT);
    assert_eq!(unknown.webhook_type, "dispute.updated");
    assert_eq!(Value::Object(unknown.raw.clone()), json);
    assert_eq!(
        event.webhook_type(),
        WebhookType::Unknown("dispute.updated".to_owned())
    );
    assert!(event.updated_at().is_some());
}

#[test]
fn a_type_is_demanded_and_one_that_is_not_listed_is_kept() {
    assert!(rejection::<WebhookEvent>(&json!({ "eventId": EVENT })).contains("`webhookType`"));
    let error = rejection::<WebhookEvent>(&json!({ "eventId": EVENT, "webhookType": [1] }));
    assert!(error.contains("not a string"), "{error}");
    let kept = survives::<WebhookEvent>(&json!({ "eventId": EVENT, "webhookType": 1 }));
    assert!(matches!(kept, WebhookEvent::Unknown(_)), "{kept:?}");
    let error = rejection::<WebhookEvent>(&json!({ "webhookType": "dispute.updated" }));
    assert!(error.contains("eventId"), "{error}");
    rejection::<WebhookEvent>(&json!(["card.updated"]));
}

#[test]
fn an_event_whose_tag_belongs_to_another_is_not_written() {
    let json = event(
        "card.updated",
        json!({ "accountId": ID, "type": "virtual", "status": "active" }),
    );
    let mut card: CardUpdate = survives(&json);
    card.webhook_type = WebhookType::AccountUpdated;
    let error = serde_json::to_string(&WebhookEvent::from(card))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("account.updated") && error.contains("card.updated"),
        "{error}"
    );
}

#[test]
fn an_event_is_its_entity_and_its_envelope() {
    let json = event(
        "card.updated",
        json!({ "accountId": ID, "type": "virtual", "status": "active" }),
    );
    let update: CardUpdate = survives(&json);
    let card: Card = update.clone().into();
    assert_eq!((card.id, card.status), (update.id, update.status.clone()));
    let base: WebhookEventBase = update.into();
    assert_eq!(base.webhook_type, WebhookType::CardUpdated);
}
