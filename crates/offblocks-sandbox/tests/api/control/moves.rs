//! Moves of the clock that do not get to their end.

use std::time::Duration;

use chrono::SecondsFormat;
use offblocks_sandbox::{AttemptOutcome, ClockMode, Database};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::Plane;
use crate::common::{ALL, Caller, Direct, LocalWallet, Stage, chosen, signed, text};
use crate::crashes::{Server, line};

const HOUR: i64 = 60 * 60 * 1_000;

/// A receiver that acknowledges nothing: it rejects the first delivery, and the others once it is
/// told to.
pub struct Reluctant {
    pub url: String,
    /// One for each delivery.
    came: mpsc::UnboundedReceiver<()>,
    /// Rejects one delivery each.
    answers: mpsc::UnboundedSender<()>,
    task: JoinHandle<()>,
}

impl Drop for Reluctant {
    /// Its port is closed then.
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Reluctant {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let (told, came) = mpsc::unbounded_channel();
        let (answers, mut answer) = mpsc::unbounded_channel();
        answers.send(()).unwrap();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 8192];
                let _ = stream.read(&mut request).await;
                let _ = told.send(());
                if answer.recv().await.is_none() {
                    return;
                }
                let response = b"HTTP/1.1 500 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                let _ = stream.write_all(response).await;
            }
        });
        Self {
            url,
            came,
            answers,
            task,
        }
    }

    /// Waits for the next delivery.
    pub async fn comes(&mut self) {
        let came = tokio::time::timeout(Duration::from_secs(20), self.came.recv());
        came.await.expect("a delivery comes").unwrap();
    }

    pub fn answer(&self) {
        self.answers.send(()).unwrap();
    }
}

/// Something to deliver, which the receiver has rejected once.
pub async fn rejected_once(caller: &Caller, receiver: &mut Reluctant) {
    caller.subscribe(&receiver.url, ALL).await;
    let wallet = LocalWallet::numbered(9);
    caller.new_customer(&wallet, "customer-9").await;
    receiver.comes().await;
}

/// Whether the time goes on, and with it what happens by itself.
async fn a_customer_goes_on(caller: &Caller, number: u32) {
    let wallet = LocalWallet::numbered(number);
    let name = format!("customer-{number}");
    let customer = caller.new_customer(&wallet, &name).await;
    let path = format!("/customers/{}", text(&customer, "id"));
    let sign = format!("{path}/challenge/sign");
    let body = signed(&wallet, &customer);
    caller.post(&sign, body).await.expect(204);
    assert_eq!(caller.status(&path).await, "verifying");
}

async fn clock(caller: &Caller) -> Value {
    let response = caller.watch("/_sandbox/clock").await;
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_ran_runs_on_after_its_mover_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let database = line(Database::File(folder.path().join("sandbox.db")));
    let mut server = Server::start(&database);
    let caller = server.caller().await;
    let mut receiver = Reluctant::start().await;
    rejected_once(&caller, &mut receiver).await;
    let url = caller.base_url.join("/_sandbox/clock/advance").unwrap();
    let advance = reqwest::Client::new()
        .post(url)
        .header("content-type", "application/json")
        .body(json!({"milliseconds": HOUR}).to_string())
        .send();
    let advance = tokio::spawn(advance);
    receiver.comes().await;
    server.kill();
    advance.await.unwrap().unwrap_err();
    let server = Server::start(&database);
    let caller = server.caller().await;
    let clock = clock(&caller).await;
    assert_eq!(clock["mode"], "running", "{clock}");
    let ahead = clock["ahead"].as_i64().unwrap();
    assert!((1..HOUR).contains(&ahead), "as far as it had come: {clock}");
    a_customer_goes_on(&caller, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_the_database_cuts_off_says_how_far_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let database = chosen(Database::File(folder.path().join("sandbox.db")));
    let stage = Stage::with(|settings| settings.database = database.clone()).await;
    let mut receiver = Reluctant::start().await;
    rejected_once(&stage.caller, &mut receiver).await;
    let mut plane = Plane::of(&stage);
    let began = stage.sandbox.clock().now;
    let mut direct = Direct::to(&database).await;
    let advance = tokio::spawn(async move {
        let body = json!({"milliseconds": HOUR});
        let response = plane.with("POST", "/clock/advance", body).await;
        (plane, response)
    });
    receiver.comes().await;
    direct.block_writers().await;
    receiver.answer();
    let (mut plane, response) = advance.await.unwrap();
    let detail = response.rejected(503);
    assert!(detail.contains("set the clock to"), "{detail}");
    let reading = stage.sandbox.clock();
    assert_eq!(reading.mode, ClockMode::Running, "as before: {detail}");
    let came = reading.now - began;
    assert!((500..=1_000).contains(&came.num_milliseconds()), "{came}");
    let said = reading.now.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    assert!(detail.contains(&said), "{said} in {detail}");
    // Before anything has happened, the same call works afterwards.
    let body = json!({"milliseconds": HOUR});
    let again = plane.with("POST", "/clock/advance", body.clone()).await;
    again.rejected(503);
    assert_eq!(stage.sandbox.clock().now, reading.now);
    direct.unblock().await;
    drop(receiver);
    let change = plane.with("POST", "/clock/advance", body).await.expect(200);
    let ahead = change["clock"]["ahead"].as_i64().unwrap();
    assert_eq!(ahead, HOUR + came.num_milliseconds());
    plane.finish();
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn setting_the_clock_stops_a_move_where_it_has_come_to() {
    let stage = Stage::new().await;
    let mut receiver = Reluctant::start().await;
    rejected_once(&stage.caller, &mut receiver).await;
    let (mut plane, mut other) = (Plane::of(&stage), Plane::of(&stage));
    let began = stage.sandbox.clock().now;
    let advance = tokio::spawn(async move {
        let body = json!({"milliseconds": HOUR});
        let response = plane.with("POST", "/clock/advance", body).await;
        (plane, response)
    });
    // It does not respond, and is waited for.
    receiver.comes().await;
    let freeze = json!({"mode": "frozen"});
    let set = other.with("PUT", "/clock", freeze).await;
    let (plane, stopped) = advance.await.unwrap();
    let detail = stopped.rejected(409);
    assert!(detail.contains("the clock was set"), "{detail}");
    set.expect(200);
    let reading = stage.sandbox.clock();
    assert_eq!(reading.mode, ClockMode::Frozen);
    let came = reading.now - began;
    assert!((500..=1_000).contains(&came.num_milliseconds()), "{came}");
    let said = reading.now.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    assert!(detail.contains(&said), "{said} in {detail}");
    plane.finish();
    other.finish();
    stage.stop().await;
}

/// Two long waits, and a moment for each further attempt: a move ends in seconds, however often a
/// receiver is tried that does not respond.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_waits_for_a_receiver_that_never_responds_only_twice() {
    let timeout = Duration::from_secs(1);
    let stage = Stage::with(|settings| settings.webhook_timeout = timeout).await;
    let mut receiver = Reluctant::start().await;
    rejected_once(&stage.caller, &mut receiver).await;
    let mut plane = Plane::of(&stage);
    let body = json!({"milliseconds": HOUR});
    plane.with("POST", "/clock/advance", body).await.expect(200);
    let deliveries = stage.sandbox.deliveries(10).await.unwrap();
    let attempts = &deliveries[0].attempts[1..];
    assert!(attempts.len() >= 8, "{} attempts", attempts.len());
    let (long, short) = attempts.split_at(2);
    assert!(long.iter().all(|it| it.duration >= timeout), "{long:?}");
    for attempt in short {
        let AttemptOutcome::Failed { reason } = &attempt.outcome else {
            panic!("{attempt:?}")
        };
        assert!(reason.contains("within 50ms"), "{reason}");
    }
    plane.finish();
    stage.stop().await;
}

/// A clock may be ahead by more than three centuries.
#[tokio::test]
async fn a_clock_that_runs_in_the_far_future_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let database = chosen(Database::File(folder.path().join("sandbox.db")));
    for now in [Some("8000-01-01T00:00:00Z"), None] {
        let stage = Stage::with(|settings| settings.database = database.clone()).await;
        let mut plane = Plane::of(&stage);
        if let Some(now) = now {
            let set = json!({"mode": "running", "now": now});
            plane.with("PUT", "/clock", set).await.expect(200);
        }
        let found = plane.call("GET", "/clock").await.expect(200);
        assert_eq!(found["now"], "8000-01-01T00:00:00Z", "{found}");
        stage.stop().await;
    }
}
