//! Which API is called, and with what: the options, and the profile where they say nothing.

use offblocks_client::{Client, Environment, Profile, SigningKey};
use offblocks_sandbox::Credentials;
use url::Url;
use uuid::Uuid;

use crate::arguments::{ApiOptions, ConnectionOptions, KeyOptions};
use crate::failure::Failure;
use crate::quickstart::target::{Server, client_with};
use crate::{key_file, keyring};

/// What the options and the profile say.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    pub(crate) base_url: Option<Url>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) signing_key: Option<SigningKey>,
    pub(crate) key_id: Option<Uuid>,
}

impl Connection {
    /// A client of the API. Where calls are not `signed`, it needs no signing key.
    pub(crate) fn client(self, signed: bool, plain_http: bool) -> Result<Client, Failure> {
        let missing = |what: &str| {
            Failure::because(format!(
                "{what}: give it, name a --profile, or set its variable (see --help)"
            ))
        };
        let Some(url) = self.base_url else {
            return Err(missing(
                "the address of the API is missing (--base-url or --environment)",
            ));
        };
        let key = self.signing_key.zip(self.key_id);
        if signed && key.is_none() {
            return Err(missing(
                "the signing key or its id is missing (--signing-key and --key-id)",
            ));
        }
        let server = Server::named(url, self.credentials)?;
        client_with(&server, plain_http, key)
    }
}

impl ApiOptions {
    /// A client of the API. Where calls are not `signed`, it needs no signing key.
    pub(crate) fn client(&self, signed: bool) -> Result<Client, Failure> {
        let connection = self.connection.resolve()?;
        connection.client(signed, self.allow_plain_http)
    }
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

    /// A key without its id is a new key for the server. So key and id of a profile are not combined with
    /// those of the options.
    fn or(&self, profile: &Connection) -> Result<Connection, Failure> {
        let given = match (&self.signing_key, &self.signing_key_pem) {
            (Some(file), _) => Some(key_file::read(file)?),
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
    let profile = Profile::load_with(name, keyring::find);
    let profile = profile.map_err(|error| Failure::because(error.to_string()))?;
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
