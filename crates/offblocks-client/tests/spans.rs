//! What calls leave in a log. Alone in its binary, because a subscriber receives the
//! events of every thread of the process.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use offblocks_client::{Client, KeyId, SigningKey};
use offblocks_types::CardId;
use tracing_subscriber::fmt::format::FmtSpan;
use uuid::Uuid;

const SECRET: &str = "hunter2-is-the-secret";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A server that grants a token and has no card.
async fn server() -> String {
    let token = r#"{"token": "token-1", "expiresAt": 9999999999, "tokenType": "Bearer"}"#;
    let missing = (
        StatusCode::NOT_FOUND,
        [("x-request-id", "req-9")],
        "private words",
    );
    let router = Router::new()
        .route("/auth/token", post(move || async move { token }))
        .route("/cards/{id}", get(move || async move { missing }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn a_call_leaves_its_name_status_and_request_and_no_payload() {
    let log = Log::default();
    let sink = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || sink.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let client = Client::builder()
        .base_url(server().await)
        .credentials(Uuid::nil(), SECRET)
        .signing_key(SigningKey::generate().unwrap(), KeyId::new("key").unwrap())
        .build()
        .unwrap();
    let card: CardId = "9d36e581-f0b7-4c29-8a54-71e2b60fc9a3".parse().unwrap();
    let error = client.get_card(card).send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");

    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    for part in [
        "otel.kind=\"internal\" otel.name=\"getCard\" offblocks.operation=\"getCard\"",
        "otel.kind=\"client\" otel.name=GET /cards/{cardId} http.request.method=\"GET\"",
        "url.template=\"/cards/{cardId}\" server.address=\"127.0.0.1\"",
        "offblocks.entity_id=\"9d36e581-f0b7-4c29-8a54-71e2b60fc9a3\"",
        "offblocks.operation=\"getToken\"",
        "http.response.status_code=404 offblocks.request_id=\"req-9\" error.type=\"404\"",
        "offblocks.attempts=1 offblocks.request_id=\"req-9\" error.type=\"404\"",
    ] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
    for secret in [SECRET, "token-1", "private words", "sig=:"] {
        assert!(!text.contains(secret), "{secret} is in:\n{text}");
    }
}
