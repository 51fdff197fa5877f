//! Spans, in a separate process: `tracing` caches which spans are enabled, so other tests would
//! disable them here.

mod common;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use common::{bank, request, send};
use offblocks_server::*;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no thread panics while logging")
            .write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_span_names_the_operation_and_nothing_that_was_sent() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let mut request = request("POST", "/accounts/SECRET-1/cards?q=SECRET-2", "SECRET-3");
    let token = "Bearer SECRET-4".parse().expect("the value is ASCII");
    request.headers_mut().insert("authorization", token);
    let router = bank().layer(TraceLayer).into_router();
    let router = router.layer(RequestIdLayer::new(|| "made-up".to_owned()));
    send(&router, request).await;
    drop(guard);
    let bytes = log
        .0
        .lock()
        .expect("no thread panics while logging")
        .clone();
    let text = String::from_utf8(bytes).expect("logs are text");
    for expected in [
        "createAccountCard",
        "/accounts/{accountId}/cards",
        "made-up",
        "400",
    ] {
        assert!(text.contains(expected), "{expected} is missing from {text}");
    }
    assert!(!text.contains("SECRET"), "{text}");
}
