//! Which database a test runs on.
//!
//! With `OFFBLOCKS_TEST_POSTGRES`, the URL of a PostgreSQL database, the tests of PostgreSQL run, each
//! in a schema of its own. With `OFFBLOCKS_TEST_DATABASE=postgres` besides, all the others run on it
//! too: a database in memory becomes a new schema, and a file the schema of that path.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use offblocks_sandbox::{Database, PostgresSchema};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _, SqliteConnection,
};

/// The database that is meant where a test names this one.
pub fn chosen(named: Database) -> Database {
    if !on_postgres() {
        return named;
    }
    let schema = match &named {
        Database::Memory => new_name(),
        Database::File(path) => name_of(path),
        _ => return named,
    };
    let server = server().expect("set OFFBLOCKS_TEST_POSTGRES, or use .ci/postgres run");
    Database::Postgres(server.with_schema(&schema).unwrap())
}

/// A new schema; `None`, with a line that says so, where there is no server.
pub fn new_schema() -> Option<PostgresSchema> {
    let Some(server) = server() else {
        say("skipped: OFFBLOCKS_TEST_POSTGRES names no server; use .ci/postgres run");
        return None;
    };
    Some(server.with_schema(&new_name()).unwrap())
}

/// The URL of a schema, its password included, by way of another port where one is given.
pub fn url_of(schema: &PostgresSchema, port: Option<u16>) -> String {
    let mut url: url::Url = variable("OFFBLOCKS_TEST_POSTGRES")
        .unwrap()
        .parse()
        .unwrap();
    if port.is_some() {
        url.set_port(port).unwrap();
    }
    url.query_pairs_mut().append_pair("schema", schema.schema());
    url.into()
}

/// Whether all tests run on PostgreSQL.
fn on_postgres() -> bool {
    match variable("OFFBLOCKS_TEST_DATABASE").as_deref() {
        None | Some("sqlite") => false,
        Some("postgres") => true,
        Some(other) => panic!("OFFBLOCKS_TEST_DATABASE={other}: write sqlite or postgres"),
    }
}

/// Whether a test that is about SQLite alone has nothing to do; it says so.
pub fn skips(reason: &str) -> bool {
    let skips = on_postgres();
    if skips {
        say(&format!("skipped on PostgreSQL: {reason}"));
    }
    skips
}

/// Past the capture of what passing tests print.
fn say(line: &str) {
    let test = std::thread::current();
    let name = test.name().unwrap_or_default();
    // Nobody can be told where this cannot be written.
    let _ = writeln!(std::io::stderr(), "{name}: {line}");
}

fn server() -> Option<PostgresSchema> {
    let url = variable("OFFBLOCKS_TEST_POSTGRES")?;
    match url.parse() {
        Ok(Database::Postgres(server)) => Some(server),
        other => {
            panic!("OFFBLOCKS_TEST_POSTGRES is not the URL of a PostgreSQL database: {other:?}")
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no argument parser")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn new_name() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    // The name of a temporary folder is random.
    let folder = tempfile::tempdir().unwrap();
    let mut hasher = DefaultHasher::new();
    folder.path().hash(&mut hasher);
    format!("test_{:x}_{number}", hasher.finish())
}

fn name_of(path: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    format!("test_file_{:x}", hasher.finish())
}

/// A connection beside the sandbox's, to look at the database and to change it.
pub enum Direct {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Direct {
    pub async fn to(database: &Database) -> Self {
        match database {
            Database::File(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                Self::Sqlite(options.connect().await.unwrap())
            }
            Database::Postgres(schema) => Self::to_schema(schema).await,
            other => panic!("{other} cannot be looked into"),
        }
    }

    pub async fn to_schema(schema: &PostgresSchema) -> Self {
        let url = variable("OFFBLOCKS_TEST_POSTGRES").unwrap();
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let path = format!("SET search_path = \"{}\"", schema.schema());
        let path = sqlx::query(AssertSqlSafe(path));
        path.execute(&mut connection).await.unwrap();
        Self::Postgres(connection)
    }

    /// Runs a statement with texts as arguments.
    pub async fn run(&mut self, sql: &str, arguments: &[&str]) {
        self.try_run(sql, arguments).await.unwrap();
    }

    /// Drops a schema that is in use. The server gives up one of two that wait for each other.
    pub async fn drop_schema(&mut self, schema: &PostgresSchema) {
        let drop = format!("DROP SCHEMA \"{}\" CASCADE", schema.schema());
        for _ in 0..20 {
            if self.try_run(&drop, &[]).await.is_ok() {
                return;
            }
        }
        panic!("{schema} cannot be dropped");
    }

    async fn try_run(&mut self, sql: &str, arguments: &[&str]) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        let arguments = arguments.iter().map(|argument| (*argument).to_owned());
        match self {
            Self::Sqlite(connection) => {
                let query = arguments.fold(sqlx::query(sql), |query, value| query.bind(value));
                query.execute(connection).await.map(drop)
            }
            Self::Postgres(connection) => {
                let query = arguments.fold(sqlx::query(sql), |query, value| query.bind(value));
                query.execute(connection).await.map(drop)
            }
        }
    }

    /// The texts of the first column.
    pub async fn texts(&mut self, sql: &str) -> Vec<String> {
        let query = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => {
                let rows = sqlx::query(query).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Self::Postgres(connection) => {
                let rows = sqlx::query(query).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// The number in the first column of the only row.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let query = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => {
                let row = sqlx::query(query).fetch_one(connection).await.unwrap();
                row.get(0)
            }
            Self::Postgres(connection) => {
                let row = sqlx::query(query).fetch_one(connection).await.unwrap();
                row.get(0)
            }
        }
    }

    /// Keeps every sandbox from writing until [`Direct::unblock`].
    pub async fn block_writers(&mut self) {
        match self {
            Self::Sqlite(_) => self.run("BEGIN IMMEDIATE", &[]).await,
            Self::Postgres(_) => {
                self.run("BEGIN", &[]).await;
                self.run(
                    "SELECT pg_advisory_xact_lock(\
                     hashtextextended('offblocks writer ' || current_schema(), 0))",
                    &[],
                )
                .await;
            }
        }
    }

    pub async fn unblock(&mut self) {
        self.run("ROLLBACK", &[]).await;
    }
}

/// All bytes that a database keeps.
pub async fn everything_in(database: &Database) -> Vec<u8> {
    if let Database::File(path) = database {
        return std::fs::read(path).unwrap();
    }
    let mut direct = Direct::to(database).await;
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
    let mut all = String::new();
    for table in direct.texts(tables).await {
        let rows = format!("SELECT one::text FROM \"{table}\" AS one");
        all.extend(direct.texts(&rows).await);
    }
    assert!(all.contains("sandbox"), "there are tables: {all}");
    all.into_bytes()
}
