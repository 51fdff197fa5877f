//! Programmes: sandboxes within a sandbox, so that each job or test has one of its own on a shared
//! server.
//!
//! A programme is a whole [`Sandbox`] with a database of its own: a file in the folder beside the main
//! one's, or another one in memory. Its API begins with `/programmes/NAME/v1`, which is also the path
//! that callers sign. What the main database holds is not among them: its API stays at `/v1`.

mod error;
mod name;
mod registry;
mod running;

pub use error::ProgrammeError;
pub use name::{ProgrammeName, ProgrammeNameError};
pub(crate) use registry::Programmes;

use std::future::Future;
use std::sync::Arc;

use uuid::Uuid;

use crate::random::RandomExt as _;
use crate::sandbox::Sandbox;
use crate::settings::Credentials;
use crate::surroundings::Surroundings;

/// A programme that was just made. Its secret is not known again.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NewProgramme {
    /// The path that its API begins with: `/programmes/NAME/v1`.
    pub base_path: String,
    /// The credentials that it was given.
    pub credentials: Credentials,
}

impl Sandbox {
    /// Makes a programme that goes by the same clock.
    ///
    /// # Errors
    /// When it exists already, there are as many as may be, or its database cannot be made.
    pub fn create_programme(
        &self,
        name: &ProgrammeName,
    ) -> impl Future<Output = Result<NewProgramme, ProgrammeError>> + Send + use<> {
        let mut surroundings = self.world.surroundings.clone();
        surroundings.random = surroundings.random.fork(&format!("programme {name}"));
        self.create_programme_in(name, surroundings)
    }

    /// Makes a programme with a clock and randomness of its own. After a restart it goes by those of
    /// the sandbox.
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
            programmes.create(name, settings, surroundings).await?;
            Ok(NewProgramme {
                base_path,
                credentials,
            })
        }
    }

    /// The names of all programmes, in alphabetical order.
    pub fn programmes(&self) -> Vec<ProgrammeName> {
        self.programmes.names()
    }

    /// A programme, to do with it what can be done with any sandbox.
    pub fn programme(&self, name: &ProgrammeName) -> Option<Self> {
        self.programmes.sandbox(name)
    }

    /// Stops a programme and deletes its data. Requests in flight fail.
    ///
    /// # Errors
    /// When there is no such programme, or its files cannot be deleted.
    pub async fn drop_programme(&self, name: &ProgrammeName) -> Result<(), ProgrammeError> {
        let programmes = Arc::clone(&self.programmes);
        programmes.remove(name.clone()).await
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
