//! Putting a sandbox together.

mod programmes;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect};
use http::Method;
use http::uri::Scheme;
use offblocks_server::{
    IdempotencyLayer, PanicLayer, RequestIdLayer, TraceLayer, VerificationLayer,
};
use offblocks_signature::Verifier;
use tokio::sync::watch;
use tower::{ServiceExt as _, service_fn};

use crate::api;
use crate::clock::AdjustableClock;
use crate::date;
use crate::deliveries::Control;
use crate::domain::{Work, credentials, webhooks};
use crate::failure::Failure;
use crate::faults::{self, Registry};
use crate::idempotency::InFlight;
use crate::listening::{Hosts, front};
use crate::outage;
use crate::random::{Random, RandomExt as _};
use crate::request_log::Journal;
use crate::request_log::recording::{Recorder, note_operation, record};
use crate::secrets::{self, Reach, SecretError};
use crate::settings::{Credentials, Database, Settings};
use crate::settings_check::SettingsError;
use crate::store::{Store, StoreError, extent, programme};
use crate::surroundings::Surroundings;
use crate::under_way::UnderWay;
use crate::upkeep;
use crate::verification::{IssuedTokens, UploadedKeys};
use crate::world::{Parts, World};

use programmes::Programmes;
pub(crate) use programmes::base_path as programme_path;
pub use programmes::{NewProgramme, ProgrammeError, ProgrammeName, ProgrammeNameError};

/// Every path of the API starts with this.
const BASE_PATH: &str = "/v1";

/// A sandbox with its database open.
#[derive(Debug, Clone)]
pub struct Sandbox {
    pub(crate) world: Arc<World>,
    /// What request ids are made of. Their number does not change the other identifiers.
    request_ids: Arc<dyn Random>,
    pub(crate) programmes: Arc<Programmes>,
    /// Every path of the API starts with this.
    base_path: Arc<str>,
}

impl Sandbox {
    /// Every path of the API starts with this: `/v1`, or that of a programme.
    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }

    /// Its name, where it is a programme of another one.
    pub(crate) fn programme_name(&self) -> Option<&str> {
        self.base_path
            .strip_prefix("/programmes/")?
            .strip_suffix("/v1")
    }

    /// Starts to put a sandbox together.
    pub fn builder(surroundings: Surroundings) -> SandboxBuilder {
        SandboxBuilder {
            settings: Settings::default(),
            reach: Reach::default(),
            surroundings,
            programme: None,
            must_exist: false,
        }
    }

    /// The whole API below `/v1`, as an axum router, without the programmes beside it. It responds to
    /// requests for any host; [`Sandbox::serve`] does not. The control plane is not part of it, because it
    /// has to check who is at the other end of a connection.
    pub fn router(&self) -> Router {
        self.routes(self.world.settings.explain)
            .layer(from_fn_with_state(self.recorder(), record))
            .layer(self.request_ids())
    }

    /// The API, and beside it the control plane, for requests that name one of these hosts; the
    /// others are rejected before anything else is looked at.
    pub(crate) fn router_for(
        &self,
        hosts: Hosts,
        base_path: &'static str,
        control: Router,
    ) -> Router {
        let explains = self.world.settings.explain || hosts.are_of_loopback();
        let hosts = Arc::new(hosts);
        let guard = from_fn(move |request: Request, next: Next| {
            let response = front::respond(&hosts, &request);
            async move {
                match response {
                    Some(response) => response,
                    None => next.run(request).await,
                }
            }
        });
        let programmes = Arc::clone(&self.programmes);
        let api = self
            .routes(explains)
            .layer(from_fn_with_state(self.recorder(), record));
        // Not routes of one router: the parameters of its paths would be added to theirs.
        let by_path = move |request: Request| {
            let path = request.uri().path();
            let is_bare = path == "/" && request.method() == Method::GET;
            let programmes = path.starts_with("/programmes/").then(|| programmes.clone());
            let router = match is_below(path, base_path) {
                true => control.clone(),
                false => api.clone(),
            };
            async move {
                match programmes {
                    // Whoever types the address into a browser wants to see something.
                    _ if is_bare => Ok(Redirect::to(&format!("{base_path}/")).into_response()),
                    // Opening a programme takes a large future, which other requests need not carry.
                    Some(programmes) => Ok(Box::pin(programmes.respond(request)).await),
                    None => router.oneshot(request).await,
                }
            }
        };
        Router::new()
            .fallback_service(service_fn(by_path))
            .layer(guard)
            .layer(self.request_ids())
    }

    fn recorder(&self) -> Recorder {
        Recorder {
            journal: Arc::clone(&self.world.journal),
            metrics: Arc::clone(&self.world.metrics),
            clock: Arc::clone(&self.world.surroundings.clock),
        }
    }

    fn request_ids(&self) -> RequestIdLayer {
        let random = Arc::clone(&self.request_ids);
        RequestIdLayer::new(move || random.uuid().to_string())
    }

    fn routes(&self, explains: bool) -> Router {
        let world = Arc::clone(&self.world);
        let clock = Arc::clone(&world.surroundings.signing_clock);
        let anonymous = world.settings.limits.anonymous_body_bytes;
        let verifier = Verifier::builder().scheme(Scheme::HTTP).build();
        let verification = VerificationLayer::new(
            IssuedTokens(Arc::clone(&world)),
            UploadedKeys(Arc::clone(&world)),
            verifier,
            move || clock.now().into(),
        )
        .anonymous_body_limit(anonymous)
        .skip_signatures(!self.world.settings.verify_signatures)
        .explain(explains);
        let health = Arc::clone(world.store.health());
        let faults = faults::Source {
            faults: world.faults.clone(),
            random: Arc::clone(&world.surroundings.random),
            store: world.store.clone(),
        };
        let api = api::router(Arc::clone(&world))
            .layer(IdempotencyLayer::new(world))
            .layer(verification)
            .layer(from_fn_with_state(faults, faults::apply))
            .layer(PanicLayer)
            .layer(TraceLayer)
            .layer(note_operation())
            .base_path(&self.base_path)
            .into_router();
        let clock = date::clock(&self.world.surroundings);
        outage::explain(api, health).layer(from_fn(move |request: Request, next: Next| {
            date::stamp(Arc::clone(&clock), request, next)
        }))
    }

    /// Whether the API secret is the contract's example, which is public.
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

    /// Whether there are credentials to log in with: deleting them is permanent.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_credentials(&self) -> Result<bool, StoreError> {
        let mut reader = self.world.store.read().await?;
        Ok(programme::credentials(&mut reader).await?.is_some())
    }

    /// Closes the database. Requests that arrive afterwards fail.
    pub async fn close(&self) {
        self.programmes.close().await;
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
    /// The base path of a programme of another sandbox.
    programme: Option<String>,
    /// Whether a missing database is an error.
    must_exist: bool,
}

/// A sandbox cannot be put together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The database cannot be opened or prepared.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The API secret for a new database may not be used. Nothing was made.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The control token may not be used. Nothing was made.
    #[error("{}", .0.of_control_token())]
    ControlToken(SecretError),
    /// No sandbox can work with one of the settings. Nothing was made.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is no database where one has to be. Nothing was made.
    #[error(
        "there is no database {0}: check how it is spelled, and name one that a sandbox has worked on"
    )]
    Missing(Database),
    /// A programme that was made before cannot be opened.
    #[error("a programme of the sandbox cannot be opened")]
    Programme(#[from] ProgrammeError),
}

impl SandboxBuilder {
    /// A programme of another sandbox, whose API begins with this path.
    pub(crate) fn of_programme(
        settings: Settings,
        surroundings: Surroundings,
        reach: Reach,
        base_path: String,
    ) -> Self {
        Self {
            settings,
            surroundings,
            reach,
            programme: Some(base_path),
            must_exist: false,
        }
    }

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

    /// Makes no new database: a missing database is an error. For work on existing data.
    pub const fn of_existing(mut self) -> Self {
        self.must_exist = true;
        self
    }

    /// Opens the database, and gives a new database its credentials. An existing one keeps its own.
    ///
    /// # Errors
    /// When the credentials for a new database may not be used; then none is made. When the
    /// database cannot be opened, or its schema not be brought up to date.
    pub async fn build(self) -> Result<Sandbox, BuildError> {
        let sandbox = self.build_alone().await?;
        let surroundings = sandbox.surroundings_of_programmes();
        let programmes = &sandbox.programmes;
        programmes
            .open(&sandbox.world.settings, &surroundings)
            .await?;
        Ok(sandbox)
    }

    /// Builds it without the programmes that were made before.
    pub(crate) async fn build_alone(self) -> Result<Sandbox, BuildError> {
        let Self {
            settings,
            surroundings,
            reach,
            programme,
            must_exist,
        } = self;
        check(&settings, &reach).await?;
        if must_exist && Store::is_new(&settings.database).await? {
            return Err(BuildError::Missing(settings.database));
        }
        let store = Store::open(&settings).await?;
        let mut surroundings = surroundings;
        let mut reader = store.read().await?;
        let extent = extent::of(&mut reader).await?;
        drop(reader);
        if let Some(extent) = extent {
            // A seed would repeat the identifiers that are in the database already.
            surroundings.random = surroundings.random.fork(&extent);
        }
        let request_ids = surroundings.random.fork("request ids");
        let journal = Arc::new(journal(&settings, &*surroundings.random));
        let programmes = match &programme {
            None => Programmes::beside(&settings, reach.clone(), &store),
            Some(_) => Programmes::none(),
        };
        let base_path = programme.unwrap_or_else(|| BASE_PATH.to_owned());
        let clock = AdjustableClock::new(surroundings.clock, surroundings.frozen_at);
        surroundings.clock = Arc::new(clock.clone());
        let world = World::from(Parts {
            settings: Arc::new(settings),
            surroundings,
            clock,
            travelling: Arc::default(),
            halts: watch::Sender::default(),
            loading: Arc::default(),
            store,
            access: Arc::default(),
            entities: Arc::default(),
            in_flight: InFlight::default(),
            webhooks: Control::default(),
            faults: Registry::default(),
            reach,
            journal,
            metrics: Arc::default(),
            counted: Arc::default(),
            under_way: UnderWay::default(),
        });
        world.attempt(found(world.clone())).await?;
        Ok(Sandbox {
            world: Arc::new(world),
            request_ids,
            programmes: Arc::new(programmes),
            base_path: base_path.into(),
        })
    }
}

/// Rejects settings that contradict one another, and secrets that others may know.
async fn check(settings: &Settings, reach: &Reach) -> Result<(), BuildError> {
    settings.check()?;
    if let Some(token) = &settings.control_token {
        let checked = secrets::check_control_token(token, &settings.credentials);
        checked.map_err(BuildError::ControlToken)?;
    }
    if Store::is_new(&settings.database).await? {
        secrets::check(&settings.credentials.api_secret, reach)?;
    }
    Ok(())
}

/// An empty log of requests, whose entries can be distinguished from those of other runs.
fn journal(settings: &Settings, random: &dyn Random) -> Journal {
    let run = random.fork("request log").uuid();
    let (entries, bytes) = (settings.request_log, settings.request_log_bytes);
    Journal::new(entries, bytes, run.simple().to_string())
}

/// Whether a path is this one or one below it.
fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn found(world: World) -> Result<(), Failure> {
    let clock = upkeep::read_kept(&world).await?;
    world.clock.set(clock.hands());
    let mut unit = world.begin_alone().await?;
    let outcome = found_all(&mut unit.work()?).await;
    unit.end(outcome).await?;
    upkeep::load_faults(&world).await?;
    Ok(upkeep::load_modes(&world).await?)
}

async fn found_all(work: &mut Work<'_>) -> Result<(), Failure> {
    credentials::found(work, &work.settings.credentials).await?;
    webhooks::found(work).await
}
