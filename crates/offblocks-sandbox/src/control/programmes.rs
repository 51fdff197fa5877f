//! The programmes of the sandbox.

use http::{HeaderValue, StatusCode, header};
use offblocks_sandbox_api::server::{
    CreateProgrammeError, DeleteProgrammeError, GetProgrammesError, ProgrammesApi,
};
use offblocks_sandbox_api::{self as api, CreateProgramme};
use offblocks_server::{Problem, RequestContext};

use super::rejection::{Rejected, rejections};
use crate::Sandbox;
use crate::sandbox::{ProgrammeError, ProgrammeName, programme_path};

rejections!(
    CreateProgrammeError,
    DeleteProgrammeError,
    GetProgrammesError
);

impl ProgrammesApi for Sandbox {
    async fn get_programmes(
        &self,
        context: RequestContext,
    ) -> Result<Vec<api::Programme>, GetProgrammesError> {
        let programme = |name: ProgrammeName| {
            let base_url = url(&context, &programme_path(&name));
            api::Programme::new(name.to_string(), base_url)
        };
        let names = self.programmes().await.map_err(Rejected::from)?;
        Ok(names.into_iter().map(programme).collect())
    }

    async fn create_programme(
        &self,
        context: RequestContext,
        body: CreateProgramme,
    ) -> Result<api::NewProgramme, CreateProgrammeError> {
        let name = name(&body.name)?;
        let made = self.create_programme(&name).await.map_err(Rejected::from)?;
        Ok(api::NewProgramme::new(
            name.to_string(),
            url(&context, &made.base_path),
            made.credentials.api_key,
            made.credentials.api_secret,
        ))
    }

    async fn delete_programme(
        &self,
        _: RequestContext,
        programme: String,
    ) -> Result<(), DeleteProgrammeError> {
        let name = name(&programme)?;
        Ok(self.drop_programme(&name).await.map_err(Rejected::from)?)
    }
}

fn name(text: &str) -> Result<ProgrammeName, Rejected> {
    let name = text.parse();
    name.map_err(|error: crate::ProgrammeNameError| Rejected::invalid(error.to_string()))
}

/// A path as the caller reaches this sandbox. The listener speaks plain http.
fn url(context: &RequestContext, path: &str) -> String {
    let target = context.uri.authority().map(|it| it.as_str());
    let host = context.headers.get(header::HOST);
    let host = target.or_else(|| host.and_then(|it| it.to_str().ok()));
    format!("http://{}{path}", host.unwrap_or("localhost"))
}

impl From<ProgrammeError> for Rejected {
    fn from(error: ProgrammeError) -> Self {
        let detail = error.to_string();
        match error {
            ProgrammeError::Unknown(_) => Self::missing(detail),
            ProgrammeError::Exists(_) | ProgrammeError::Full(_) | ProgrammeError::Taken(_) => {
                Self(Problem::conflict(detail))
            }
            ProgrammeError::Busy(_) => {
                let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE).with_detail(detail);
                Self(problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("1")))
            }
            ProgrammeError::Store(error) => error.into(),
            ProgrammeError::Build(_) => Self::failed(&error),
            _ => Self::invalid(detail),
        }
    }
}
