//! Which sandbox is called, and how.

use std::error::Error as _;
use std::time::Duration;

use clap::Args;
use offblocks_sandbox::ProgrammeName;
use offblocks_sandbox_api::Problem;
use offblocks_sandbox_api::client::{Client, Error};
use offblocks_types::Secret;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use url::Url;

use crate::failure::{Failure, chain};
use crate::secret_file::secret_in_file;

/// How long a connection may take. A call takes as long as it needs: advancing the clock waits for
/// receivers of webhooks.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The sandbox that is called.
#[derive(Debug, Clone, Args)]
pub(crate) struct Target {
    /// The address of the sandbox; a path behind it, such as /v1, is left out, unless it is that of a
    /// programme
    #[arg(
        long,
        global = true,
        env = "OFFBLOCKS_SANDBOX_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8080"
    )]
    url: Url,

    /// A file with the control token, which a sandbox on another machine asks for
    #[arg(
        long, global = true, env = "OFFBLOCKS_CONTROL_TOKEN_FILE", value_name = "FILE",
        value_parser = secret_in_file
    )]
    control_token_file: Option<Secret>,

    /// The programme of the sandbox that is meant; without it the sandbox itself
    #[arg(long, global = true, env = "OFFBLOCKS_PROGRAMME", value_name = "NAME")]
    programme: Option<ProgrammeName>,

    /// Print what the sandbox responds, as one line of JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Target {
    /// A client of its control plane.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let base = self.place("")?;
        Ok(Client::new_with_client(base.as_str(), self.http()?))
    }

    /// The address of something below the path of the control plane.
    pub(super) fn place(&self, path: &str) -> Result<Url, Failure> {
        let programme = self.programme();
        let programme = programme.map(|name| format!("/programmes/{name}"));
        let whole = format!("{}/_sandbox{path}", programme.unwrap_or_default());
        let place = self.url.join(&whole);
        place.map_err(|error| Failure::new("the URL cannot be used", error))
    }

    /// The programme that is named, or that the address is of.
    fn programme(&self) -> Option<ProgrammeName> {
        self.programme.clone().or_else(|| {
            let mut segments = self.url.path_segments()?;
            let programmes = segments.next()? == "programmes";
            let name = segments.next()?;
            name.parse().ok().filter(|_| programmes)
        })
    }

    /// The address without a path.
    pub(super) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The client beneath, for what the contract does not describe.
    pub(super) fn http(&self) -> Result<reqwest::Client, Failure> {
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.control_token_file {
            let value = HeaderValue::try_from(format!("Bearer {}", token.expose()));
            let mut value = value.map_err(|_| {
                Failure::because("the control token has characters that no header can carry")
            })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Failure::new("the client does not start", error))
    }

    /// Why a call failed, and what to do now.
    pub(crate) fn failed(&self, error: &Error<Problem>) -> Failure {
        match error {
            Error::ErrorResponse(response) => {
                let problem = &**response;
                let detail = problem.detail.as_deref().unwrap_or(&problem.title);
                let places = problem.errors.iter().flatten();
                let places = places.map(|place| format!("{}: {}", place.pointer, place.detail));
                // The detail names the first place, and often it is the only one.
                let places = places.filter(|place| !detail.contains(place));
                let places: String = places.map(|place| format!("\n  {place}")).collect();
                Failure::because(format!(
                    "the sandbox rejects it ({}): {detail}{places}",
                    response.status().as_u16()
                ))
            }
            Error::CommunicationError(cause) => Failure::because(format!(
                "the sandbox at {} cannot be reached: {}; start one with `offblocks sandbox`, or \
                 name another with --url",
                self.origin(),
                cause.source().map_or_else(|| cause.to_string(), chain)
            )),
            other => Failure::because(format!(
                "{} does not respond as a sandbox of this version does: {}",
                self.origin(),
                chain(other)
            )),
        }
    }
}
