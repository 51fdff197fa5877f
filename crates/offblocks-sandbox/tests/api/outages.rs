//! A database that cannot be used for a while: full, locked by another program, deleted.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::common::{LocalWallet, Response, Stage, signed, skips, text};
use offblocks_sandbox::{Database, Settings};

/// More than an empty database takes, and little enough to be filled soon.
const SMALL: u64 = 400 * 1024;

/// Creates customers until that is rejected, and returns the rejection.
async fn fill(stage: &Stage) -> Response {
    for number in 0..5_000 {
        let wallet = LocalWallet::numbered(1_000 + number);
        let name = format!("customer {number} {}", "x".repeat(200));
        let body = json!({"chainId": wallet.owner().to_string(), "externalId": name});
        let response = stage.caller.post("/customers", body).await;
        if response.status != 201 {
            return response;
        }
    }
    panic!("the database never was full: is max_database_size applied to every connection?");
}

#[tokio::test]
async fn a_full_database_says_so_and_recovers() {
    if skips("its server has no limit that a sandbox could set") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for database in [
        Database::Memory,
        Database::File(folder.path().join("sandbox.db")),
    ] {
        let small = |settings: &mut Settings| {
            settings.database = database;
            settings.max_database_size = Some(SMALL);
        };
        let mut stage = Stage::with(small).await;
        let (customer, _, card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
        let full = fill(&stage).await;
        assert!(full.rejected(507).contains("no room"), "{full:?}");
        // Not only the first time: the connection is not left inside a dead transaction.
        let path = format!("/simulator/cards/{card}/authorisation");
        let body = json!({"amount": "1", "currency": "EUR", "capture": true});
        for _ in 0..20 {
            let response = stage.caller.post(&path, body.clone()).await;
            assert!(matches!(response.status, 201 | 507), "{response:?}");
            // What is due cannot happen; reads go on all the same.
            let read = format!("/customers/{customer}");
            assert_eq!(stage.caller.status(&read).await, "active");
        }
        // What is remembered of old calls is forgotten, and its room is free again.
        stage.clock.advance(Duration::from_secs(2 * 60 * 60));
        stage.caller.log_in().await;
        let body = json!({"amount": "2", "currency": "EUR", "capture": true});
        stage.caller.post(&path, body).await.expect(201);
        stage.stop().await;
    }
}

/// A sandbox on a file, and something to change there.
async fn on_file(file: &Path) -> (Stage, String) {
    let stage = Stage::on_file(file).await;
    let (.., card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    (stage, card)
}

fn authorisation() -> serde_json::Value {
    json!({"amount": "1", "currency": "EUR", "capture": true})
}

#[tokio::test]
async fn a_database_that_another_program_has_locked_says_so_and_recovers() {
    if skips("postgres/outages.rs has the same") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let delay = Duration::from_secs(60);
    let stage = Stage::with(|settings| {
        settings.database = Database::File(file.clone());
        settings.follow_up_delay = delay;
    })
    .await;
    let wallet = LocalWallet::numbered(1);
    let customer = stage.caller.new_customer(&wallet, "customer-1").await;
    let path = format!("/customers/{}", text(&customer, "id"));
    let sign = format!("{path}/challenge/sign");
    let body = signed(&wallet, &customer);
    stage.caller.post(&sign, body).await.expect(204);
    let mut other = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .connect()
        .await
        .unwrap();
    let lock = sqlx::query("BEGIN IMMEDIATE");
    lock.execute(&mut other).await.unwrap();
    stage.clock.advance(delay);
    let posts = (0..6).map(|number| {
        let wallet = LocalWallet::numbered(2 + number).owner().to_string();
        let body = json!({"chainId": wallet, "externalId": format!("another {number}")});
        stage.caller.post("/customers", body)
    });
    for response in futures_util::future::join_all(posts).await {
        assert!(response.rejected(503).contains("locked"), "{response:?}");
        assert!(response.retry_after.is_some(), "{response:?}");
    }
    // The end of screening is due and cannot happen: reads show what is there.
    assert_eq!(stage.caller.status(&path).await, "screening");
    let unlock = sqlx::query("ROLLBACK");
    unlock.execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    stage
        .caller
        .new_customer(&LocalWallet::numbered(9), "the last")
        .await;
    assert_eq!(stage.caller.status(&path).await, "verifying");
    stage.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_that_is_moved_away_or_replaced_says_so_and_recovers() {
    if skips("postgres/outages.rs has the same") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let (stage, card) = on_file(&file).await;
    let path = format!("/simulator/cards/{card}/authorisation");
    let read = format!("/cards/{card}");
    let elsewhere: PathBuf = folder.path().join("elsewhere.db");
    std::fs::rename(&file, &elsewhere).unwrap();
    for replaced in [false, true] {
        if replaced {
            std::fs::copy(&elsewhere, &file).unwrap();
        }
        for response in [
            stage.caller.post(&path, authorisation()).await,
            stage.caller.get(&read).await,
        ] {
            assert!(response.rejected(503).contains("deleted"), "{response:?}");
        }
    }
    std::fs::rename(&elsewhere, &file).unwrap();
    stage.caller.post(&path, authorisation()).await.expect(201);
    assert_eq!(stage.caller.status(&read).await, "active");
    stage.stop().await;
}
