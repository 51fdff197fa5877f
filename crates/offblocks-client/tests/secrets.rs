//! What a whole run leaves in logs, errors and `Debug`: no secret, and no address of a person. Alone in its
//! binary, because a subscriber receives the events of every thread of the process.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]
#![allow(dead_code, reason = "not every helper of the other tests is used here")]

#[path = "production/calls.rs"]
mod calls;
#[path = "production/stage.rs"]
mod stage;

use std::fmt::Write as _;
use std::io::Write;
use std::sync::{Arc, Mutex};

use offblocks_client::{Error, RetryPolicy, SigningKey};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET};
use offblocks_types::GetTokenRequest;
use serde_json::json;
use stage::{ADDRESS, Stage, order, share};
use tracing_subscriber::fmt::format::FmtSpan;
use uuid::Uuid;

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

impl Log {
    /// Records everything from now on.
    fn start() -> Self {
        let log = Self::default();
        let sink = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::FULL)
            .with_writer(move || sink.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// The lines of a PEM text, each of which would be enough to recognise the key.
fn lines(pem: &str) -> Vec<String> {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    lines.map(str::to_owned).collect()
}

/// Calls every operation of a sandbox that fails one call in four, with right and with wrong
/// credentials. Returns the texts of errors, and `Debug` of clients and calls.
async fn run(stage: &Stage) -> (String, String) {
    let client = stage.builder().build().unwrap();
    let stranger = stage.builder().retry(RetryPolicy::none());
    let stranger = stranger.credentials(Uuid::from_u128(1), "another-secret");
    let mut shown = format!("{stranger:?}");
    let stranger = stranger.build().unwrap();
    let (_, id) = stage.sandbox.signing_key();
    let impostor = SigningKey::generate().unwrap();
    let impostor = stage.builder().signing_key(impostor, id).build().unwrap();
    for client in [&client, &stranger, &impostor] {
        write!(shown, "{client:?}").unwrap();
        for (number, (_, call)) in calls::every(stage).into_iter().enumerate() {
            let key = Uuid::from_u128(0x5ec0_0000 + number as u128);
            show(&mut shown, call(client, key).await);
        }
    }
    let (blocking, account) = (client.clone(), stage.account);
    let blocked = std::thread::spawn(move || {
        let mut shown = String::new();
        for client in [&blocking, &stranger] {
            show(&mut shown, client.get_cards().send_blocking().map(drop));
            let ordered = client.create_account_card(account, order());
            show(&mut shown, ordered.send_blocking().map(drop));
        }
        shown
    });
    let blocked = tokio::task::spawn_blocking(|| blocked.join().unwrap());
    shown.push_str(&blocked.await.unwrap());
    // What a caller passes in is the caller's, and its `Debug` shows it: secrets excepted.
    let values = format!("{:?}", client.create_account_card(stage.account, order()));
    (shown, values)
}

fn show(shown: &mut String, ended: Result<(), Error>) {
    if let Err(error) = ended {
        write!(shown, "{error} {error:?}").unwrap();
        let mut source = std::error::Error::source(&error);
        while let Some(beneath) = source {
            write!(shown, "{beneath} {beneath:?}").unwrap();
            source = beneath.source();
        }
    }
}

/// How a token of the sandbox, which is a JWT, begins.
const TOKEN: &str = "eyJ";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_run_shows_no_secret_and_no_personal_data() {
    let log = Log::start();
    let stage = Stage::new().await;
    for (kind, percentage) in [("reset_before", 8), ("truncated_body", 8), ("status", 8)] {
        stage.fail(&share(kind, percentage, &json!({}))).await;
    }
    let (shown, values) = run(&stage).await;
    stage.stop_failing().await;
    let (key, _) = stage.sandbox.signing_key();
    let mut secrets = vec![DEFAULT_API_SECRET.to_owned(), "another-secret".to_owned()];
    secrets.extend(lines(&key.to_pkcs8_pem().unwrap()));
    let request = GetTokenRequest::new(DEFAULT_API_KEY, DEFAULT_API_SECRET);
    let token = stage.sandbox.client().get_token(request).await.unwrap();
    assert!(
        token.token.expose().starts_with(TOKEN),
        "a token begins in another way"
    );
    secrets.push(TOKEN.to_owned());
    let logged = log.text();
    assert!(logged.contains("offblocks.attempt"), "the run was logged");
    for secret in &secrets {
        for (place, text) in [("log", &logged), ("error", &shown), ("call", &values)] {
            assert!(!text.contains(secret.as_str()), "a secret is in a {place}");
        }
    }
    for personal in [ADDRESS, "BS1 4RN"] {
        let line = logged.lines().find(|line| line.contains(personal));
        assert_eq!(line, None, "an address is in the log");
        assert!(!shown.contains(personal), "an address is in an error");
    }
}
