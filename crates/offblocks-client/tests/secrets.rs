//! What a whole run leaves in logs, errors and `Debug`: no secret, and no address of a person. Alone in its
//! binary, because a subscriber receives the events of every thread of the process.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]
#![allow(dead_code, reason = "not every helper of the other tests is used here")]

#[path = "production/calls.rs"]
mod calls;
#[path = "production/network.rs"]
mod network;
#[path = "../../offblocks-cards/examples/onboarding/mod.rs"]
mod onboarding;
#[path = "production/stage.rs"]
mod stage;

use std::fmt::Write as _;
use std::io::Write;
use std::sync::{Arc, Mutex};

use network::Network;
use offblocks_client::{RetryPolicy, SigningKey};
use offblocks_sandbox::DEFAULT_API_SECRET;
use stage::{ADDRESS, Stage, key_id, order};
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

/// Calls every operation over a faulty network, with right and with wrong credentials. Returns the
/// texts of errors, and `Debug` of clients and calls.
async fn run(stage: &Stage, network: &Network) -> (String, String) {
    let client = stage.builder(network).build().unwrap();
    let stranger = stage.builder(network).retry(RetryPolicy::none());
    let stranger = stranger.credentials(Uuid::from_u128(1), "another-secret");
    let mut shown = format!("{stranger:?}");
    let stranger = stranger.build().unwrap();
    let impostor = SigningKey::generate().unwrap();
    let impostor = stage.builder(network).signing_key(impostor, key_id());
    let impostor = impostor.build().unwrap();
    for client in [&client, &stranger, &impostor] {
        write!(shown, "{client:?}").unwrap();
        for (number, (_, call)) in calls::every(stage).into_iter().enumerate() {
            let key = Uuid::from_u128(0x5ec0_0000 + number as u128);
            if let Err(error) = call(client, key).await {
                write!(shown, "{error} {error:?}").unwrap();
                let source = std::error::Error::source(&error);
                write!(shown, "{:?}", source.map(ToString::to_string)).unwrap();
            }
        }
    }
    // What a caller passes in is the caller's, and its `Debug` shows it: secrets excepted.
    let values = format!("{:?}", client.create_account_card(stage.account, order()));
    (shown, values)
}

#[tokio::test]
async fn a_whole_run_shows_no_secret_and_no_personal_data() {
    let log = Log::start();
    let stage = Stage::new().await;
    let network = Network::faulty(stage.server()).await;
    let (shown, values) = run(&stage, &network).await;
    let pem = stage.key.to_pkcs8_pem().unwrap();
    let mut secrets = vec![DEFAULT_API_SECRET.to_owned(), "another-secret".to_owned()];
    secrets.extend(lines(&pem));
    secrets.extend(network.tokens());
    assert!(secrets.len() > 5, "the run had a key and tokens");
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
