//! The connection by which a process is known to the others on its schema.
//!
//! It holds the number of the process, by which its claims on deliveries are known, the idempotency keys
//! whose calls still run, and the revision of the settings that the process uses. All of these are advisory locks of the session, so they end with it, in
//! whatever way the process ends. The session also receives the notices of the other processes.
//!
//! A session that is lost is opened again, and takes the keys again. Meanwhile another process may
//! begin a call under such a key. The work is still not done twice: calls write one after the other, and
//! look for the stored response once it is their turn.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPoolOptions};
use sqlx::{PgConnection, PgPool};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior};

use super::Connector;
use super::instance::Instance;
use super::notice::{self, Notice};
use super::revision;
use crate::store::health::Health;
use crate::store::marks::Shown;
use crate::store::sql::Connection;
use crate::store::{Outage, StoreError, outbox};

/// How often it looks without a notice, and frees the claims of processes that have ended.
const PULSE: Duration = Duration::from_secs(5);

/// How long to wait after the connection could not be opened.
const PAUSE: Duration = Duration::from_secs(1);

/// As [`PAUSE`], while a caller waits.
const SHORT_PAUSE: Duration = Duration::from_millis(100);

/// How long the connection may take to be opened.
const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

enum Request {
    Claim(Claim),
    Release(String),
    /// The process uses this revision of the settings, or none any more.
    Use(Option<i64>),
    Close(oneshot::Sender<()>),
}

/// A request for a key. The caller receives whether it has the key.
struct Claim {
    name: String,
    claimed: oneshot::Sender<Result<bool, StoreError>>,
    /// A connection that was lost is waited for so long.
    since: Instant,
}

impl Claim {
    fn is_over(&self) -> bool {
        self.since.elapsed() >= WAIT_TIMEOUT
    }
}

/// How to reach the session.
#[derive(Debug, Clone)]
pub(in crate::store) struct Session {
    requests: mpsc::UnboundedSender<Request>,
    instance: Instance,
}

/// A key that no other process can claim until this is dropped.
#[derive(Debug)]
pub(crate) struct KeyLock {
    requests: mpsc::UnboundedSender<Request>,
    name: String,
}

impl Drop for KeyLock {
    fn drop(&mut self) {
        // Without the session there is no lock either.
        let _ = self
            .requests
            .send(Request::Release(std::mem::take(&mut self.name)));
    }
}

impl Session {
    /// Opens the session. It ends when it is closed, or when its last handle is dropped.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub(in crate::store) async fn open(
        connector: &Connector,
        readers: PgPool,
        shown: Arc<Shown>,
        health: Arc<Health>,
    ) -> Result<Self, StoreError> {
        let (requests, incoming) = mpsc::unbounded_channel();
        let held = Held::default();
        let mut task = Task {
            channel: notice::channel(connector.schema().schema()),
            pool: pool(connector, &held),
            listener: None,
            held: held.clone(),
            readers,
            shown,
            health,
            incoming,
            waiting: Vec::new(),
        };
        task.connect().await?;
        task.free_and_look().await?;
        tokio::spawn(task.run());
        Ok(Self {
            requests,
            instance: held.instance,
        })
    }

    pub(in crate::store) const fn instance(&self) -> &Instance {
        &self.instance
    }

    /// Claims a key; `None` while a call under it runs in another process.
    pub(in crate::store) async fn claim(
        &self,
        name: String,
    ) -> Result<Option<KeyLock>, StoreError> {
        const CLOSED: StoreError = StoreError::unavailable(Outage::Closed);
        let (claimed, outcome) = oneshot::channel();
        // Made before the claim, so that a caller that goes away releases it.
        let lock = KeyLock {
            requests: self.requests.clone(),
            name: name.clone(),
        };
        let sent = self.requests.send(Request::Claim(Claim {
            name,
            claimed,
            since: Instant::now(),
        }));
        if sent.is_err() {
            return Err(CLOSED);
        }
        match outcome.await.unwrap_or(Err(CLOSED)) {
            Ok(true) => Ok(Some(lock)),
            Ok(false) => {
                lock.forget();
                Ok(None)
            }
            Err(error) => {
                lock.forget();
                Err(error)
            }
        }
    }

    /// Tells the other processes which revision of the settings this one uses.
    pub(in crate::store) fn uses(&self, revision: Option<i64>) {
        // Without the session no change waits for this process.
        let _ = self.requests.send(Request::Use(revision));
    }

    /// Frees what this process had claimed, and ends the session.
    pub(in crate::store) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.requests.send(Request::Close(done)).is_ok() {
            // An error means that the task has ended, which is what was asked for.
            let _ = closed.await;
        }
    }
}

impl KeyLock {
    /// Drops it without a release: the key was not claimed.
    fn forget(mut self) {
        self.requests = mpsc::unbounded_channel().0;
    }
}

/// What the session holds, so that it can be taken again.
#[derive(Debug, Clone, Default)]
struct Held {
    instance: Instance,
    keys: Arc<Mutex<HashSet<String>>>,
    revision: Arc<Mutex<Option<i64>>>,
}

impl Held {
    fn keys(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn revision(&self) -> std::sync::MutexGuard<'_, Option<i64>> {
        self.revision.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a number, the keys and the revision with a new connection.
    async fn take(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        // A standby lets nobody listen, which says better than the pool what is wrong.
        let standby = sqlx::query_scalar("SELECT pg_is_in_recovery()");
        if standby.fetch_one(&mut *connection).await? {
            return Ok(());
        }
        let query = sqlx::query_scalar::<_, i32>(
            "SELECT slot FROM generate_series(1, 10000) AS slot WHERE pg_try_advisory_lock(\
             hashtext('offblocks instance ' || current_schema()), slot) LIMIT 1",
        );
        let number = i64::from(query.fetch_one(&mut *connection).await?);
        // Nobody else has this number, so whoever claimed these has ended.
        sqlx::query("UPDATE deliveries SET claimed_by = NULL WHERE claimed_by = $1")
            .bind(number)
            .execute(&mut *connection)
            .await?;
        self.instance.set(number);
        let keys: Vec<_> = self.keys().iter().cloned().collect();
        for key in keys {
            lock(&mut *connection, &key).await?;
        }
        let revision = *self.revision();
        if let Some(revision) = revision {
            revision::hold(connection, revision).await?;
        }
        Ok(())
    }
}

async fn lock<'c>(connection: impl sqlx::PgExecutor<'c>, key: &str) -> Result<bool, sqlx::Error> {
    let query = sqlx::query_scalar(
        "SELECT pg_try_advisory_lock(hashtextextended('offblocks key ' || current_schema() || ' ' \
         || $1, 0))",
    );
    query.bind(key).fetch_one(connection).await
}

async fn unlock<'c>(connection: impl sqlx::PgExecutor<'c>, key: &str) -> Result<(), sqlx::Error> {
    let query = sqlx::query(
        "SELECT pg_advisory_unlock(hashtextextended('offblocks key ' || current_schema() || ' ' \
         || $1, 0))",
    );
    query.bind(key).execute(connection).await.map(drop)
}

/// The one connection. Each that is opened takes a number and the keys before anything else.
fn pool(connector: &Connector, held: &Held) -> PgPool {
    let held = held.clone();
    PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(WAIT_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |connection, _| {
            let held = held.clone();
            Box::pin(async move { held.take(connection).await })
        })
        .connect_lazy_with(connector.options().clone())
}

struct Task {
    channel: String,
    pool: PgPool,
    /// `None` after a failure.
    listener: Option<PgListener>,
    held: Held,
    readers: PgPool,
    shown: Arc<Shown>,
    health: Arc<Health>,
    incoming: mpsc::UnboundedReceiver<Request>,
    /// Claims for which the connection is opened again.
    waiting: Vec<Claim>,
}

impl Task {
    async fn run(mut self) {
        let mut pulse = tokio::time::interval(PULSE);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let Some(listener) = &mut self.listener else {
                if self.reconnect().await {
                    continue;
                }
                return;
            };
            tokio::select! {
                request = self.incoming.recv() => match request {
                    Some(Request::Close(done)) => {
                        self.close().await;
                        // Whoever asked may have gone away meanwhile.
                        let _ = done.send(());
                        return;
                    }
                    Some(request) => self.serve(request).await,
                    None => return self.close().await,
                },
                heard = listener.try_recv() => match heard {
                    Ok(Some(first)) => {
                        let mut payloads = vec![first.payload().to_owned()];
                        while let Some(next) = listener.next_buffered() {
                            payloads.push(next.payload().to_owned());
                        }
                        self.heard(&payloads).await;
                    }
                    Ok(None) => self.listener = None,
                    Err(error) => self.failed(error.into()),
                },
                _ = pulse.tick() => {
                    if let Err(error) = self.free_and_look().await {
                        self.health.failed(&error);
                    }
                }
            }
        }
    }

    async fn connect(&mut self) -> Result<(), StoreError> {
        // Nobody else uses this pool, so when its time is over the server was not reached.
        let opened = PgListener::connect_with(&self.pool).await;
        let mut listener = opened.map_err(|error| match error {
            sqlx::Error::PoolTimedOut => StoreError::unavailable(Outage::Unreachable),
            error => error.into(),
        })?;
        listener.ignore_pool_close_event(true);
        listener.eager_reconnect(false);
        listener.listen(&self.channel).await?;
        self.listener = Some(listener);
        Ok(())
    }

    /// Opens the connection again. What comes meanwhile waits for that, as long as a caller waits for any
    /// connection. Returns whether to continue.
    async fn reconnect(&mut self) -> bool {
        let failed = match self.connect().await {
            Ok(()) => match self.free_and_look().await {
                Ok(()) => {
                    self.health.works();
                    for claim in std::mem::take(&mut self.waiting) {
                        self.serve(Request::Claim(claim)).await;
                    }
                    return true;
                }
                Err(error) => error,
            },
            Err(error) => error,
        };
        self.listener = None;
        self.health.failed(&failed);
        self.give_up(&failed);
        let pause = match self.waiting.is_empty() {
            true => PAUSE,
            false => SHORT_PAUSE,
        };
        let pause = tokio::time::sleep(pause);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => return true,
                request = self.incoming.recv() => match request {
                    Some(Request::Claim(claim)) => {
                        self.waiting.push(claim);
                        return true;
                    }
                    Some(Request::Release(name)) => {
                        self.held.keys().remove(&name);
                    }
                    Some(Request::Use(revision)) => *self.held.revision() = revision,
                    Some(Request::Close(done)) => {
                        self.pool.close().await;
                        let _ = done.send(());
                        return false;
                    }
                    None => return false,
                },
            }
        }
    }

    /// Rejects those that have waited long enough.
    fn give_up(&mut self, error: &StoreError) {
        for claim in self.waiting.extract_if(.., |claim| claim.is_over()) {
            // A caller that has gone away needs no telling.
            let _ = claim.claimed.send(Err(error.again()));
        }
    }

    async fn serve(&mut self, request: Request) {
        let Some(listener) = &mut self.listener else {
            if let Request::Claim(claim) = request {
                self.waiting.push(claim);
            }
            return;
        };
        match request {
            Request::Claim(claim) => match lock(&mut *listener, &claim.name).await {
                Ok(locked) => {
                    if locked {
                        self.held.keys().insert(claim.name);
                    }
                    // A caller that has gone away releases it all the same.
                    let _ = claim.claimed.send(Ok(locked));
                }
                Err(error) => {
                    // The connection was lost, and with it what was locked: it is asked for again.
                    let error = StoreError::from(error);
                    self.listener = None;
                    self.waiting.push(claim);
                    self.give_up(&error);
                }
            },
            Request::Release(name) => {
                let held = self.held.keys().remove(&name);
                if held && let Err(error) = unlock(&mut *listener, &name).await {
                    self.failed(error.into());
                }
            }
            Request::Use(now) => {
                let before = std::mem::replace(&mut *self.held.revision(), now);
                if let Err(error) = revision::replace(listener, before, now).await {
                    self.failed(error.into());
                }
            }
            Request::Close(_) => unreachable!("the caller handles it"),
        }
    }

    async fn heard(&mut self, payloads: &[String]) {
        let own = &self.held.instance;
        let notices = payloads.iter().map(|text| Notice::read(text, own));
        let notices: Vec<_> = notices.flatten().collect();
        if notices.contains(&Notice::Released) {
            self.shown.released();
        }
        if !notices.is_empty()
            && let Err(error) = self.look().await
        {
            self.health.failed(&error);
        }
    }

    /// Shows what there is to do now.
    async fn look(&self) -> Result<(), StoreError> {
        let mut reader = Connection::PostgresReader(self.readers.acquire().await?);
        self.shown.look(&mut reader).await?;
        Ok(())
    }

    async fn free_and_look(&self) -> Result<(), StoreError> {
        let mut reader = Connection::PostgresReader(self.readers.acquire().await?);
        if outbox::free_abandoned(&mut reader).await? > 0 {
            self.shown.released();
        }
        self.shown.look(&mut reader).await?;
        Ok(())
    }

    fn failed(&mut self, error: StoreError) {
        self.health.failed(&error);
        self.listener = None;
    }

    async fn close(&mut self) {
        if let Err(error) = self.free_own().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "deliveries under way are taken over once this process has ended"
            );
        }
        self.listener = None;
        self.pool.close().await;
    }

    async fn free_own(&self) -> Result<(), StoreError> {
        let Some(number) = self.held.instance.number() else {
            return Ok(());
        };
        let mut reader = Connection::PostgresReader(self.readers.acquire().await?);
        if outbox::free(&mut reader, number).await? > 0 {
            notice::notify(&mut reader, Notice::Released, &self.held.instance).await?;
        }
        Ok(())
    }
}
