//! Connections to PostgreSQL.

use std::fmt;
use std::future::Future;
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, PgPool};

use crate::settings::PostgresSchema;
use crate::store::StoreError;

/// How many connections read at most. They are opened when they are needed and closed when they
/// are not, since many programmes can share one server.
const READERS: u32 = 4;

/// How long a connection may take to be opened, and a reader waits for one.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a reader usually takes at most.
const SOON: Duration = Duration::from_secs(1);

/// A reader's connection that was idle for longer is tried before it is used.
const FRESH: Duration = Duration::from_millis(500);

/// How long an idle reader's connection stays open. An idle sandbox reads every five seconds, with each of its
/// readers in turn: for longer than some of these turns none of them would ever be closed.
const IDLE: Duration = Duration::from_secs(8);

/// What each connection sets, beside the schema. Writers wait for each other a while. A process
/// that stands still inside a transaction must not keep the others from writing for ever, so the
/// server ends its transaction.
const SETTINGS: &[(&str, &str)] = &[
    ("lock_timeout", "10s"),
    ("statement_timeout", "15s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("client_min_messages", "warning"),
    // A role may have another default, which is meant for those who read.
    ("default_transaction_read_only", "off"),
];

/// Opens connections to one schema.
pub(in crate::store) struct Connector {
    options: PgConnectOptions,
    schema: PostgresSchema,
    trial: Mutex<Option<WeakShared<Trial>>>,
}

/// Opens a connection and closes it, to learn whether the server serves.
type Trial = BoxFuture<'static, Result<(), Arc<sqlx::Error>>>;

/// The options hold the password.
impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}

impl Connector {
    pub(in crate::store) fn new(schema: &PostgresSchema) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(schema.url()).map_err(|source| {
            let database = schema.clone();
            StoreError::Connect { database, source }
        })?;
        let options = match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("offblocks-sandbox"),
        };
        Ok(Self {
            options: options
                .options([("search_path", schema.schema())])
                .options(SETTINGS.iter().copied())
                .disable_statement_logging(),
            schema: schema.clone(),
            trial: Mutex::default(),
        })
    }

    pub(in crate::store) const fn schema(&self) -> &PostgresSchema {
        &self.schema
    }

    pub(in crate::store) const fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    pub(in crate::store) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        in_time(self.options.connect()).await
    }

    /// Connections that read. None of them is opened yet.
    pub(in crate::store) fn readers(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(WAIT_TIMEOUT)
            .test_before_acquire(false)
            .before_acquire(|connection, known| {
                Box::pin(async move {
                    if known.idle_for < FRESH {
                        return Ok(true);
                    }
                    Ok(in_time(connection.ping()).await.is_ok())
                })
            })
            .idle_timeout(IDLE)
            .max_lifetime(None)
            .connect_lazy_with(self.options.clone())
    }

    /// Waits for a reader. The pool tries a server that cannot be reached over and over, so what
    /// takes long is asked for its reason: all readers are in use, or there is no server.
    pub(in crate::store) async fn reader<T>(
        &self,
        acquiring: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, StoreError> {
        tokio::pin!(acquiring);
        if let Ok(acquired) = tokio::time::timeout(SOON, &mut acquiring).await {
            return Ok(acquired?);
        }
        self.trial().await?;
        Ok(acquiring.await?)
    }

    /// The trial that is under way, or a new one. Hundreds may wait for a reader, and a connection
    /// for each of them would leave the server none for anybody else.
    fn trial(&self) -> Shared<Trial> {
        let mut under_way = self.trial.lock().unwrap_or_else(PoisonError::into_inner);
        let known = under_way.as_ref().and_then(WeakShared::upgrade);
        if let Some(trial) = known.filter(|trial| trial.peek().is_none()) {
            return trial;
        }
        let options = self.options.clone();
        let trial = async move { Ok(in_time(options.connect()).await?.close().await?) };
        let trial = trial.boxed().shared();
        *under_way = trial.downgrade();
        trial
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    match tokio::time::timeout(WAIT_TIMEOUT, work).await {
        Ok(done) => done,
        Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}
