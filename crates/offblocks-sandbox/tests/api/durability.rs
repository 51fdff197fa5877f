//! What lasts: restarts, many callers at once, and nothing secret in logs or files.

use std::io;
use std::sync::{Arc, Mutex};

use crate::common::{LocalWallet, Stage, chosen, everything_in};
use offblocks_sandbox::{DEFAULT_API_KEY, DEFAULT_API_SECRET, Database};
use serde_json::{Value, json};

/// A restart on the same file, with the caller of before.
async fn restarted(stage: Stage, file: &std::path::Path) -> Stage {
    let (key, key_id) = (stage.caller.key.clone(), stage.caller.key_id.clone());
    let token = stage.caller.token.clone();
    let clock = stage.clock.clone();
    stage.stop().await;
    let mut stage = Stage::on_file(file).await;
    stage.clock.advance(
        (offblocks_sandbox::Clock::now(&clock) - offblocks_sandbox::Clock::now(&stage.clock))
            .to_std()
            .unwrap(),
    );
    (stage.caller.key, stage.caller.key_id, stage.caller.token) = (key, key_id, token);
    stage
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&file).await;
    let (customer, account, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let body = json!({"amount": "20.0", "currency": "EUR", "capture": true});
    let path = format!("/simulator/cards/{card}/authorisation");
    let replayed = || ("0b9e4f6e-6a59-4d0b-9d4e-0d5f4b7f3a10", body.clone());
    let (key, payload) = replayed();
    let first = stage
        .caller
        .call("POST", &path)
        .body(payload)
        .key(key)
        .send()
        .await;
    first.expect(201);
    let paths = [
        format!("/customers/{customer}"),
        format!("/accounts/{account}"),
        format!("/cards/{card}"),
        format!("/cards/{card}/transactions"),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(stage.caller.get(path).await.expect(200));
    }
    let stage = restarted(stage, &file).await;
    // The harness uploads its key anew under the same id; the token of before still opens.
    stage.caller.upload_key().await.expect(204);
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(stage.caller.get(path).await.expect(200), before, "{path}");
    }
    let (key, payload) = replayed();
    let again = stage
        .caller
        .call("POST", &path)
        .body(payload)
        .key(key)
        .send()
        .await;
    assert_eq!(again, first, "responses are remembered across restarts");
    stage.stop().await;
}

#[tokio::test]
async fn steps_that_were_due_in_the_meantime_happen_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let slow = |settings: &mut offblocks_sandbox::Settings| {
        settings.database = Database::File(file.clone());
        settings.follow_up_delay = std::time::Duration::from_secs(60);
    };
    let stage = Stage::with(slow).await;
    let wallet = LocalWallet::numbered(1);
    let customer = stage.caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", crate::common::text(&customer, "id"));
    let sign = format!("{path}/challenge/sign");
    stage
        .caller
        .post(&sign, crate::common::signed(&wallet, &customer))
        .await
        .expect(204);
    assert_eq!(stage.caller.status(&path).await, "screening");
    stage.stop().await;
    let stage = Stage::on_file(&file).await;
    stage.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(stage.caller.status(&path).await, "verifying");
    stage.stop().await;
}

#[tokio::test]
async fn an_existing_database_keeps_its_own_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    Stage::on_file(&file).await.stop().await;
    let other = offblocks_sandbox::Credentials::new(uuid::Uuid::from_u128(7), "another secret");
    let stage = Stage::with(|settings| {
        settings.database = Database::File(file.clone());
        settings.credentials = other;
    })
    .await;
    let key = uuid::Uuid::from_u128(7).to_string();
    stage
        .caller
        .ask_for_token(&key, "another secret")
        .await
        .rejected(401);
    stage.stop().await;
}

#[tokio::test]
async fn many_callers_at_once_neither_fail_nor_double() {
    let folder = tempfile::tempdir().unwrap();
    for stage in [
        Stage::new().await,
        Stage::on_file(&folder.path().join("sandbox.db")).await,
    ] {
        let caller = &stage.caller;
        let (_, account, card) = caller.everything(&LocalWallet::numbered(1)).await;
        let path = format!("/simulator/cards/{card}/authorisation");
        let body = json!({"amount": "1", "currency": "EUR", "capture": true});
        let posts = (0..24).map(|_| caller.post(&path, body.clone()));
        for response in futures_util::future::join_all(posts).await {
            response.expect(201);
        }
        let path = format!("/accounts/{account}/transactions");
        let gets = (0..8).map(|_| caller.get(&path));
        for response in futures_util::future::join_all(gets).await {
            let listed = response.expect(200);
            assert_eq!(listed.as_array().unwrap().len(), 24);
            assert!(
                listed
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|one| one["status"] == "processed")
            );
        }
        // Of many deactivations at once one is legal.
        let path = format!("/cards/{card}/deactivate");
        let patches = (0..8).map(|_| caller.patch(&path));
        let responses = futures_util::future::join_all(patches).await;
        let done = responses
            .iter()
            .filter(|response| response.status == 200)
            .count();
        assert_eq!(done, 1);
        assert!(
            responses
                .iter()
                .all(|response| matches!(response.status, 200 | 409))
        );
        stage.stop().await;
    }
}

#[tokio::test]
async fn nothing_secret_reaches_logs_or_the_database() {
    // For the whole program: a subscriber of one thread would miss what other tests met first.
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .init();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let stage = Stage::on_file(&file).await;
    let (.., card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let token = stage.caller.token.clone();
    stage
        .caller
        .ask_for_token(&DEFAULT_API_KEY.to_string(), "a wrong secret")
        .await;
    stage
        .caller
        .call("GET", "/cards")
        .token("a.wrong.token")
        .send()
        .await
        .rejected(401);
    let shown = stage
        .caller
        .get(&format!("/cards/{card}"))
        .await
        .expect(200);
    assert!(shown["maskedPan"] != Value::Null);
    stage.stop().await;
    let log = log.text();
    assert!(
        log.contains("createAccountCard"),
        "the log tells what was called:\n{log}"
    );
    let database = everything_in(&chosen(Database::File(file))).await;
    for secret in [
        DEFAULT_API_SECRET,
        &token,
        "a wrong secret",
        "a.wrong.token",
    ] {
        assert!(!log.contains(secret), "a secret in the log:\n{log}");
        let found = database
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "a secret in the database");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
