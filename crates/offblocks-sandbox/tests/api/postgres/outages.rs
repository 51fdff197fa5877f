//! A server that is gone for a while, or takes its connections away.

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use offblocks_sandbox::{Database, PostgresSchema};
use serde_json::{Value, json};

use super::proxy::Proxy;
use crate::common::{Direct, LocalWallet, Stage, new_schema, text, url_of};

pub(super) fn authorisation() -> Value {
    json!({"amount": "1", "currency": "EUR", "capture": true})
}

pub(super) async fn stage(database: Database) -> (Stage, String, String) {
    let stage = Stage::with(|settings| settings.database = database).await;
    let (.., card) = stage.caller.everything(&LocalWallet::numbered(1)).await;
    let write = format!("/simulator/cards/{card}/authorisation");
    (stage, write, format!("/cards/{card}"))
}

async fn rejects(stage: &Stage, write: &str, read: &str, reason: &str) {
    for response in [
        stage.caller.post(write, authorisation()).await,
        stage.caller.get(read).await,
    ] {
        assert!(response.rejected(503).contains(reason), "{response:?}");
        assert!(response.retry_after.is_some(), "{response:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_gone_is_a_503_until_it_is_back() {
    let Some(schema) = new_schema() else { return };
    let server: url::Url = url_of(&schema, None).parse().unwrap();
    let proxy = Proxy::to(server.port().unwrap()).await;
    let through = url_of(&schema, Some(proxy.port()));
    let (stage, write, read) = stage(through.parse().unwrap()).await;
    for _ in 0..2 {
        proxy.close();
        rejects(&stage, &write, &read, "cannot be reached").await;
        proxy.open();
        until_it_writes(&stage, &write).await;
        until_it_reads(&stage, &read).await;
    }
    stage.stop().await;
}

#[tokio::test]
async fn a_long_queue_says_so_and_leaves_the_server_its_connections() {
    const CALLS: usize = 100;
    let Some(schema) = new_schema() else { return };
    let server: url::Url = url_of(&schema, None).parse().unwrap();
    let proxy = Proxy::to(server.port().unwrap()).await;
    let through = url_of(&schema, Some(proxy.port()));
    let (stage, _, read) = stage(through.parse().unwrap()).await;
    // The card is issued by the first call that reads it. Otherwise each call below would wait for the lock
    // to write that, one after the other, and the test could take minutes.
    assert_eq!(stage.caller.status(&read).await, "active");
    let mut somebody = Direct::to_schema(&schema).await;
    somebody.run("BEGIN", &[]).await;
    somebody.run("LOCK TABLE cards", &[]).await;
    let mut calls: FuturesUnordered<_> = (0..CALLS).map(|_| stage.caller.get(&read)).collect();
    // Those that have a connection wait for the lock, which they may do for longer. On a busy machine the
    // first responses may be taken so late that these are among them.
    let mut busy = 0;
    while busy < CALLS - 20 {
        let response = calls
            .next()
            .await
            .expect("most calls wait for a connection");
        let detail = response.rejected(503);
        if detail.contains("busy") {
            assert_eq!(response.retry_after.as_deref(), Some("1"), "{response:?}");
            busy += 1;
        } else {
            assert!(detail.contains("locked"), "{response:?}");
        }
    }
    somebody.unblock().await;
    while calls.next().await.is_some() {}
    drop(calls);
    // Four that read, one that writes, one that claims keys and one that tries the server.
    let most = proxy.most();
    assert!(most <= 8, "{most} connections at the same time");
    assert_eq!(stage.caller.status(&read).await, "active");
    stage.stop().await;
}

/// The session that claims keys tries again once a second.
pub(super) async fn until_it_writes(stage: &Stage, write: &str) {
    for _ in 0..100 {
        let response = stage.caller.post(write, authorisation()).await;
        if response.status == 201 {
            return;
        }
        assert_eq!(response.status, 503, "{response:?}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it does not recover by itself");
}

/// The same for a card that is active. Connections for reading are opened again beside those for writing.
pub(super) async fn until_it_reads(stage: &Stage, read: &str) {
    for _ in 0..100 {
        let response = stage.caller.get(read).await;
        if response.status != 503 {
            assert_eq!(text(&response.expect(200), "status"), "active");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it does not recover by itself");
}

#[tokio::test]
async fn connections_that_the_server_ends_are_opened_again() {
    let Some(schema) = new_schema() else { return };
    let (stage, write, read) = stage(Database::Postgres(schema.clone())).await;
    let mut direct = Direct::to_schema(&schema).await;
    for _ in 0..3 {
        end_connections(&mut direct, &schema).await;
        until_it_writes(&stage, &write).await;
        until_it_reads(&stage, &read).await;
    }
    stage.stop().await;
}

/// Ends those of one schema's sandboxes, as a restart of the server does. Each of them has used its
/// connection to this schema's tables, so it holds a lock or has said which instance it is.
async fn end_connections(direct: &mut Direct, schema: &PostgresSchema) {
    let name = schema.schema();
    let end = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE application_name = 'offblocks-sandbox' AND pid <> pg_backend_pid() \
         AND (query LIKE '%{name}%' OR pid IN (SELECT pid FROM pg_locks \
              WHERE locktype = 'advisory' AND objsubid = 2 \
              AND classid = hashtext('offblocks instance ' || current_schema())::oid))"
    );
    let ended = direct.number(&end).await;
    assert!(ended > 0, "there was no connection to end");
}

#[tokio::test]
async fn a_writer_that_does_not_end_is_a_503() {
    let Some(schema) = new_schema() else { return };
    let (stage, write, read) = stage(Database::Postgres(schema.clone())).await;
    let mut somebody = Direct::to_schema(&schema).await;
    somebody.block_writers().await;
    let response = stage.caller.post(&write, authorisation()).await;
    assert!(response.rejected(503).contains("locked"), "{response:?}");
    assert_eq!(stage.caller.status(&read).await, "active");
    somebody.unblock().await;
    stage.caller.post(&write, authorisation()).await.expect(201);
    stage.stop().await;
}

#[tokio::test]
async fn a_schema_that_is_dropped_is_a_503() {
    let Some(schema) = new_schema() else { return };
    let (stage, write, read) = stage(Database::Postgres(schema.clone())).await;
    let mut direct = Direct::to_schema(&schema).await;
    direct.drop_schema(&schema).await;
    rejects(&stage, &write, &read, "deleted").await;
    stage.stop().await;
}
