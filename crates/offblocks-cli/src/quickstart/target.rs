//! The server that the walk calls.

use std::time::Duration;

use offblocks_cards::PollingPolicy;
use offblocks_client::Client;
use offblocks_sandbox::{Credentials, SandboxHandle, Settings};
use offblocks_signature::SigningKey;
use url::{Host, Url};
use uuid::Uuid;

use crate::arguments::{ApiOptions, Quickstart};
use crate::failure::Failure;
use crate::key_file;
use crate::system::random_id;

/// A server, and what is needed to call it.
pub(crate) struct Target {
    pub(crate) base_url: String,
    pub(super) client: Client,
    pub(super) key: SigningKey,
    pub(super) key_id: Uuid,
    pub(super) api_key: Uuid,
    /// The sandbox that was started for the walk, if one was.
    pub(super) own: Option<SandboxHandle>,
    /// Whether the signing key was made for the walk and is discarded afterwards.
    pub(super) fresh_key: bool,
    pub(super) policy: PollingPolicy,
    /// Whether the server is on this machine, so that it can call back.
    pub(super) is_here: bool,
    /// Whether the card is not terminated at the end.
    pub(super) keeps_card: bool,
}

impl Target {
    /// The server that was named, or a sandbox of its own.
    pub(super) async fn new(options: Quickstart) -> Result<Self, Failure> {
        let connection = options.connection.resolve()?;
        let fresh_key = connection.signing_key.is_none();
        let key = connection.signing_key.map_or_else(key_file::create, Ok)?;
        let key_id = connection.key_id.map_or_else(random_id, Ok)?;
        let server = Server::reach(connection.base_url, connection.credentials).await?;
        let api_key = server.credentials.api_key;
        let client = client(&server, options.allow_plain_http, key.clone(), key_id)?;
        Ok(Self {
            base_url: client.base_url().to_owned(),
            client,
            key,
            key_id,
            api_key,
            policy: server.polling_policy(),
            is_here: is_loopback(&server.url),
            keeps_card: options.keep_card,
            own: server.own,
            fresh_key,
        })
    }
}

impl Target {
    /// A server that is named and knows the signing key already.
    pub(crate) fn known(api: &ApiOptions) -> Result<Self, Failure> {
        let connection = api.connection.resolve()?;
        let missing = |what: &str| Failure::because(format!("{what}: give it or a --profile"));
        let url = connection.base_url.ok_or_else(|| {
            missing("the address of the API is missing (--base-url or --environment)")
        })?;
        let key = connection
            .signing_key
            .zip(connection.key_id)
            .ok_or_else(|| {
                missing("the signing key or its id is missing (--signing-key and --key-id)")
            })?;
        let server = Server::named(url, connection.credentials)?;
        let client = client_with(&server, api.allow_plain_http, Some(key.clone()))?;
        Ok(Self {
            base_url: client.base_url().to_owned(),
            client,
            key: key.0,
            key_id: key.1,
            api_key: server.credentials.api_key,
            policy: PollingPolicy::default(),
            own: None,
            fresh_key: false,
            is_here: false,
            keeps_card: true,
        })
    }
}

/// The server to call, and the credentials for it.
pub(crate) struct Server {
    pub(crate) url: Url,
    pub(crate) credentials: Credentials,
    pub(crate) own: Option<SandboxHandle>,
}

impl Server {
    pub(crate) async fn reach(
        url: Option<Url>,
        given: Option<Credentials>,
    ) -> Result<Self, Failure> {
        if let Some(url) = url {
            return Self::named(url, given);
        }
        let credentials = given.unwrap_or_default();
        let own = start(credentials.clone()).await?;
        Ok(Self {
            url: own.base_url().clone(),
            credentials,
            own: Some(own),
        })
    }

    /// A server that is not started here.
    pub(crate) fn named(url: Url, given: Option<Credentials>) -> Result<Self, Failure> {
        Ok(Self {
            credentials: credentials(given, &url)?,
            url,
            own: None,
        })
    }

    pub(crate) fn polling_policy(&self) -> PollingPolicy {
        match self.own {
            Some(_) => quick(),
            None => PollingPolicy::default(),
        }
    }
}

async fn start(credentials: Credentials) -> Result<SandboxHandle, Failure> {
    let mut settings = Settings::default();
    settings.credentials = credentials;
    offblocks_sandbox::start_local(settings)
        .await
        .map_err(|error| Failure::new("the sandbox could not be started", error))
}

/// The credentials that were given. For a server on this machine, the contract's example otherwise.
fn credentials(given: Option<Credentials>, url: &Url) -> Result<Credentials, Failure> {
    match given {
        Some(credentials) => Ok(credentials),
        None if is_loopback(url) => Ok(Credentials::default()),
        None => Err(Failure::because(
            "another server needs credentials: give --api-key and --api-secret, or set \
             OFFBLOCKS_API_KEY and OFFBLOCKS_API_SECRET",
        )),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(crate) fn client(
    server: &Server,
    plain_http: bool,
    key: SigningKey,
    key_id: Uuid,
) -> Result<Client, Failure> {
    client_with(server, plain_http, Some((key, key_id)))
}

/// The same, for calls that are not signed where there is no key.
pub(crate) fn client_with(
    server: &Server,
    plain_http: bool,
    key: Option<(SigningKey, Uuid)>,
) -> Result<Client, Failure> {
    let credentials = server.credentials.clone();
    let mut client = Client::builder()
        .base_url(server.url.as_str())
        .credentials(credentials.api_key, credentials.api_secret);
    if let Some((key, key_id)) = key {
        client = client.signing_key(key, key_file::key_id(key_id));
    }
    if plain_http {
        client = client.allow_plain_http();
    } else if server.url.scheme() == "http" && !is_loopback(&server.url) {
        return Err(Failure::because(format!(
            "{} would send the token and the secret unencrypted; use https, or --allow-plain-http \
             where no server listens",
            server.url
        )));
    }
    client
        .build()
        .map_err(|error| Failure::new("the client could not be created", error))
}

/// A sandbox started for this walk responds within milliseconds.
fn quick() -> PollingPolicy {
    PollingPolicy {
        first_interval: Duration::from_millis(25),
        longest_interval: Duration::from_millis(200),
        timeout: Duration::from_secs(20),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called_with_the_example_credentials() {
        for (url, expected) in [
            ("http://127.0.0.1:8080/v1", true),
            ("http://localhost:8080/v1", true),
            ("http://[::1]:8080/v1", true),
            ("https://api.sandbox.offblocks.xyz/v1", false),
            ("http://127.0.0.1.example.com/v1", false),
        ] {
            let known = credentials(None, &url.parse().unwrap()).is_ok();
            assert_eq!(known, expected, "{url}");
        }
    }
}
