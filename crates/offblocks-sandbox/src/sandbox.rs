//! Putting a sandbox together.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use http::uri::Scheme;
use offblocks_server::{IdempotencyLayer, RequestIdLayer, TraceLayer, VerificationLayer};
use offblocks_signature::Verifier;

use crate::api;
use crate::clock::{Clock, SystemClock};
use crate::domain::{Work, credentials, ledger, webhooks};
use crate::failure::Failure;
use crate::idempotency::InFlight;
use crate::outage;
use crate::random::{Random, RandomExt as _, SystemRandom};
use crate::secrets::{self, Reach, SecretError};
use crate::settings::{Credentials, Settings};
use crate::store::{Store, StoreError};
use crate::verification::{IssuedTokens, UploadedKeys};
use crate::webhooks::Control;
use crate::world::World;

/// Every path of the API starts with this.
const BASE_PATH: &str = "/v1";

/// What a sandbox has from the outside world: time and randomness.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub random: Arc<dyn Random>,
}

impl Surroundings {
    /// The machine's clock and the operating system's randomness.
    pub fn real() -> Self {
        Self::new(SystemClock, SystemRandom)
    }

    /// A clock and a source of randomness of one's own.
    pub fn new(clock: impl Clock, random: impl Random) -> Self {
        Self {
            clock: Arc::new(clock),
            random: Arc::new(random),
        }
    }
}

/// A sandbox with its database open.
#[derive(Debug, Clone)]
pub struct Sandbox {
    pub(crate) world: Arc<World>,
}

impl Sandbox {
    /// Starts to put a sandbox together.
    pub fn builder(surroundings: Surroundings) -> SandboxBuilder {
        SandboxBuilder {
            settings: Settings::default(),
            reach: Reach::default(),
            surroundings,
        }
    }

    /// The whole API below `/v1`, as an axum router.
    pub fn router(&self) -> Router {
        let world = Arc::clone(&self.world);
        let clock = Arc::clone(&world.surroundings.clock);
        let random = Arc::clone(&world.surroundings.random);
        let verifier = Verifier::builder().scheme(Scheme::HTTP).build();
        let verification = VerificationLayer::new(
            IssuedTokens(Arc::clone(&world)),
            UploadedKeys(Arc::clone(&world)),
            verifier,
            move || clock.now(),
        );
        let health = Arc::clone(world.store.health());
        let api = api::router(Arc::clone(&world))
            .layer(IdempotencyLayer::new(world))
            .layer(verification)
            .layer(TraceLayer)
            .base_path(BASE_PATH)
            .into_router();
        outage::explain(api, health).layer(RequestIdLayer::new(move || random.uuid().to_string()))
    }

    /// Whether the API secret is the contract's example, which everybody knows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_default_credentials(&self) -> Result<bool, StoreError> {
        let world = World::clone(&self.world);
        let unit_of_work = async move {
            let mut unit = world.read().await?;
            credentials::are_public(&mut unit.work()?).await
        };
        self.world.attempt(unit_of_work).await
    }

    /// Whether the database accepts these credentials. An existing database keeps its own, so
    /// they may differ from [`Settings::credentials`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accepts(&self, given: &Credentials) -> Result<bool, StoreError> {
        let world = &self.world;
        let (asked, given) = (World::clone(world), given.clone());
        let unit_of_work = async move {
            let mut unit = asked.read().await?;
            credentials::accepts(&mut unit.work()?, &given).await
        };
        world.attempt(unit_of_work).await
    }

    /// Closes the database. Requests that arrive afterwards fail.
    pub async fn close(&self) {
        self.world.store.close().await;
    }
}

/// Puts a [`Sandbox`] together.
#[derive(Debug, Clone)]
#[must_use]
pub struct SandboxBuilder {
    settings: Settings,
    reach: Reach,
    surroundings: Surroundings,
}

/// A sandbox cannot be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The database cannot be opened or prepared.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A new database was to get an API secret that may not be used. Nothing was made.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// An amount or a rate of the settings is one that the ledger cannot work with. Nothing was
    /// made.
    #[error("{0}")]
    Money(String),
}

impl SandboxBuilder {
    /// Takes these settings instead of the defaults.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Says where the sandbox will listen, which decides whether a new database may be given the
    /// default credentials.
    pub fn reachable_at(self, address: SocketAddr) -> Self {
        self.reach.extend(address);
        self
    }

    /// Opens the database and gives a new one its credentials. An existing one keeps its own.
    ///
    /// # Errors
    /// When the credentials for a new database may not be used; then none is made. When the
    /// database cannot be opened, or its schema not be brought up to date.
    pub async fn build(self) -> Result<Sandbox, BuildError> {
        let Self {
            settings,
            surroundings,
            reach,
        } = self;
        ledger::check_settings(&settings).map_err(BuildError::Money)?;
        if settings.database.is_new() {
            secrets::check(&settings.credentials.api_secret, &reach)?;
        }
        let store = Store::open(&settings).await?;
        let world = World {
            settings: Arc::new(settings),
            surroundings,
            store,
            in_flight: InFlight::default(),
            webhooks: Control::default(),
            reach,
        };
        let founded = world.clone();
        world.attempt(async move { found(&founded).await }).await?;
        Ok(Sandbox {
            world: Arc::new(world),
        })
    }
}

async fn found(world: &World) -> Result<(), Failure> {
    let mut unit = world.begin_alone().await?;
    let outcome = found_all(&mut unit.work()?).await;
    unit.end(outcome).await
}

async fn found_all(work: &mut Work<'_>) -> Result<(), Failure> {
    credentials::found(work, &work.settings.credentials).await?;
    webhooks::found(work).await
}
