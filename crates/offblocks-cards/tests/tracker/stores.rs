//! Trackers whose tracks are in a database: they end in the state of one in memory, and several of them
//! lose nothing to each other.
//!
//! Those on PostgreSQL run where `OFFBLOCKS_TEST_POSTGRES` names a server: `.ci/postgres run cargo test …`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::join_all;
use offblocks_cards::{
    CardTracker, Observation, PostgresTrackStore, Sighting, SqliteTrackStore, StoredCardTracker,
    TrackStore, TrackStoreError,
};
use offblocks_types::{CardId, CardStatus};
use proptest::prelude::*;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{PgPool, SqlitePool};
use tokio::runtime::Runtime;

use crate::{at, card, seen, sightings, two_orders};

/// The one for all properties, since a pool belongs to the runtime that it was made in.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap())
}

async fn in_memory() -> SqliteTrackStore {
    // Each connection would have a database of its own.
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect("sqlite::memory:").await.unwrap();
    let store = SqliteTrackStore::new(pool);
    store.create_table().await.unwrap();
    store
}

async fn in_file(folder: &tempfile::TempDir) -> (SqlitePool, SqliteTrackStore) {
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("tracks.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(std::time::Duration::from_secs(30));
    let pool = SqlitePoolOptions::new().max_connections(4);
    let pool = pool.connect_with(options).await.unwrap();
    let store = SqliteTrackStore::new(pool.clone());
    store.create_table().await.unwrap();
    (pool, store)
}

/// `None` where there is no server; the test is skipped then.
#[expect(
    clippy::disallowed_methods,
    reason = "a test reads its environment and prints why it is skipped"
)]
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
async fn on_postgres() -> Option<(PgPool, PostgresTrackStore)> {
    let Ok(url) = std::env::var("OFFBLOCKS_TEST_POSTGRES") else {
        println!("skipped: set OFFBLOCKS_TEST_POSTGRES to the URL of a PostgreSQL server");
        return None;
    };
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let schema = format!("test_tracks_{}_{number}", std::process::id());
    let options: PgConnectOptions = url.parse().unwrap();
    let options = options.options([("search_path", &schema)]);
    let pool = PgPoolOptions::new().max_connections(8);
    let pool = pool.connect_with(options).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    sqlx::query(create).execute(&pool).await.unwrap();
    let store = PostgresTrackStore::new(pool.clone());
    store.create_table().await.unwrap();
    Some((pool, store))
}

/// The sightings of one tracker in memory, and of one with a store: each observation is the same, and so
/// is what is known in the end.
async fn same_as_in_memory<S: TrackStore>(store: S, all: &[Sighting])
where
    S::Error: std::fmt::Debug,
{
    let memory = CardTracker::new();
    let stored = StoredCardTracker::new(store);
    for sighting in all {
        let expected = memory.observe(sighting);
        assert_eq!(stored.observe(sighting).await.unwrap(), expected);
    }
    assert_same(&memory, &stored, 0).await;
}

async fn assert_same<S: TrackStore>(memory: &CardTracker, stored: &StoredCardTracker<S>, from: u128)
where
    S::Error: std::fmt::Debug,
{
    for number in from..from + 3 {
        let kept = stored.track(card(number)).await.unwrap();
        let expected = memory.track(card(number));
        let versions = |track: Option<offblocks_cards::CardTrack>| {
            track.map(|track| track.versions().to_vec())
        };
        assert_eq!(versions(kept), versions(expected));
        let status = stored.status(card(number)).await.unwrap();
        assert_eq!(status, memory.status(card(number)));
    }
}

/// The sightings of three other cards, so that cases can share a table.
fn moved(all: &[Sighting], by: u128) -> Vec<Sighting> {
    let one = |it: &Sighting| {
        let id = card(it.card_id.0.as_u128() + by);
        Sighting::new(id, it.status.clone(), it.updated_at)
    };
    all.iter().map(one).collect()
}

proptest! {
    #[test]
    fn sqlite_tells_what_memory_tells(all in sightings()) {
        runtime().block_on(async { same_as_in_memory(in_memory().await, &all).await });
    }

    #[test]
    fn every_permutation_ends_in_sqlite_as_in_memory((one, other) in two_orders()) {
        runtime().block_on(async {
            let memory = CardTracker::new();
            for sighting in &one {
                let _ = memory.observe(sighting);
            }
            let stored = StoredCardTracker::new(in_memory().await);
            for sighting in &other {
                let _ = stored.observe(sighting).await.unwrap();
            }
            assert_same(&memory, &stored, 0).await;
        });
    }
}

proptest! {
    // Each case is some hundred statements of a server.
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The sightings arrive at several trackers at the same time, some in transactions of their own.
    #[test]
    fn concurrent_permutations_end_in_postgresql_as_in_memory((one, other) in two_orders()) {
        static DATABASE: OnceLock<Option<(PgPool, PostgresTrackStore)>> = OnceLock::new();
        static CARDS: AtomicU64 = AtomicU64::new(0);
        let database = DATABASE.get_or_init(|| runtime().block_on(on_postgres()));
        let Some((pool, store)) = database else {
            return Ok(());
        };
        let from = u128::from(CARDS.fetch_add(3, Ordering::Relaxed));
        let memory = CardTracker::new();
        for sighting in moved(&one, from) {
            let _ = memory.observe(sighting);
        }
        let stored = StoredCardTracker::new(store.clone());
        let other = moved(&other, from);
        runtime().block_on(async {
            let parts = other.chunks(other.len().div_ceil(4));
            let observed = parts.enumerate().map(|(number, part)| {
                let stored = &stored;
                async move {
                    for sighting in part {
                        if number % 2 == 0 {
                            let _ = stored.observe(sighting).await.unwrap();
                        } else {
                            let mut transaction = pool.begin().await.unwrap();
                            let observed = store.observe_in(&mut transaction, sighting).await;
                            let _ = observed.unwrap();
                            transaction.commit().await.unwrap();
                        }
                    }
                }
            });
            join_all(observed).await;
            assert_same(&memory, &stored, from).await;
        });
    }
}

#[tokio::test]
async fn postgresql_tells_what_memory_tells() {
    let Some((_, store)) = on_postgres().await else {
        return;
    };
    let all = [
        ("issuing", 10),
        ("issuing", 10),
        ("issuing", 11),
        ("terminated", 30),
        ("active", 20),
        ("frozen", 40),
    ];
    let all = all.map(|(status, micros)| seen(1, status, micros));
    same_as_in_memory(store, &all).await;
}

/// What both stores promise beside.
macro_rules! promises {
    ($pool:expr, $store:expr, $begin:expr) => {{
        let (pool, store) = ($pool, $store);
        // Several processes may make the table.
        store.create_table().await.unwrap();
        // A sighting is known when its transaction commits, and only then.
        let mut transaction = pool.begin_with($begin).await.unwrap();
        let observed = store
            .observe_in(&mut transaction, seen(1, "issuing", 5))
            .await;
        assert!(observed.unwrap().is_newest());
        transaction.rollback().await.unwrap();
        assert_eq!(store.load(card(1)).await.unwrap(), None);
        let mut transaction = pool.begin_with($begin).await.unwrap();
        let observed = store
            .observe_in(&mut transaction, seen(1, "issuing", 5))
            .await;
        assert!(observed.unwrap().is_newest());
        transaction.commit().await.unwrap();
        assert!(store.load(card(1)).await.unwrap().is_some());

        // Who waits for longest comes first, and no more than are asked for.
        let tracker = StoredCardTracker::new(store.clone());
        for (number, status, micros) in [(2, "issuing", 3), (3, "issuing", 9), (4, "active", 1)] {
            let _ = tracker.observe(seen(number, status, micros)).await.unwrap();
        }
        let waiting = async |before, limit| store.issuing_since(at(before), limit).await.unwrap();
        assert_eq!(waiting(9, 10).await, [card(2), card(1)]);
        assert_eq!(waiting(10, 10).await, [card(2), card(1), card(3)]);
        assert_eq!(waiting(10, 1).await, [card(2)]);
        let _ = tracker.observe(seen(2, "active", 12)).await.unwrap();
        assert_eq!(waiting(10, 10).await, [card(1), card(3)]);

        // What is forgotten begins anew, also for somebody who has read it before.
        let mut stale = store.load(card(2)).await.unwrap().unwrap();
        assert!(store.forget(card(2)).await.unwrap());
        assert!(!store.forget(card(2)).await.unwrap());
        let _ = stale.observe(seen(2, "inactive", 13));
        assert!(!store.replace(&stale).await.unwrap());
        let again = tracker.observe(seen(2, "active", 12)).await.unwrap();
        let Observation::Changed(change) = again else {
            panic!("it is the first again: {again:?}")
        };
        assert_eq!((change.from, change.to), (None, CardStatus::Active));
        // The track of another revision does not take the place of this one.
        let track = store.load(card(2)).await.unwrap().unwrap();
        assert!(!store.replace(&track).await.unwrap());

        // What cannot be read is an error that names the card, and is not overwritten.
        let spoil = "UPDATE offblocks_card_tracks SET track = 'nothing' WHERE card_id = $1";
        let spoilt: CardId = card(3);
        let query = sqlx::query(spoil).bind(spoilt.to_string());
        query.execute(&pool).await.unwrap();
        let failed = tracker.observe(seen(3, "active", 20)).await;
        let Err(TrackStoreError::Track { card, .. }) = failed else {
            panic!("it was read: {failed:?}")
        };
        assert_eq!(card, spoilt);
        let shown = format!("{store:?}");
        assert!(
            !shown.contains("postgres://") && !shown.contains("password"),
            "{shown}"
        );
    }};
}

#[tokio::test]
async fn a_store_in_sqlite_keeps_its_promises() {
    let folder = tempfile::tempdir().unwrap();
    let (pool, store) = in_file(&folder).await;
    promises!(pool, store, "BEGIN IMMEDIATE");
}

/// A process that starts while a transaction is open does not block others.
#[tokio::test]
async fn making_the_table_in_postgresql_again_waits_for_no_transaction() {
    let Some((pool, store)) = on_postgres().await else {
        return;
    };
    let mut open = pool.begin().await.unwrap();
    let observed = store.observe_in(&mut open, seen(1, "issuing", 5)).await;
    assert!(observed.unwrap().is_newest());
    let limit = std::time::Duration::from_secs(30);
    let made = tokio::time::timeout(limit, store.create_table()).await;
    made.expect("it waits for the open transaction: look for the index first")
        .unwrap();
    open.commit().await.unwrap();
}

#[tokio::test]
async fn a_store_in_postgresql_keeps_its_promises() {
    if let Some((pool, store)) = on_postgres().await {
        promises!(pool, store, "BEGIN");
    }
}

#[tokio::test]
async fn trackers_that_share_a_file_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (_, store) = in_file(&folder).await;
    let memory = CardTracker::new();
    let all: Vec<Sighting> = (0..40)
        .map(|number| {
            let status = ["issuing", "active", "inactive", "blocked"][number % 4];
            seen(number as u128 % 3, status, (number * 7 % 40) as i64)
        })
        .collect();
    for sighting in &all {
        let _ = memory.observe(sighting);
    }
    let observed = all.chunks(10).map(|part| {
        let stored = StoredCardTracker::new(store.clone());
        async move {
            for sighting in part {
                let _ = stored.observe(sighting).await.unwrap();
            }
        }
    });
    join_all(observed).await;
    assert_same(&memory, &StoredCardTracker::new(store), 0).await;
}
