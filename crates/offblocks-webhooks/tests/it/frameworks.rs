//! The extractor, the layer, and the generated receiver router.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::http::{Request, StatusCode};
use axum::routing::post;
use axum::{Extension, Router};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use offblocks_server::{ReceiveWebhookEventError, RequestContext, WebhookEventReceiver};
use offblocks_types::{CardUpdate, EmptyResponse, WebhookEvent, WebhookResponse};
use offblocks_webhooks::testing::{Fault, TestSender, card_event};
use offblocks_webhooks::{
    HandleError, Handled, Inbox, MemoryStore, VerifiedDelivery, VerifiedEvent, VerifyLayer,
    WebhookError, WebhookVerifier,
};
use tower::ServiceExt as _;

use crate::common::{TestClock, sender};

#[derive(Clone)]
struct App {
    verifier: WebhookVerifier,
    inbox: Inbox<MemoryStore>,
    handled: Arc<Mutex<Vec<WebhookEvent>>>,
}

impl FromRef<App> for WebhookVerifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

async fn receive(
    State(app): State<App>,
    event: VerifiedEvent,
) -> Result<StatusCode, HandleError<std::io::Error>> {
    let handler = async |_| {
        app.handled.lock().unwrap().push(event.event.clone());
        Ok(())
    };
    Ok(match app.inbox.handle(event.event_id, handler).await? {
        Handled::Now(()) => StatusCode::OK,
        Handled::Before => StatusCode::ALREADY_REPORTED,
    })
}

async fn send(router: &Router, request: Request<Bytes>) -> (StatusCode, String) {
    let request = request.map(Body::from);
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn app(sender: &TestSender) -> App {
    App {
        verifier: sender.verifier().build().unwrap(),
        inbox: Inbox::new(MemoryStore::new()),
        handled: Arc::default(),
    }
}

#[tokio::test]
async fn the_extractor_verifies_in_a_nested_router_too() {
    let sender = sender(&TestClock::new());
    let app = app(&sender);
    let hooks = Router::new().route("/offblocks", post(receive));
    let router = Router::new().nest("/hooks", hooks).with_state(app.clone());
    let event = card_event(1, "active");
    let ok = send(&router, sender.deliver(&event)).await;
    assert_eq!(ok, (StatusCode::OK, String::new()));
    let duplicate = send(&router, sender.deliver(&event)).await;
    assert_eq!(duplicate.0, StatusCode::ALREADY_REPORTED);
    let forged = sender.deliver_with(&event, &Fault::BadSignature);
    let (status, problem) = send(&router, forged).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(problem.contains("\"status\":401"), "{problem}");
    assert_eq!(*app.handled.lock().unwrap(), [event]);
}

#[tokio::test]
async fn a_handler_may_look_at_the_rejection_itself() {
    async fn receive(event: Result<VerifiedEvent<CardUpdate>, WebhookError>) -> String {
        match event {
            Ok(card) => card.status.to_string(),
            Err(error) => format!(
                "dead letter of {} bytes",
                error.delivery().unwrap().body.len()
            ),
        }
    }
    let sender = sender(&TestClock::new());
    let router = Router::new()
        .route("/hooks/offblocks", post(receive))
        .with_state(sender.verifier().build().unwrap());
    let event = card_event(1, "frozen");
    let (_, body) = send(&router, sender.deliver(&event)).await;
    assert_eq!(body, "frozen");
    let other = sender.deliver_with(&event, &Fault::UnknownType);
    let length = other.body().len();
    let (_, body) = send(&router, other).await;
    assert_eq!(body, format!("dead letter of {length} bytes"));
}

#[tokio::test]
async fn the_layer_verifies_once_and_hands_on() {
    async fn receive(
        Extension(delivery): Extension<VerifiedDelivery>,
        body: Bytes,
    ) -> Result<String, WebhookError> {
        assert_eq!(delivery.body, body);
        let event: VerifiedEvent = delivery.into_event()?;
        Ok(event.webhook_type().to_string())
    }
    let sender = sender(&TestClock::new());
    let verifier = sender.verifier().build().unwrap();
    // A state without the right keys: the extractor takes what the layer has verified.
    let other = WebhookVerifier::builder(crate::common::CALLBACK, Vec::new());
    let router = Router::new()
        .route("/hooks/offblocks", post(receive))
        .route(
            "/hooks/extracted",
            post(async |event: VerifiedEvent| event.event_id.to_string()),
        )
        .layer(VerifyLayer::new(verifier))
        .with_state(other.build().unwrap());
    let event = card_event(1, "active");
    let ok = send(&router, sender.deliver(&event)).await;
    assert_eq!(ok, (StatusCode::OK, "card.updated".to_owned()));
    let mut moved = sender.deliver(&event);
    *moved.uri_mut() = "/hooks/extracted".parse().unwrap();
    let ok = send(&router, moved).await;
    assert_eq!(ok, (StatusCode::OK, event.event_id().to_string()));
    let stale = Fault::Stale(std::time::Duration::from_secs(1_000));
    let rejected = send(&router, sender.deliver_with(&event, &stale)).await;
    assert_eq!(rejected.0, StatusCode::UNAUTHORIZED);
}

#[derive(Default)]
struct Hooks(Mutex<Vec<WebhookEvent>>);

impl WebhookEventReceiver for Hooks {
    async fn receive_webhook_event(
        &self,
        _: RequestContext,
        event: WebhookEvent,
    ) -> Result<WebhookResponse, ReceiveWebhookEventError> {
        self.0.lock().unwrap().push(event);
        Ok(EmptyResponse::default())
    }
}

#[tokio::test]
async fn the_generated_receiver_router_takes_the_layer() {
    let sender = sender(&TestClock::new());
    let hooks = Arc::new(Hooks::default());
    let router = offblocks_server::webhook_event_receiver("/hooks/offblocks", hooks.clone())
        .layer(VerifyLayer::new(sender.verifier().build().unwrap()))
        .into_router();
    let event = card_event(1, "active");
    let ok = send(&router, sender.deliver(&event)).await;
    assert_eq!(ok, (StatusCode::OK, "{}".to_owned()));
    let forged = sender.deliver_with(&event, &Fault::AnotherKey);
    assert_eq!(send(&router, forged).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(*hooks.0.lock().unwrap(), [event]);
}
