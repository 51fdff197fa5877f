//! The events that drift leaves in a log. Alone in its binary, because a log's subscriber is heard
//! by every thread of the process.

#![expect(
    clippy::unwrap_used,
    reason = "a panic is how the helpers of a test fail"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use http::StatusCode;
use offblocks_client::drift::{self, DriftWatch, shapes};
use offblocks_client::{Client, Operation};

/// Stands in bodies where no event may repeat it.
const PRIVATE: &str = "hunter3-is-private";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn subscribe(log: &Log, filter: &str) -> impl tracing::Subscriber + Send + Sync + 'static {
    let sink = log.clone();
    tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_env_filter(filter)
        .with_writer(move || sink.clone())
        .finish()
}

#[test]
fn each_drift_is_one_event_before_its_callback_and_holds_no_payload() {
    let (log, operation) = (Log::default(), Operation::find("getCards").unwrap());
    let body =
        format!(r#"[{{"status": "{PRIVATE}", "limit": "{PRIVATE}"}}, {{"{PRIVATE} 1": 1}}]"#);
    let _guard = tracing::subscriber::set_default(subscribe(&log, "warn"));

    let sink = Mutex::new(log.clone());
    let watch = DriftWatch::new(move |drift| {
        writeln!(
            sink.lock().unwrap(),
            "called: {} {}",
            drift.kind,
            drift.pointer
        )
        .unwrap();
    });
    for _ in 0..3 {
        watch.response(operation, StatusCode::OK, body.as_bytes());
    }
    watch.response(operation, StatusCode::IM_A_TEAPOT, body.as_bytes());
    let text = log.take();
    assert!(!text.contains(PRIVATE), "a payload is shown:\n{text}");

    let head = "WARN offblocks::drift: the server is not what the contract says";
    let rest = |status: u16, pointer: &str| {
        let contract = shapes::CONTRACT;
        format!(
            "operation=\"getCards\" status={status} pointer=\"{pointer}\" contract=\"{contract}\" count=1"
        )
    };
    let mut expected = String::new();
    let found = [
        ("unknown_value", "/*/status"),
        ("unknown_field", "/*/limit"),
        ("unknown_field", "/*/?"),
    ];
    for round in 0..3 {
        for (kind, pointer) in found {
            if round == 0 {
                expected += &format!(" {head} kind=\"{kind}\" {}\n", rest(200, pointer));
            }
            expected += &format!("called: {kind} {pointer}\n");
        }
    }
    expected += &format!(" {head} kind=\"undocumented_status\" {}\n", rest(418, ""));
    expected += "called: undocumented_status \n";
    assert_eq!(text, expected);

    let quiet = tracing::subscriber::set_default(subscribe(&log, "warn,offblocks::drift=off"));
    let client = Client::builder()
        .base_url("http://localhost")
        .build()
        .unwrap();
    assert!(
        !client.drift_watch().is_on(),
        "{} is filtered out",
        drift::TARGET
    );
    drop(quiet);
    assert!(client.drift_watch().is_on());

    for number in 0..300_u32 {
        let name: String = format!("{number:09b}").replace('0', "o").replace('1', "i");
        let body = format!(r#"[{{"{name}": 1}}]"#);
        client
            .drift_watch()
            .response(operation, StatusCode::OK, body.as_bytes());
    }
    let text = log.take();
    assert_eq!(text.lines().count(), 256 + 1);
    assert!(
        text.lines()
            .last()
            .unwrap()
            .contains("too many different drifts"),
        "{text}"
    );
}
