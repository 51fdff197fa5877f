//! A process that is killed while it handles events, again and again: each effect happens once.

use std::path::PathBuf;
use std::process::Stdio;

use offblocks_types::uuid::Uuid;
use offblocks_webhooks::{HandleError, Handled, Inbox, PostgresStore, ReplayError, SqliteStore};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::common::{SqliteFile, event_id, postgres, postgres_url, sqlite_pool};

/// How many events there are, and how often the process is killed at most.
const EVENTS: u128 = 30;
const KILLS: usize = 60;

/// What the child is told.
const DATABASE: &str = "OFFBLOCKS_TEST_CHILD_DATABASE";
const CONSUMER: &str = "OFFBLOCKS_TEST_CHILD_CONSUMER";
const WAY: &str = "OFFBLOCKS_TEST_CHILD_WAY";

fn told(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a child of a test is told by its environment"
    )]
    std::env::var(name).ok()
}

/// The process that is killed: it receives each event twice, in a loop, until all are done.
#[tokio::test]
async fn child() {
    let (Some(database), Some(consumer), Some(way)) = (told(DATABASE), told(CONSUMER), told(WAY))
    else {
        return; // It is run by the tests below.
    };
    let events = (0..EVENTS).flat_map(|number| [number, number].map(event_id));
    if database.starts_with("postgres") {
        let pool = sqlx::PgPool::connect(&database).await.unwrap();
        let store = PostgresStore::new(pool.clone()).for_consumer(consumer.clone());
        for id in events {
            on_postgresql::once(&pool, &store, id, &consumer, &way).await;
        }
    } else {
        let pool = sqlite_pool(&PathBuf::from(&database)).await;
        let store = SqliteStore::new(pool.clone()).for_consumer(consumer.clone());
        for id in events {
            on_sqlite::once(&pool, &store, id, &consumer, &way).await;
        }
    }
    println!("all done");
}

/// The handler of both databases. It prints a line at each step of an event that is not done yet, so
/// that whoever reads them can kill it between any two.
macro_rules! handler {
    ($store:ident, $pool:ty) => {
        /// Handles one event, as often as it takes.
        pub async fn once(pool: &$pool, store: &$store, id: Uuid, consumer: &str, way: &str) {
            loop {
                let outcome = match way {
                    "mark" => marked(pool, store, id, consumer).await,
                    _ => leased(pool, store, id, consumer).await,
                };
                match outcome {
                    Ok(()) => return,
                    // The lease of a process that was killed ends soon.
                    Err(ReplayError::InProgress { .. }) => tokio::task::yield_now().await,
                    Err(error) => panic!("{error:?}"),
                }
            }
        }

        async fn marked(
            pool: &$pool,
            store: &$store,
            id: Uuid,
            consumer: &str,
        ) -> Result<(), ReplayError> {
            let mut transaction = pool.begin().await.map_err(ReplayError::store)?;
            let now = std::time::SystemTime::UNIX_EPOCH.into();
            if store
                .mark_done(&mut transaction, id, now)
                .await?
                .is_duplicate()
            {
                return Ok(());
            }
            println!("marked");
            effect(&mut transaction, id, consumer).await;
            println!("effect");
            transaction.commit().await.map_err(ReplayError::store)
        }

        async fn leased(
            pool: &$pool,
            store: &$store,
            id: Uuid,
            consumer: &str,
        ) -> Result<(), ReplayError> {
            let lease = std::time::Duration::from_millis(50);
            let inbox = Inbox::builder(store.clone()).lease(lease).build();
            let handler = async |lease| {
                println!("claimed");
                let mut transaction = pool.begin().await.map_err(ReplayError::store)?;
                effect(&mut transaction, id, consumer).await;
                println!("effect");
                let now = std::time::SystemTime::UNIX_EPOCH.into();
                if !store.complete_in(&mut transaction, &lease, now).await? {
                    return Err(ReplayError::InProgress {
                        retry_after: lease_lost(),
                    });
                }
                println!("marked");
                transaction.commit().await.map_err(ReplayError::store)
            };
            match inbox.handle(id, handler).await {
                Ok(Handled::Now(()) | Handled::Before) => Ok(()),
                Err(HandleError::Replay(error) | HandleError::Handler(error)) => Err(error),
                Err(_) => Err(ReplayError::InProgress {
                    retry_after: lease_lost(),
                }),
            }
        }

        async fn effect(
            transaction: &mut <$pool as HasConnection>::Connection,
            id: Uuid,
            consumer: &str,
        ) {
            sqlx::query("INSERT INTO effects (consumer, event_id) VALUES ($1, $2)")
                .bind(consumer)
                .bind(id.to_string())
                .execute(transaction)
                .await
                .unwrap();
        }

        /// How often each event had its effect.
        pub async fn effects(pool: &$pool, consumer: &str) -> Vec<i64> {
            let counts = "SELECT count(*) FROM effects WHERE consumer = $1 GROUP BY event_id";
            let query = sqlx::query_scalar(counts).bind(consumer);
            query.fetch_all(pool).await.unwrap()
        }

        pub async fn prepare(pool: &$pool, store: &$store) {
            store.create_table().await.unwrap();
            let table = "CREATE TABLE IF NOT EXISTS effects (consumer TEXT, event_id TEXT)";
            sqlx::query(table).execute(pool).await.unwrap();
        }
    };
}

/// What a pool connects with.
trait HasConnection {
    type Connection;
}

impl HasConnection for sqlx::SqlitePool {
    type Connection = sqlx::SqliteConnection;
}

impl HasConnection for sqlx::PgPool {
    type Connection = sqlx::PgConnection;
}

fn lease_lost() -> std::time::Duration {
    std::time::Duration::ZERO
}

mod on_sqlite {
    use super::*;
    handler!(SqliteStore, sqlx::SqlitePool);
}

mod on_postgresql {
    use super::*;
    handler!(PostgresStore, sqlx::PgPool);
}

/// Runs the child until it has done everything, and kills it after a random number of its lines.
async fn kill_until_done(database: &str, consumer: &str, way: &str) {
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    for attempt in 0_usize.. {
        let lines = match attempt {
            0..KILLS => 1 + random.next_u32() % 9,
            _ => u32::MAX,
        };
        if run(database, consumer, way, lines).await {
            return;
        }
        assert!(
            attempt < KILLS,
            "the child ends by itself when nobody kills it"
        );
    }
}

/// Whether the child has done everything before it was killed after so many lines.
async fn run(database: &str, consumer: &str, way: &str, lines: u32) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crashes::child", "--exact", "--nocapture"])
        .env(DATABASE, database)
        .env(CONSUMER, consumer)
        .env(WAY, way)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut read, mut done) = (0, false);
    while let Some(line) = output.next_line().await.unwrap() {
        done |= line.contains("all done");
        read += 1;
        if read == lines {
            child.start_kill().unwrap();
        }
    }
    child.wait().await.unwrap();
    done
}

#[tokio::test]
async fn effects_in_sqlite_happen_once() {
    let file = SqliteFile::new().await;
    for way in ["mark", "lease"] {
        let store = file.store().await.for_consumer(way);
        on_sqlite::prepare(&file.pool, &store).await;
        let database = file.folder.path().join("events.db");
        kill_until_done(&database.to_string_lossy(), way, way).await;
        let effects = on_sqlite::effects(&file.pool, way).await;
        assert_eq!(effects, vec![1; EVENTS as usize], "{way}");
    }
}

#[tokio::test]
async fn effects_in_postgresql_happen_once() {
    let Some(url) = postgres_url() else {
        return;
    };
    for way in ["mark", "lease"] {
        let (pool, store) = postgres().await.unwrap();
        let consumer = crate::common::unique();
        on_postgresql::prepare(&pool, &store).await;
        kill_until_done(&url, &consumer, way).await;
        let effects = on_postgresql::effects(&pool, &consumer).await;
        assert_eq!(effects, vec![1; EVENTS as usize], "{way}");
    }
}
