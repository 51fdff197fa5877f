//! The store by itself.

use chrono::DateTime;
use futures_util::future::poll_immediate;
use offblocks_types::{Webhook, WebhookType};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::sql::{self, Connection};
use super::{Store, StoreError, Tx, control, outbox, programme, signing_keys, webhooks};
use crate::settings::{Database, Settings};

/// A store in memory and one on a file.
async fn stores(folder: &tempfile::TempDir) -> [Store; 2] {
    let file = Database::File(folder.path().join("sandbox.db"));
    [open(Database::Memory).await, open(file).await]
}

async fn open(database: Database) -> Store {
    let settings = Settings {
        database,
        ..Settings::default()
    };
    Store::open(&settings).await.unwrap()
}

async fn put(connection: &mut Connection, number: u128) {
    let id = Uuid::from_u128(number);
    let put = signing_keys::put(connection, id, "a key", DateTime::UNIX_EPOCH);
    put.await.unwrap();
}

async fn has(store: &Store, number: u128) -> bool {
    let mut reader = store.read().await.unwrap();
    let found = signing_keys::find(&mut reader, Uuid::from_u128(number));
    found.await.unwrap().is_some()
}

#[tokio::test]
async fn those_who_wait_share_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(&folder).await {
        let mut first = store.begin().await.unwrap();
        let waiting = tokio::spawn({
            let store = store.clone();
            async move { store.begin().await.unwrap() }
        });
        // The second one is in the queue before the first one ends.
        tokio::task::yield_now().await;
        put(&mut first, 1).await;
        let mut first = Box::pin(first.commit());
        assert!(poll_immediate(&mut first).await.is_none());
        let mut second = waiting.await.unwrap();
        put(&mut second, 2).await;
        let early = poll_immediate(&mut first).await;
        assert!(early.is_none(), "told before anything was committed");
        second.commit().await.unwrap();
        first.await.unwrap();
        assert!(has(&store, 1).await && has(&store, 2).await);
        store.close().await;
    }
}

/// A unit of work that writes the first key and is about to be committed, and two that wait behind it.
async fn kept_before_two(
    store: &Store,
) -> (JoinHandle<Result<(), StoreError>>, [JoinHandle<Tx>; 2]) {
    let mut kept = store.begin().await.unwrap();
    let others = [2, 3].map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.begin().await.unwrap() })
    });
    tokio::task::yield_now().await;
    put(&mut kept, 1).await;
    (tokio::spawn(kept.commit()), others)
}

#[tokio::test]
async fn whoever_drops_its_work_undoes_its_own_only() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(&folder).await {
        let (kept, others) = kept_before_two(&store).await;
        let [dropped, also_kept] = others;
        let mut dropped = dropped.await.unwrap();
        put(&mut dropped, 2).await;
        drop(dropped);
        let mut also_kept = also_kept.await.unwrap();
        put(&mut also_kept, 3).await;
        also_kept.commit().await.unwrap();
        kept.await.unwrap().unwrap();
        let found = [
            has(&store, 1).await,
            has(&store, 2).await,
            has(&store, 3).await,
        ];
        assert_eq!(found, [true, false, true]);
        store.close().await;
    }
}

/// A statement that fails after the end of its unit of work fails all that share the transaction: none of
/// them is told that it is durable, and each may try again. So it is when the next unit reads, when it writes
/// little, and when it writes so much that it is run at its end.
#[tokio::test]
async fn a_late_failure_undoes_all_that_share_the_transaction() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(&folder).await {
        for (reads, writes) in [(true, 1), (false, 1), (false, 12), (false, 40)] {
            let (kept, others) = kept_before_two(&store).await;
            let [failed, next] = others;
            let mut failed = failed.await.unwrap();
            put(&mut failed, 2).await;
            put_again(1).write(&mut failed).await.unwrap();
            let failed = tokio::spawn(failed.commit());
            let mut next = next.await.unwrap();
            if reads {
                let found = signing_keys::find(&mut next, Uuid::from_u128(1)).await;
                assert!(found.is_err(), "it is read behind what fails");
            }
            for number in 0..writes {
                let id = Uuid::from_u128(3 + number);
                let written = signing_keys::put(&mut next, id, "a key", DateTime::UNIX_EPOCH);
                // It fails once it is run with what fails.
                let _ = written.await;
            }
            next.commit().await.unwrap_err();
            failed.await.unwrap().unwrap_err();
            kept.await.unwrap().unwrap_err();
            for number in 1..=4 {
                let case = format!("{number}, {reads}, {writes}");
                assert!(!has(&store, number).await, "{case}");
            }
            let mut again = store.begin().await.unwrap();
            put(&mut again, 100 + writes).await;
            again.commit().await.unwrap();
            assert!(has(&store, 100 + writes).await);
        }
        store.close().await;
    }
}

/// A statement that fails where there is a key of this number.
fn put_again(number: u128) -> sql::Query {
    let twice = "INSERT INTO signing_keys (id, spki_pem, created_at) VALUES ($1, 'a key', 0)";
    sql::query(twice).bind(Uuid::from_u128(number).to_string())
}

/// A statement that fails before the end of its unit of work fails that unit, and no other.
#[tokio::test]
async fn whoever_cannot_write_undoes_its_own_only() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(&folder).await {
        let (kept, others) = kept_before_two(&store).await;
        let [failed, also_kept] = others;
        let mut failed = failed.await.unwrap();
        put(&mut failed, 2).await;
        failed.flush().await.unwrap();
        put_again(1).execute(&mut failed).await.unwrap_err();
        drop(failed);
        let mut also_kept = also_kept.await.unwrap();
        put(&mut also_kept, 3).await;
        also_kept.commit().await.unwrap();
        kept.await.unwrap().unwrap();
        let mut found = Vec::new();
        for number in 1..=3 {
            found.push(has(&store, number).await);
        }
        assert_eq!(found, [true, false, true]);
        store.close().await;
    }
}

/// The revision of who may call is known without reading it, as of the same transaction.
#[tokio::test]
async fn the_revision_of_who_may_call_is_that_of_the_transaction() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(&folder).await {
        let mut tx = store.begin().await.unwrap();
        let before = control::access(&mut tx).await.unwrap();
        put(&mut tx, 1).await;
        assert_eq!(control::access(&mut tx).await.unwrap(), before + 1);
        // What is rolled back has changed nothing.
        drop(tx);
        for number in 1..=2 {
            let mut tx = store.begin().await.unwrap();
            let revision = before + i64::try_from(number).unwrap();
            assert_eq!(control::access(&mut tx).await.unwrap(), revision - 1);
            put(&mut tx, number).await;
            assert_eq!(control::access(&mut tx).await.unwrap(), revision);
            tx.commit().await.unwrap();
        }
    }
}

/// Which types are wanted is known without reading them, as of the same transaction.
#[tokio::test]
async fn types_of_events_are_wanted_while_a_subscription_is_there() {
    let folder = tempfile::tempdir().unwrap();
    for store in stores(&folder).await {
        let kind = WebhookType::CardUpdated;
        let url = "http://127.0.0.1:9/";
        let (id, now) = (Uuid::from_u128(1).into(), DateTime::UNIX_EPOCH);
        let webhook = Webhook::new(id, url, vec![kind.clone()], now, now);
        for commits in [false, true] {
            let mut tx = store.begin().await.unwrap();
            assert!(!outbox::is_wanted(&mut tx, &kind).await.unwrap());
            webhooks::insert(&mut tx, &webhook).await.unwrap();
            assert!(outbox::is_wanted(&mut tx, &kind).await.unwrap());
            match commits {
                true => tx.commit().await.unwrap(),
                false => drop(tx),
            }
            let mut tx = store.begin().await.unwrap();
            let is_wanted = outbox::is_wanted(&mut tx, &kind).await.unwrap();
            assert_eq!(is_wanted, commits);
        }
        let mut tx = store.begin().await.unwrap();
        assert!(outbox::is_wanted(&mut tx, &kind).await.unwrap());
        webhooks::delete(&mut tx, id).await.unwrap();
        assert!(!outbox::is_wanted(&mut tx, &kind).await.unwrap());
        drop(tx);
        store.close().await;
    }
}

/// A file as the first version made it: its schema, its kind of hash, and nothing in the header.
#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sandbox.db");
    let options = SqliteConnectOptions::new().filename(&file);
    let options = options.journal_mode(SqliteJournalMode::Wal);
    let mut first = options.create_if_missing(true).connect().await.unwrap();
    super::migrations::first_version()
        .run(&mut first)
        .await
        .unwrap();
    let salt = [7; 16];
    let mut hash = [0; 32];
    let rounds = std::num::NonZeroU32::new(20_000).unwrap();
    let algorithm = aws_lc_rs::pbkdf2::PBKDF2_HMAC_SHA256;
    aws_lc_rs::pbkdf2::derive(algorithm, rounds, &salt, b"a secret of old", &mut hash);
    sqlx::query(
        "INSERT INTO credentials (id, api_key, secret_salt, secret_hash) VALUES (1, ?, ?, ?)",
    )
    .bind(Uuid::from_u128(1).to_string())
    .bind(&salt[..])
    .bind(&hash[..])
    .execute(&mut first)
    .await
    .unwrap();
    first.close().await.unwrap();

    let store = open(Database::File(file.clone())).await;
    let mut reader = store.read().await.unwrap();
    let credentials = programme::credentials(&mut reader).await.unwrap().unwrap();
    assert!(credentials.secret.matches("a secret of old"));
    assert!(!credentials.secret.matches("a secret of old\0"));
    drop(reader);
    store.close().await;
    drop(store);
    assert_eq!(std::fs::read(&file).unwrap()[68..72], *b"OffB");
}
