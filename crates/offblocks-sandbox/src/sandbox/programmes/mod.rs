//! Programmes: sandboxes within a sandbox, so that each job or test has its own sandbox on a shared
//! server.
//!
//! A programme is a whole [`Sandbox`] with a database of its own: a file in the folder beside the main
//! one's, another one in memory, or a schema beside the main one's in PostgreSQL. So it has its own
//! credentials, keys, data, clock, faults and delivery modes. Its API begins with
//! `/programmes/NAME/v1`, which is also the path that callers sign, and its control plane with
//! `/programmes/NAME/_sandbox`. The main database is not a programme: its API stays at `/v1`.

mod error;
mod name;
mod registry;
mod running;
mod schemas;

pub use error::ProgrammeError;
pub use name::{ProgrammeName, ProgrammeNameError};
pub(crate) use registry::Programmes;

use std::future::Future;
use std::sync::Arc;

use uuid::Uuid;

use crate::random::RandomExt as _;
use crate::sandbox::Sandbox;
use crate::settings::Credentials;
use crate::store::{Outage, StoreError};
use crate::surroundings::Surroundings;
use crate::upkeep;
use crate::world::World;

/// A programme that was just made. Its secret cannot be read again.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewProgramme {
    /// The path that its API begins with: `/programmes/NAME/v1`.
    pub base_path: String,
    /// The credentials that it was given.
    pub credentials: Credentials,
}

impl Sandbox {
    /// Makes a programme. Its clock begins with the time of the clock beneath the sandbox's, and can be
    /// moved separately.
    ///
    /// # Errors
    /// When it exists already, there are as many as may be, or its database cannot be made.
    pub fn create_programme(
        &self,
        name: &ProgrammeName,
    ) -> impl Future<Output = Result<NewProgramme, ProgrammeError>> + Send + use<> {
        let mut surroundings = self.surroundings_of_programmes();
        surroundings.random = surroundings.random.fork(&format!("programme {name}"));
        self.create_programme_in(name, surroundings)
    }

    /// Makes a programme with its own clock and randomness. After a restart, and in every other process on
    /// the database, it uses those of the sandbox.
    ///
    /// # Errors
    /// As [`Sandbox::create_programme`].
    pub fn create_programme_in(
        &self,
        name: &ProgrammeName,
        surroundings: Surroundings,
    ) -> impl Future<Output = Result<NewProgramme, ProgrammeError>> + Send + use<> {
        let credentials = credentials(&surroundings);
        let mut settings = (*self.world.settings).clone();
        settings.credentials = credentials.clone();
        let (programmes, name) = (Arc::clone(&self.programmes), name.clone());
        let base_path = base_path(&name);
        async move {
            to_its_end(programmes.create(name, settings, surroundings)).await?;
            Ok(NewProgramme {
                base_path,
                credentials,
            })
        }
    }

    /// The names of all programmes, in alphabetical order, those that other processes on the
    /// database made included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn programmes(&self) -> Result<Vec<ProgrammeName>, ProgrammeError> {
        Ok(self.programmes.names().await?)
    }

    /// A programme, as a sandbox.
    ///
    /// # Errors
    /// When another process made it, and it cannot be opened here.
    pub async fn programme(&self, name: &ProgrammeName) -> Result<Option<Self>, ProgrammeError> {
        self.programmes.sandbox(name).await
    }

    /// Stops a programme in every process and deletes its data. Requests in flight fail.
    ///
    /// # Errors
    /// When there is no such programme, or its data cannot be deleted.
    pub async fn drop_programme(&self, name: &ProgrammeName) -> Result<(), ProgrammeError> {
        let (programmes, world) = (Arc::clone(&self.programmes), World::clone(&self.world));
        let removal = programmes.remove(name.clone());
        to_its_end(async move {
            removal.await?;
            upkeep::reach_all(&world).await;
            Ok(())
        })
        .await
    }

    /// What programmes are made with: the sandbox's own, without what its control plane did to the
    /// clock.
    pub(crate) fn surroundings_of_programmes(&self) -> Surroundings {
        Surroundings {
            clock: self.world.clock.source(),
            ..self.world.surroundings.clone()
        }
    }
}

/// Runs in a task of its own, so that nothing stays half done when the caller goes away.
async fn to_its_end(
    work: impl Future<Output = Result<(), ProgrammeError>> + Send + 'static,
) -> Result<(), ProgrammeError> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(StoreError::unavailable(Outage::Closed).into()),
        },
    }
}

/// The path that the API of a programme begins with.
pub(crate) fn base_path(name: &ProgrammeName) -> String {
    format!("/programmes/{name}/v1")
}

fn credentials(surroundings: &Surroundings) -> Credentials {
    let random = surroundings.random.fork("credentials");
    let secret = random.text(b"0123456789abcdef", 40);
    let key: Uuid = random.uuid();
    Credentials::new(key, secret)
}
