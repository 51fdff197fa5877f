//! Which programmes there are.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use offblocks_server::Problem;
use tower::ServiceExt as _;

use super::base_path;
use super::error::ProgrammeError;
use super::name::ProgrammeName;
use super::running::Running;
use crate::sandbox::{Sandbox, SandboxBuilder};
use crate::secrets::Reach;
use crate::settings::{Database, Settings};
use crate::store;
use crate::surroundings::Surroundings;

/// Where the databases of programmes are.
#[derive(Debug, Clone)]
enum Home {
    Memory,
    /// A folder, made with the first one.
    Folder(PathBuf),
    /// There they would be schemas, which this version does not make.
    Postgres,
    /// A programme has none of its own.
    Nowhere,
}

/// All programmes of a sandbox.
pub(crate) struct Programmes {
    home: Home,
    most: usize,
    /// Programmes are reached the same way as the sandbox.
    reach: Reach,
    running: Mutex<BTreeMap<ProgrammeName, Running>>,
    /// Held while one is made or dropped, so that no two of a name are.
    changing: Arc<tokio::sync::Mutex<()>>,
}

impl Programmes {
    /// None yet, for a sandbox with this database.
    pub(crate) fn beside(settings: &Settings, reach: Reach) -> Self {
        let home = match &settings.database {
            Database::Memory => Home::Memory,
            Database::Postgres(_) => Home::Postgres,
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
            running: Mutex::default(),
            changing: Arc::default(),
        }
    }

    /// Opens those that were made before.
    pub(crate) async fn open(
        &self,
        settings: &Settings,
        surroundings: &Surroundings,
    ) -> Result<(), ProgrammeError> {
        let Home::Folder(folder) = &self.home else {
            return Ok(());
        };
        for stem in store::programmes_in(folder)? {
            // A file of another name is not a programme's, and is left alone.
            let Ok(name) = stem.parse::<ProgrammeName>() else {
                continue;
            };
            let mut own = surroundings.clone();
            own.random = own.random.fork(&format!("programme {name}"));
            // One that was cut off while it was made is given credentials that nobody knows.
            let mut settings = settings.clone();
            settings.credentials = super::credentials(&own);
            let running = start(self.builder(&name, settings, own)).await?;
            self.running().insert(name, running);
        }
        Ok(())
    }

    pub(crate) async fn create(
        self: Arc<Self>,
        name: ProgrammeName,
        settings: Settings,
        surroundings: Surroundings,
    ) -> Result<(), ProgrammeError> {
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        match self.home {
            Home::Nowhere => return Err(ProgrammeError::Nested),
            Home::Postgres => return Err(ProgrammeError::Postgres),
            Home::Memory | Home::Folder(_) => {}
        }
        if self.running().contains_key(&name) {
            return Err(ProgrammeError::Exists(name));
        }
        if self.running().len() >= self.most {
            return Err(ProgrammeError::Full(self.most));
        }
        if let Home::Folder(folder) = &self.home {
            store::make_programmes_folder(folder)?;
        }
        let running = start(self.builder(&name, settings, surroundings)).await?;
        self.running().insert(name, running);
        Ok(())
    }

    pub(crate) async fn remove(self: Arc<Self>, name: ProgrammeName) -> Result<(), ProgrammeError> {
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        let running = self.running().remove(&name);
        let running = running.ok_or_else(|| ProgrammeError::Unknown(name.clone()))?;
        running.stop().await;
        if let Some(path) = self.file(&name) {
            store::delete(&path)?;
        }
        Ok(())
    }

    /// Closes all of them, and keeps their data.
    pub(crate) async fn close(&self) {
        let _changing = Arc::clone(&self.changing).lock_owned().await;
        let running = std::mem::take(&mut *self.running());
        for running in running.into_values() {
            running.stop().await;
        }
    }

    pub(crate) fn names(&self) -> Vec<ProgrammeName> {
        self.running().keys().cloned().collect()
    }

    pub(crate) fn sandbox(&self, name: &ProgrammeName) -> Option<Sandbox> {
        let running = self.running();
        running.get(name).map(|running| running.sandbox.clone())
    }

    /// The response to a request below `/programmes/`.
    pub(crate) async fn respond(&self, request: Request) -> Response {
        let rest = request.uri().path().strip_prefix("/programmes/");
        let name = rest
            .and_then(|rest| rest.split('/').next())
            .unwrap_or_default();
        let router = name.parse().ok().and_then(|name| self.router(&name));
        match router {
            // It responds to everything, so this is never an error.
            Some(router) => router.oneshot(request).await.into_response(),
            None => {
                let detail = "there is no such programme: make it first, or call /v1 for the \
                              sandbox's own";
                Problem::not_found(detail).into_response()
            }
        }
    }

    fn router(&self, name: &ProgrammeName) -> Option<Router> {
        let running = self.running();
        running.get(name).map(|running| running.router.clone())
    }

    /// The parts of a programme, for [`start`].
    fn builder(
        &self,
        name: &ProgrammeName,
        mut settings: Settings,
        surroundings: Surroundings,
    ) -> SandboxBuilder {
        settings.database = self.file(name).map_or(Database::Memory, Database::File);
        let (reach, base_path) = (self.reach.clone(), base_path(name));
        SandboxBuilder::of_programme(settings, surroundings, reach, base_path)
    }

    fn file(&self, name: &ProgrammeName) -> Option<PathBuf> {
        match &self.home {
            Home::Folder(folder) => Some(folder.join(format!("{name}.db"))),
            Home::Memory | Home::Postgres | Home::Nowhere => None,
        }
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<ProgrammeName, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opening a database runs migrations, which take a while and whose future only one thread can run. So
/// it has a thread of its own.
async fn start(builder: SandboxBuilder) -> Result<Running, ProgrammeError> {
    let failed = |reason: String| ProgrammeError::Build(reason);
    let runtime = tokio::runtime::Handle::current();
    let building = move || runtime.block_on(builder.build_alone());
    let built = tokio::task::spawn_blocking(building).await;
    let built = built.map_err(|ended| failed(ended.to_string()))?;
    Ok(Running::start(
        built.map_err(|error| failed(error.to_string()))?,
    ))
}

impl fmt::Debug for Programmes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Programmes");
        shown
            .field("home", &self.home)
            .field("names", &self.names());
        shown.finish_non_exhaustive()
    }
}
