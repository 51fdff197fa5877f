//! A clock that tests move, requests with bodies, and databases.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use offblocks_webhooks::testing::TestSender;
use offblocks_webhooks::{Clock, PostgresStore, SqliteStore};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{PgPool, SqlitePool};
use tempfile::TempDir;

pub const CALLBACK: &str = "https://bank.example/hooks/offblocks";

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub struct TestClock(Arc<Mutex<DateTime<Utc>>>);

impl TestClock {
    pub fn new() -> Self {
        let start = DateTime::from_timestamp(1_767_323_045, 123_456_000).unwrap();
        Self(Arc::new(Mutex::new(start)))
    }

    pub fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }

    pub fn set_back(&self, by: Duration) {
        *self.0.lock().unwrap() -= by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        self.now().into()
    }
}

pub fn sender(clock: &TestClock) -> TestSender {
    TestSender::new(CALLBACK).unwrap().with_clock(clock.clone())
}

pub fn full(request: Request<Bytes>) -> Request<Full<Bytes>> {
    request.map(Full::new)
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn event_id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A SQLite database on a file, which is removed with the folder.
pub struct SqliteFile {
    pub pool: SqlitePool,
    pub folder: TempDir,
}

impl SqliteFile {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pool = sqlite_pool(&folder.path().join("events.db")).await;
        Self { pool, folder }
    }

    pub async fn store(&self) -> SqliteStore {
        let store = SqliteStore::new(self.pool.clone());
        store.create_table().await.unwrap();
        store
    }
}

pub async fn sqlite_pool(path: &std::path::Path) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(20));
    let pool = SqlitePoolOptions::new().max_connections(8);
    pool.connect_with(options).await.unwrap()
}

/// The PostgreSQL server that tests may use, where there is one: its URL is in
/// `OFFBLOCKS_TEST_POSTGRES`.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub fn postgres_url() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "a test has no argument parser")]
    let url = std::env::var("OFFBLOCKS_TEST_POSTGRES").ok();
    if url.is_none() {
        println!("skipped: set OFFBLOCKS_TEST_POSTGRES to the URL of a PostgreSQL server");
    }
    url
}

/// A pool and a store of a consumer that no other test has.
pub async fn postgres() -> Option<(PgPool, PostgresStore)> {
    let pool = PgPool::connect(&postgres_url()?).await.unwrap();
    let store = PostgresStore::new(pool.clone()).for_consumer(unique());
    store.create_table().await.unwrap();
    Some((pool, store))
}

/// A name that nobody has used before.
pub fn unique() -> String {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().file_name().unwrap().to_string_lossy();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("t{}_{name}", std::process::id())
}
