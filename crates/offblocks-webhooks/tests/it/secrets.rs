//! Nothing of a body, a signature, a key or a password reaches `Debug`, logs or error texts.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::response::IntoResponse as _;
use http::StatusCode;
use offblocks_types::WebhookEvent;
use offblocks_webhooks::testing::{Fault, card_event};
use offblocks_webhooks::{
    HandleError, Inbox, MemoryStore, PostgresStore, ReplayError, SqliteStore, VerifiedEvent,
};
use serde_json::json;

use crate::common::{SqliteFile, TestClock, event_id, full, sender};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Personal data of an event, and what it is signed with.
const HIDDEN: [&str; 4] = ["411752******0386", "Ada Penrose", "hunter2", "Harbour"];

#[tokio::test]
async fn no_text_quotes_what_is_secret_or_personal() {
    let log = Log::default();
    let writer = log.clone();
    // While there is one subscriber alone, an event that another test's thread meets first is switched off
    // for this one too.
    let _other = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut texts = Vec::new();
    let sender = sender(&TestClock::new());
    let verifier = sender.verifier().build().unwrap();
    let mut event = serde_json::to_value(card_event(1, "active")).unwrap();
    event["maskedPan"] = HIDDEN[0].into();
    event["name"] = HIDDEN[1].into();
    let good = sender.deliver(&event);
    let signature = good.headers()["signature"].to_str().unwrap().to_owned();
    let received: VerifiedEvent = verifier.receive(full(good)).await.unwrap();
    assert!(matches!(&received.event, WebhookEvent::CardUpdate(card) if card.name.is_some()));
    texts.push(format!(
        "{received:?} {:?} {verifier:?} {sender:?}",
        received.delivery
    ));

    let mut broken = event.clone();
    broken["status"] = json!({"hunter2": HIDDEN[1]});
    let mut unnamed = event.clone();
    unnamed["id"] = "hunter2".into();
    for event in [broken, unnamed, json!(HIDDEN[0]), json!([HIDDEN[1]])] {
        let request = full(sender.deliver(&event));
        let error = verifier.receive::<WebhookEvent, _>(request).await;
        let error = error.unwrap_err();
        texts.push(format!("{error:?} {error} {:?}", error.to_response()));
        assert_eq!(
            error.into_response().status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    for fault in [Fault::BadSignature, Fault::ChangedBody, Fault::AnotherKey] {
        let request = full(sender.deliver_with(&event, &fault));
        let error = verifier.verify(request).await.unwrap_err();
        texts.push(format!("{error:?} {error} {:?}", error.to_response()));
        assert_eq!(error.into_response().status(), StatusCode::UNAUTHORIZED);
    }

    let pool = sqlx::PgPool::connect_lazy("postgres://user:hunter2@127.0.0.1:1/db").unwrap();
    let file = SqliteFile::new().await;
    let stores = (
        PostgresStore::new(pool),
        SqliteStore::new(file.pool.clone()),
    );
    texts.push(format!("{stores:?} {:?}", Inbox::new(MemoryStore::new())));
    let inbox = Inbox::new(MemoryStore::new());
    let failing = |_| async { Err::<(), _>(std::io::Error::other("hunter2")) };
    let error = inbox.handle(event_id(1), failing).await.unwrap_err();
    texts.push(format!("{error} {:?}", error.to_response()));
    assert!(matches!(error, HandleError::Handler(_)));
    let error = ReplayError::store("hunter2");
    texts.push(format!("{error} {:?}", error.to_response()));

    texts.push(String::from_utf8(log.0.lock().unwrap().clone()).unwrap());
    let signature = signature.trim_start_matches("sig=:").trim_end_matches(':');
    for text in &texts {
        for hidden in HIDDEN.into_iter().chain([signature]) {
            assert!(!text.contains(hidden), "{hidden} is in {text}");
        }
    }
    assert!(
        texts.iter().any(|text| text.contains("cannot be read")),
        "the log is caught"
    );
}
