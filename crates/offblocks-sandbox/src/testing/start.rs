//! Starting a sandbox for a test, and what a test asks of it.

use std::collections::HashMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use offblocks_client::{Client, ClientBuilder};
use offblocks_signature::{KeyId, SigningKey};
use offblocks_types::CustomerId;
use offblocks_wallet::LocalWallet;
use url::Url;
use uuid::Uuid;

use crate::clock::ManualClock;
use crate::domain::credentials;
use crate::key_id::key_id;
use crate::random::{Random, RandomExt as _, SeededRandom};
use crate::request_log::LoggedRequest;
use crate::sandbox::Sandbox;
use crate::seeded_key;
use crate::serve::SandboxHandle;
use crate::settings::Settings;
use crate::surroundings::Surroundings;
use crate::world::World;

/// 2026-01-02T03:04:05.123456789Z
const START: (i64, u32) = (1_767_323_045, 123_456_789);

/// How many calls a test can ask for.
const REQUEST_LOG: usize = 100_000;

/// Puts a [`TestSandbox`] together. The defaults: in memory, the seed 1, a clock that stands at
/// 2026-01-02T03:04:05.123456789Z, and automatic steps without a delay, so that each has happened by
/// the next request.
#[derive(Debug)]
#[must_use]
pub struct TestSandboxBuilder {
    seed: u64,
    start: DateTime<Utc>,
    settings: Settings,
}

impl Default for TestSandboxBuilder {
    fn default() -> Self {
        let settings = Settings {
            follow_up_delay: Duration::ZERO,
            request_log: REQUEST_LOG,
            ..Settings::default()
        };
        Self {
            seed: 1,
            start: DateTime::from_timestamp(START.0, START.1).expect("the literal is an instant"),
            settings,
        }
    }
}

impl TestSandboxBuilder {
    /// What identifiers, nonces and keys are made from.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// What the clock shows until the test moves it.
    pub fn starting_at(mut self, instant: DateTime<Utc>) -> Self {
        self.start = instant;
        self
    }

    /// Changes the settings.
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Opens the database, registers a signing key and listens on a free port.
    ///
    /// # Panics
    /// When the database cannot be opened, or no port can be had.
    pub async fn start(self) -> TestSandbox {
        let clock = ManualClock::new(self.start);
        let random = SeededRandom::new(self.seed);
        let keys = random.fork("the client's");
        let surroundings = Surroundings::new(clock.clone(), random);
        let sandbox = Sandbox::builder(surroundings)
            .settings(self.settings.clone())
            .build()
            .await
            .unwrap_or_else(|error| panic!("the sandbox does not start: {error}"));
        let key =
            seeded_key::new(&*keys).expect("of two random numbers of 384 bits, one is a valid key");
        let key_id = keys.uuid();
        register(&sandbox, key_id, &key).await;
        let handle = sandbox.clone().start().await;
        TestSandbox {
            handle: handle.unwrap_or_else(|error| panic!("the sandbox does not listen: {error}")),
            client: OnceLock::new(),
            settings: self.settings,
            sandbox,
            clock,
            key,
            key_id,
            keys,
            wallets: Mutex::default(),
            made: AtomicU32::new(0),
        }
    }
}

async fn register(sandbox: &Sandbox, id: Uuid, key: &SigningKey) {
    let (world, pem) = (World::clone(&sandbox.world), key.public_key().to_spki_pem());
    let unit_of_work = async move {
        let mut unit = world.begin_alone().await?;
        let put = credentials::put_signing_key(&mut unit.work()?, id, &pem).await;
        unit.end(put).await
    };
    let registered = sandbox.world.attempt(unit_of_work).await;
    registered.unwrap_or_else(|error| panic!("the key cannot be registered: {error}"));
}

/// A running sandbox of a test. Dropping it stops it.
#[derive(Debug)]
pub struct TestSandbox {
    sandbox: Sandbox,
    handle: SandboxHandle,
    settings: Settings,
    clock: ManualClock,
    client: OnceLock<Client>,
    key: SigningKey,
    key_id: Uuid,
    /// What the client's idempotency keys are made from.
    keys: Arc<dyn Random>,
    /// The wallets of the customers that were made here.
    pub(super) wallets: Mutex<HashMap<CustomerId, LocalWallet>>,
    /// How many customers were.
    pub(super) made: AtomicU32,
}

impl TestSandbox {
    /// Where it listens, `/v1` included and without a slash behind it.
    pub fn base_url(&self) -> &Url {
        self.handle.base_url()
    }

    /// The sandbox itself: balances, reversals, deliveries and the rest.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Its clock.
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// The key of [`TestSandbox::client`] and the id it is registered under.
    pub fn signing_key(&self) -> (&SigningKey, KeyId) {
        (&self.key, key_id(self.key_id))
    }

    /// A client with the sandbox's credentials and clock, whose signing key is registered.
    ///
    /// # Panics
    /// When the client cannot be built.
    pub fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let client = self.client_builder().build();
            client.unwrap_or_else(|error| panic!("the client cannot be built: {error}"))
        })
    }

    /// The builder of [`TestSandbox::client`], for one that differs.
    pub fn client_builder(&self) -> ClientBuilder {
        let (key, id) = self.signing_key();
        let credentials = &self.settings.credentials;
        Client::builder()
            .base_url(self.base_url().as_str())
            .credentials(credentials.api_key, credentials.api_secret.clone())
            .signing_key(key.clone(), id)
            // Reading the machine's certificates takes longer than everything else, and the sandbox
            // speaks plain HTTP.
            .configure_http(|http| http.tls_certs_only([]))
            .clock(self.clock.clone())
            .random(Arc::new(ClientRandom(Arc::clone(&self.keys))))
    }

    /// Moves the clock forward, and lets all happen that is due by then.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        let world = World::clone(&self.sandbox.world);
        let settled = self
            .sandbox
            .world
            .attempt(async move { world.settle().await });
        settled
            .await
            .unwrap_or_else(|error| panic!("steps that are due cannot happen: {error}"));
    }

    /// Lets the automatic steps happen that the last call began.
    pub(super) async fn settle(&self) {
        self.advance(self.settings.follow_up_delay).await;
    }

    /// Every call that reached an operation since the start, or since
    /// [`forget_calls`](Self::forget_calls), in the order of the responses.
    pub fn calls(&self) -> Vec<Arc<LoggedRequest>> {
        let mut calls = self.sandbox.world.journal.after(0, usize::MAX);
        calls.retain(|call| call.operation.is_some());
        calls
    }

    /// Clears the calls so far, such as those of a test's preparations.
    pub fn forget_calls(&self) {
        self.sandbox.world.journal.clear();
    }

    /// Asserts how often an operation was called, with any responses.
    ///
    /// # Panics
    /// When it was called more or less often; the message lists all calls.
    #[track_caller]
    pub fn assert_called(&self, operation: &str, times: usize) {
        let calls = self.calls();
        let found = calls
            .iter()
            .filter(|call| call.operation == Some(operation));
        let found = found.count();
        assert_eq!(
            found,
            times,
            "{operation} was called {found} times instead of {times}; these are all calls:\n{}",
            shown(&calls)
        );
    }

    /// Lets it finish what is in flight, and waits for that.
    ///
    /// # Panics
    /// When it has stopped before because of an error.
    pub async fn stop(self) {
        let stopped = self.handle.stop().await;
        stopped.unwrap_or_else(|error| panic!("the sandbox stopped before: {error}"));
    }
}

fn shown(calls: &[Arc<LoggedRequest>]) -> String {
    let line = |call: &Arc<LoggedRequest>| {
        let (operation, status) = (call.operation.unwrap_or("?"), call.status.unwrap_or(0));
        format!(
            "  {operation} ({} {}) → {status}\n",
            call.method,
            call.path()
        )
    };
    match calls {
        [] => "  none".to_owned(),
        calls => calls.iter().map(line).collect(),
    }
}

/// The sandbox's randomness, as the client reads it.
#[derive(Debug)]
struct ClientRandom(Arc<dyn Random>);

impl offblocks_client::Random for ClientRandom {
    fn uuid(&self) -> Uuid {
        self.0.uuid()
    }
}
