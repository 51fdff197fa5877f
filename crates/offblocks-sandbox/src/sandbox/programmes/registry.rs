//! Which programmes there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use offblocks_server::Problem;
use tower::ServiceExt as _;

use super::base_path;
use super::error::ProgrammeError;
use super::name::ProgrammeName;
use super::running::Running;
use super::schemas::Schemas;
use crate::outage;
use crate::sandbox::{BuildError, Sandbox, SandboxBuilder};
use crate::secrets::Reach;
use crate::settings::{Database, Settings};
use crate::store::{self, Store, StoreError};
use crate::surroundings::Surroundings;

/// Where the databases of programmes are.
#[derive(Debug, Clone)]
enum Home {
    Memory,
    /// A folder, made with the first one.
    Folder(PathBuf),
    /// Schemas of the same database, which other processes know too.
    Schemas(Schemas),
    /// A programme has none of its own.
    Nowhere,
}

/// All programmes of a sandbox.
pub(crate) struct Programmes {
    home: Home,
    most: usize,
    /// Programmes are reached the same way as the sandbox.
    reach: Reach,
    /// What a programme is opened with that was made before.
    opening: OnceLock<(Settings, Surroundings)>,
    /// Makes the control plane of a programme, where the sandbox serves.
    control: OnceLock<fn(&Sandbox) -> Router>,
    running: Mutex<BTreeMap<ProgrammeName, Running>>,
    /// Held while one is made, opened or dropped, so that no two of a name are.
    changing: Arc<tokio::sync::Mutex<()>>,
}

impl Programmes {
    /// None yet, for a sandbox with this database.
    pub(crate) fn beside(settings: &Settings, reach: Reach, store: &Store) -> Self {
        let home = match &settings.database {
            Database::Memory => Home::Memory,
            Database::Postgres(main) => Home::Schemas(Schemas::new(main.clone(), store.clone())),
            database => Home::Folder(store::programmes_folder(database.path())),
        };
        Self::at(home, settings.max_programmes, reach)
    }

    /// Those that a programme has: none.
    pub(crate) fn none() -> Self {
        Self::at(Home::Nowhere, 0, Reach::default())
    }

    fn at(home: Home, most: usize, reach: Reach) -> Self {
        Self {
            home,
            most,
            reach,
            opening: OnceLock::new(),
            control: OnceLock::new(),
            running: Mutex::default(),
            changing: Arc::default(),
        }
    }

    /// Opens those that were made before, to be opened with these.
    pub(crate) async fn open(
        &self,
        settings: &Settings,
        surroundings: &Surroundings,
    ) -> Result<(), ProgrammeError> {
        let opening = (settings.clone(), surroundings.clone());
        self.opening.get_or_init(|| opening);
        match &self.home {
            Home::Folder(folder) => {
                for stem in store::programmes_in(folder)? {
                    // A file of another name is not a programme's, and is left alone.
                    if let Ok(name) = stem.parse() {
                        self.start_known(name).await?;
                    }
                }
                Ok(())
            }
            Home::Schemas(_) => self.look().await,
            Home::Memory | Home::Nowhere => Ok(()),
        }
    }

    /// Opens and closes programmes as other processes made and dropped them, and drops what
    /// processes that ended left behind.
    pub(crate) async fn look(&self) -> Result<(), ProgrammeError> {
        let Home::Schemas(schemas) = &self.home else {
            return Ok(());
        };
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        let ready: BTreeSet<_> = schemas.names().await?.into_iter().collect();
        let running: BTreeSet<_> = self.running().keys().cloned().collect();
        for name in running.difference(&ready) {
            if let Some(running) = self.take(name) {
                running.drop_with_its_data().await;
            }
        }
        for name in ready {
            if !self.running().contains_key(&name) {
                self.open_ready(schemas, name).await?;
            }
        }
        for name in schemas.unfinished().await? {
            if let Some(_claim) = schemas.try_claim(&name).await? {
                schemas.clean(&name).await?;
            }
        }
        Ok(())
    }

    /// Opens a programme of another process, unless it was dropped meanwhile.
    async fn open_ready(
        &self,
        schemas: &Schemas,
        name: ProgrammeName,
    ) -> Result<(), ProgrammeError> {
        let _claim = schemas.claim(&name).await?;
        match schemas.is_ready(&name).await? {
            true => self.start_known(name).await,
            false => Ok(()),
        }
    }

    /// Starts one that was made before.
    async fn start_known(&self, name: ProgrammeName) -> Result<(), ProgrammeError> {
        let (settings, surroundings) = self.opening.get().expect("opening comes first");
        let mut own = surroundings.clone();
        own.random = own.random.fork(&format!("programme {name}"));
        // One that was cut off while it was made is given credentials that nobody knows.
        let mut settings = settings.clone();
        settings.credentials = super::credentials(&own);
        let running = start(self.builder(&name, settings, own)).await?;
        self.running().insert(name, running);
        Ok(())
    }

    pub(crate) async fn create(
        self: Arc<Self>,
        name: ProgrammeName,
        settings: Settings,
        surroundings: Surroundings,
    ) -> Result<(), ProgrammeError> {
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        let builder = self.builder(&name, settings, surroundings);
        let running = match &self.home {
            Home::Nowhere => return Err(ProgrammeError::Nested),
            Home::Schemas(schemas) => self.create_schema(schemas, &name, builder).await?,
            Home::Memory => {
                self.check_room(&name)?;
                start(builder).await?
            }
            Home::Folder(folder) => {
                self.check_room(&name)?;
                store::make_programmes_folder(folder)?;
                start(builder).await?
            }
        };
        self.running().insert(name, running);
        Ok(())
    }

    fn check_room(&self, name: &ProgrammeName) -> Result<(), ProgrammeError> {
        if self.running().contains_key(name) {
            return Err(ProgrammeError::Exists(name.clone()));
        }
        match self.running().len() >= self.most {
            true => Err(ProgrammeError::Full(self.most)),
            false => Ok(()),
        }
    }

    async fn create_schema(
        &self,
        schemas: &Schemas,
        name: &ProgrammeName,
        builder: SandboxBuilder,
    ) -> Result<Running, ProgrammeError> {
        let _claim = schemas.claim(name).await?;
        schemas.begin(name, self.most).await?;
        let started = match start(builder).await {
            Ok(running) => schemas.finish(name).await.map(|()| running),
            Err(error) => {
                // What is left is found later, where this fails too.
                let _ = schemas.clean(name).await;
                return Err(error);
            }
        };
        Ok(started?)
    }

    pub(crate) async fn remove(self: Arc<Self>, name: ProgrammeName) -> Result<(), ProgrammeError> {
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        match &self.home {
            Home::Schemas(schemas) => self.drop_schema(schemas, &name).await,
            Home::Memory | Home::Folder(_) | Home::Nowhere => {
                let running = self.take(&name);
                let running = running.ok_or_else(|| ProgrammeError::Unknown(name.clone()))?;
                running.drop_with_its_data().await;
                match self.file(&name) {
                    Some(path) => Ok(store::delete(&path)?),
                    None => Ok(()),
                }
            }
        }
    }

    async fn drop_schema(
        &self,
        schemas: &Schemas,
        name: &ProgrammeName,
    ) -> Result<(), ProgrammeError> {
        let _claim = schemas.claim(name).await?;
        if !schemas.is_ready(name).await? {
            schemas.clean(name).await?;
            return Err(ProgrammeError::Unknown(name.clone()));
        }
        schemas.let_go(name).await?;
        if let Some(running) = self.take(name) {
            running.drop_with_its_data().await;
        }
        Ok(schemas.clean(name).await?)
    }

    /// Closes all of them, and keeps their data.
    pub(crate) async fn close(&self) {
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        let running = std::mem::take(&mut *self.running());
        for running in running.into_values() {
            running.stop().await;
        }
    }

    /// The names of all of them, in their order.
    pub(crate) async fn names(&self) -> Result<Vec<ProgrammeName>, StoreError> {
        match &self.home {
            Home::Schemas(schemas) => schemas.names().await,
            _ => Ok(self.running().keys().cloned().collect()),
        }
    }

    /// One of them, opened where another process has just made it.
    pub(crate) async fn sandbox(
        &self,
        name: &ProgrammeName,
    ) -> Result<Option<Sandbox>, ProgrammeError> {
        self.find(name, |running| running.sandbox.clone()).await
    }

    /// Lets programmes have their own control plane below `/programmes/NAME/_sandbox`.
    pub(crate) fn serve_control(&self, control: fn(&Sandbox) -> Router) {
        self.control.get_or_init(|| control);
    }

    /// The response to a request below `/programmes/`.
    pub(crate) async fn respond(&self, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let Some((name, rest)) = named(&path) else {
            return unknown();
        };
        let of_plane = rest == CONTROL || rest.strip_prefix(CONTROL).is_some_and(below);
        let found = match of_plane {
            true => self.control(&name, rest, request).await,
            false => {
                let router = |running: &Running| Called::of(running, running.router.clone());
                let called = self.find(&name, router).await;
                called.map(|called| called.map(|called| (called, request)))
            }
        };
        match found {
            // It responds to everything, so this is never an error.
            Ok(Some((called, request))) => {
                let response = called.router.oneshot(request).await.into_response();
                let has_failed = response.status().is_server_error();
                match has_failed && called.is_dropped.load(Ordering::Acquire) {
                    true => dropped(&name),
                    false => response,
                }
            }
            Ok(None) => unknown(),
            Err(ProgrammeError::Store(error)) => outage::of(&error).into_response(),
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "a programme cannot be opened");
                Problem::internal().into_response()
            }
        }
    }

    /// The control plane of a programme, and the request as that knows it: without the programme.
    async fn control(
        &self,
        name: &ProgrammeName,
        rest: &str,
        request: Request,
    ) -> Result<Option<(Called, Request)>, ProgrammeError> {
        let Some(control) = self.control.get() else {
            return Ok(None);
        };
        let router = |running: &Running| Called::of(running, running.control(*control));
        let Some(called) = self.find(name, router).await? else {
            return Ok(None);
        };
        let query = request.uri().query();
        let target = query.map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}"));
        let (mut parts, body) = request.into_parts();
        // What was a target before is one without its beginning.
        parts.uri = target.parse().unwrap_or_default();
        Ok(Some((called, Request::from_parts(parts, body))))
    }

    async fn find<T>(
        &self,
        name: &ProgrammeName,
        part: impl Fn(&Running) -> T,
    ) -> Result<Option<T>, ProgrammeError> {
        if let Some(running) = self.running().get(name) {
            return Ok(Some(part(running)));
        }
        let Home::Schemas(schemas) = &self.home else {
            return Ok(None);
        };
        if !schemas.is_ready(name).await? {
            return Ok(None);
        }
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        if !self.running().contains_key(name) {
            self.open_ready(schemas, name.clone()).await?;
        }
        Ok(self.running().get(name).map(part))
    }

    fn take(&self, name: &ProgrammeName) -> Option<Running> {
        self.running().remove(name)
    }

    /// The parts of a programme, for [`start`].
    fn builder(
        &self,
        name: &ProgrammeName,
        mut settings: Settings,
        surroundings: Surroundings,
    ) -> SandboxBuilder {
        settings.database = match &self.home {
            Home::Schemas(schemas) => Database::Postgres(schemas.of(name)),
            _ => self.file(name).map_or(Database::Memory, Database::File),
        };
        let (reach, base_path) = (self.reach.clone(), base_path(name));
        SandboxBuilder::of_programme(settings, surroundings, reach, base_path)
    }

    fn file(&self, name: &ProgrammeName) -> Option<PathBuf> {
        match &self.home {
            Home::Folder(folder) => Some(folder.join(format!("{name}.db"))),
            Home::Memory | Home::Schemas(_) | Home::Nowhere => None,
        }
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<ProgrammeName, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a call to a programme needs of it.
struct Called {
    router: Router,
    is_dropped: Arc<AtomicBool>,
}

impl Called {
    fn of(running: &Running, router: Router) -> Self {
        let is_dropped = Arc::clone(&running.is_dropped);
        Self { router, is_dropped }
    }
}

/// Where the control plane of a programme is, behind its name.
const CONTROL: &str = "/_sandbox";

fn below(rest: &str) -> bool {
    rest.starts_with('/')
}

/// The programme that a path is about, and what is behind its name.
fn named(path: &str) -> Option<(ProgrammeName, &str)> {
    let rest = path.strip_prefix("/programmes/")?;
    let end = rest.find('/').unwrap_or(rest.len());
    Some((rest[..end].parse().ok()?, &rest[end..]))
}

fn unknown() -> Response {
    let detail = "there is no such programme: make it first, or call /v1 for the sandbox's own";
    Problem::not_found(detail).into_response()
}

/// The response to a call that was under way when its programme was dropped. What the call met, such as
/// a database that is closed or deleted, is only a consequence.
fn dropped(name: &ProgrammeName) -> Response {
    let detail = format!(
        "the programme {name} was dropped with its data while the call was under way: make it again, \
         or call another one"
    );
    Problem::not_found(detail).into_response()
}

async fn start(builder: SandboxBuilder) -> Result<Running, ProgrammeError> {
    let failed = |reason: String| ProgrammeError::Build(reason);
    match builder.build_alone().await {
        Ok(sandbox) => Ok(Running::start(sandbox)),
        Err(BuildError::Store(error)) => Err(error.into()),
        Err(error) => Err(failed(error.to_string())),
    }
}

impl fmt::Debug for Programmes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.running().keys().cloned().collect();
        let mut shown = f.debug_struct("Programmes");
        shown.field("home", &self.home).field("names", &names);
        shown.finish_non_exhaustive()
    }
}
