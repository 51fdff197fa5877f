//! The options that say which API is called, and with which credentials and signing key.
//!
//! Each has the environment variable that `offblocks_client::Profile::from_env` reads too, and the
//! profiles are those of the client.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use offblocks_client::{Environment, Profile, SigningKey};
use offblocks_sandbox::Credentials;
use url::Url;
use uuid::Uuid;

use super::{CredentialOptions, Unshown, base_url};
use crate::failure::Failure;
use crate::keys;

/// Which API is called, and what it is called with.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConnectionOptions {
    /// A profile of the file of profiles, for what is not given otherwise
    #[arg(long, env = "OFFBLOCKS_PROFILE", value_name = "NAME")]
    profile: Option<String>,

    /// The API to call: sandbox, live or a URL; this command's own sandbox without it
    #[arg(long, env = "OFFBLOCKS_ENVIRONMENT", value_name = "NAME")]
    environment: Option<Environment>,

    /// The address of the API to call, with its base path; it counts before the environment
    #[arg(long, env = "OFFBLOCKS_BASE_URL", value_name = "URL", value_parser = base_url)]
    base_url: Option<Url>,

    #[command(flatten)]
    credentials: CredentialOptions,

    #[command(flatten)]
    key: KeyOptions,
}

/// A signing key and its id.
#[derive(Debug, Clone, Args)]
pub(crate) struct KeyOptions {
    /// A file with a P-384 private key (PEM) to sign with
    #[arg(
        long,
        env = "OFFBLOCKS_SIGNING_KEY_FILE",
        value_name = "FILE",
        group = "key"
    )]
    signing_key: Option<PathBuf>,

    /// The private key itself; prefer the variable, since others can see command lines
    #[arg(
        long, env = "OFFBLOCKS_SIGNING_KEY", hide_env_values = true, value_name = "PEM",
        group = "key", value_parser = UnshownKey
    )]
    signing_key_pem: Option<SigningKey>,

    /// The id under which the signing key is (or will be) registered
    #[arg(long, env = "OFFBLOCKS_SIGNING_KEY_ID", value_name = "UUID", value_parser = Unshown)]
    key_id: Option<Uuid>,
}

/// What the options and the profile say.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    pub(crate) base_url: Option<Url>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) signing_key: Option<SigningKey>,
    pub(crate) key_id: Option<Uuid>,
}

impl ConnectionOptions {
    /// The address that the options name, without a look at the profile.
    pub(crate) fn given_url(&self) -> Result<Option<Url>, Failure> {
        let environment = || self.environment.as_ref().map(url).transpose();
        match &self.base_url {
            Some(url) => Ok(Some(url.clone())),
            None => environment(),
        }
    }

    /// What the options say, and the profile where they say nothing.
    pub(crate) fn resolve(&self) -> Result<Connection, Failure> {
        let profile = read(self.profile.as_deref())?;
        let key = self.key.or(&profile)?;
        Ok(Connection {
            base_url: self.given_url()?.or(profile.base_url),
            credentials: self.credentials.clone().given().or(profile.credentials),
            ..key
        })
    }
}

impl KeyOptions {
    /// The key and its id, of a profile where the options give none.
    pub(crate) fn resolve(&self, profile: Option<&str>) -> Result<Connection, Failure> {
        self.or(&read(profile)?)
    }

    /// A key without its id is a new one for the server, so the two of a profile are not mixed with
    /// those of the options.
    fn or(&self, profile: &Connection) -> Result<Connection, Failure> {
        let given = match (&self.signing_key, &self.signing_key_pem) {
            (Some(file), _) => Some(keys::read(file)?),
            (None, pem) => pem.clone(),
        };
        let (signing_key, key_id) = match (given, self.key_id) {
            (None, None) => (profile.signing_key.clone(), profile.key_id),
            given => given,
        };
        Ok(Connection {
            signing_key,
            key_id,
            ..Connection::default()
        })
    }
}

/// What a profile says; nothing where none is named.
fn read(profile: Option<&str>) -> Result<Connection, Failure> {
    let Some(name) = profile.filter(|name| !name.is_empty()) else {
        return Ok(Connection::default());
    };
    let profile = Profile::load(name).map_err(|error| Failure::because(error.to_string()))?;
    let (signing_key, key_id) = profile.signing_key.unzip();
    let key_id = key_id.map(|id| id.as_str().parse()).transpose();
    let credentials = profile.credentials;
    Ok(Connection {
        base_url: Some(url(&profile.environment)?),
        credentials: credentials.map(|it| Credentials::new(it.api_key, it.api_secret)),
        signing_key,
        key_id: key_id.map_err(|_| {
            Failure::because(format!(
                "the `signing_key_id` of the profile `{name}` is not a UUID"
            ))
        })?,
    })
}

fn url(environment: &Environment) -> Result<Url, Failure> {
    let url = environment.base_url().parse();
    url.map_err(|error| Failure::new("the address of the environment cannot be used", error))
}

/// Reads a private key as PEM text. The error does not repeat it, as clap's own would.
#[derive(Debug, Clone, Copy)]
struct UnshownKey;

impl TypedValueParser for UnshownKey {
    type Value = SigningKey;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<SigningKey, clap::Error> {
        let rejected = |reason: String| {
            let text = format!(
                "OFFBLOCKS_SIGNING_KEY and --signing-key-pem take the PEM text of a private key: \
                 {reason}; give the name of a file in OFFBLOCKS_SIGNING_KEY_FILE or with \
                 --signing-key"
            );
            command.clone().error(ErrorKind::ValueValidation, text)
        };
        let text = value
            .to_str()
            .ok_or_else(|| rejected("this is not UTF-8".to_owned()))?;
        SigningKey::from_pem(text).map_err(|error| rejected(error.to_string()))
    }
}
