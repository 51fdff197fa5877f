//! Receiving webhooks at a path of one's own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::{Arc, Mutex};

use common::{request, send};
use http::StatusCode;
use offblocks_server::*;
use offblocks_types::{EmptyResponse, WebhookEvent, WebhookResponse};
use serde_json::json;

#[derive(Default)]
struct Inbox(Mutex<Vec<WebhookEvent>>);

impl WebhookEventReceiver for Inbox {
    async fn receive_webhook_event(
        &self,
        _: RequestContext,
        body: WebhookEvent,
    ) -> Result<WebhookResponse, ReceiveWebhookEventError> {
        self.0.lock().unwrap().push(body);
        Ok(EmptyResponse::default())
    }
}

#[tokio::test]
async fn events_are_received_even_when_they_are_newer_than_the_contract() {
    let inbox = Arc::new(Inbox::default());
    let router = webhook_event_receiver("/hooks/offblocks", inbox.clone()).into_router();
    let id = "e2947b10-6c8d-4d3a-b5f1-3a70c9d8e461";
    let card = json!({
        "eventId": id, "webhookType": "card.updated", "id": id, "accountId": id,
        "type": "metal", "status": "frozen",
        "createdAt": "2024-03-05T09:41:07.218364509Z", "updatedAt": "2024-03-05T09:41:07Z",
    });
    let unheard = json!({ "eventId": id, "webhookType": "dispute.updated", "more": [1] });
    for event in [card, unheard] {
        let response = send(
            &router,
            request("POST", "/hooks/offblocks", event.to_string()),
        )
        .await;
        assert_eq!(
            (response.status, response.json()),
            (StatusCode::OK, json!({})),
            "{event}"
        );
    }
    let received = inbox.0.lock().unwrap();
    assert!(matches!(
        received[..],
        [WebhookEvent::CardUpdate(_), WebhookEvent::Unknown(_)]
    ));
}

#[tokio::test]
async fn what_is_not_an_event_is_rejected() {
    let router = webhook_event_receiver("/hooks", Arc::new(Inbox::default())).into_router();
    let cases = [
        ("POST", "/hooks", "{", StatusCode::BAD_REQUEST),
        (
            "POST",
            "/hooks",
            r#"{"webhookType": "card.updated"}"#,
            StatusCode::BAD_REQUEST,
        ),
        ("GET", "/hooks", "", StatusCode::METHOD_NOT_ALLOWED),
        ("POST", "/elsewhere", "{}", StatusCode::NOT_FOUND),
    ];
    for (method, path, body, status) in cases {
        let response = send(&router, request(method, path, body)).await;
        assert_eq!(response.status, status, "{method} {path} {body}");
        response.problem();
    }
}
