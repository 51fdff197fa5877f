//! Receiving deliveries.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response as Sent};
use bytes::Bytes;
use http::StatusCode;
use offblocks_webhooks::{VerifiedDelivery, WebhookVerifier};
use tokio::net::TcpListener;
use tokio::sync::mpsc::Sender;
use tokio::sync::oneshot;

use super::forward::{Forwarder, Response};

/// Something that happened to a delivery.
#[derive(Debug)]
pub(crate) enum Happened {
    /// It is verified, and was forwarded where an address is given.
    Delivered {
        delivery: Box<VerifiedDelivery>,
        passed_on: Option<Result<Response, String>>,
    },
    /// It is not signed as it should be.
    Rejected { reason: String, status: StatusCode },
}

struct Receiver {
    verifier: WebhookVerifier,
    forwarder: Option<Forwarder>,
    events: Sender<Happened>,
}

/// Receives until `finishing` says so or is dropped; what is being received then is completed.
pub(super) async fn serve(
    listener: TcpListener,
    verifier: WebhookVerifier,
    forwarder: Option<Forwarder>,
    events: Sender<Happened>,
    finishing: oneshot::Receiver<()>,
) -> io::Result<()> {
    let receiver = Receiver {
        verifier,
        forwarder,
        events,
    };
    let router = Router::new()
        .fallback(receive)
        .with_state(Arc::new(receiver));
    let finishing = async {
        // Dropped or sent: both mean the end.
        let _ = finishing.await;
    };
    axum::serve(listener, router)
        .with_graceful_shutdown(finishing)
        .await
}

async fn receive(State(receiver): State<Arc<Receiver>>, request: Request) -> Sent {
    let (parts, body) = request.into_parts();
    let delivery = match receiver.verifier.verify_parts(&parts, body).await {
        Ok(delivery) => delivery,
        Err(error) => {
            let status = error.status();
            let (reason, response) = (error.to_string(), error.to_response());
            receiver.tell(Happened::Rejected { reason, status }).await;
            return response.map(Body::from);
        }
    };
    let passed_on = match &receiver.forwarder {
        Some(forwarder) => Some(
            forwarder
                .pass_on(&parts.headers, delivery.body.clone())
                .await,
        ),
        None => None,
    };
    let response = match &passed_on {
        None => (StatusCode::OK, Bytes::from_static(b"{}")),
        Some(Ok(response)) => (response.status, response.body.clone()),
        Some(Err(_)) => (StatusCode::BAD_GATEWAY, Bytes::new()),
    };
    let happened = Happened::Delivered {
        delivery: Box::new(delivery),
        passed_on,
    };
    receiver.tell(happened).await;
    response.into_response()
}

impl Receiver {
    async fn tell(&self, happened: Happened) {
        // What comes after the end is not shown.
        let _ = self.events.send(happened).await;
    }
}
