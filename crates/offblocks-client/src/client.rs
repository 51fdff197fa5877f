//! The builder of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use offblocks_signature::{KeyId, Signer, SigningKey};
use offblocks_types::Secret;
use uuid::Uuid;

use crate::base_url;
use crate::build_error::BuildError;
use crate::clock::{Clock, Random};
use crate::drift::{self, Drift, DriftWatch};
use crate::generated::Client;
use crate::retry::RetryPolicy;
use crate::session::{Credentials, Session, Tokens};
use crate::system::{SystemClock, SystemRandom};

/// How long an attempt may take unless [`ClientBuilder::timeout`] says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Collects what a [`Client`] needs; see [`Client::builder`].
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    base_url: Option<String>,
    credentials: Option<Credentials>,
    signing: Option<(SigningKey, KeyId)>,
    http: Option<reqwest::Client>,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Random>>,
    timeout: Option<Duration>,
    user_agent: Option<String>,
    plain_http: bool,
    on_drift: Option<OnDrift>,
}

/// A callback, which `Debug` does not show.
struct OnDrift(drift::Callback);

impl fmt::Debug for OnDrift {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OnDrift")
    }
}

impl Client {
    /// A builder of a client.
    ///
    /// Nothing is sent while it is built: the token is fetched by the first call that needs one.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The address every call begins with, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.baseurl
    }

    /// The watch that looks at every response for [`drift`]. Give it other values of the server
    /// too, such as webhook events.
    #[must_use]
    pub fn drift_watch(&self) -> &DriftWatch {
        &self.inner.watch
    }
}

impl ClientBuilder {
    /// The address of the API with its base path (`https://api.sandbox.offblocks.xyz/v1`); a slash
    /// at its end makes no difference. Plain http to other machines is rejected, unless
    /// [`allow_plain_http`](Self::allow_plain_http) is called.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The API key and its secret, with which tokens are fetched. Without them, calls that need a
    /// token fail before they are sent.
    pub fn credentials(mut self, api_key: Uuid, api_secret: impl Into<Secret>) -> Self {
        self.credentials = Some(Credentials {
            api_key,
            api_secret: api_secret.into(),
        });
        self
    }

    /// The key that signs, and the `signingKeyId` under which its public half is (or will be)
    /// registered. Without it, calls that must be signed fail before they are sent.
    pub fn signing_key(mut self, key: SigningKey, id: KeyId) -> Self {
        self.signing = Some((key, id));
        self
    }

    /// Sends through this HTTP client, with its own settings (proxy, roots, redirects, user agent).
    /// It should not follow redirects, because a signature holds for one URL only.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// The clock; the machine's clock unless this is called.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The source of idempotency keys; the machine's randomness unless this is called.
    pub fn random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = Some(random);
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the response;
    /// [`DEFAULT_TIMEOUT`] unless this is called.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The `User-Agent`; this crate's name and version unless this is called. It has no effect on
    /// a client given with [`http_client`](Self::http_client).
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Allows plain http to other machines. Anyone on the network path can then read the token and
    /// the API secret. It is meant for test networks and for gateways that add TLS themselves.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Calls this with every [`drift`] of the server from the contract, whether or not it was seen
    /// before. Use it to feed a metric or an alarm. A second callback replaces the first. It runs
    /// where the response is awaited, before the call ends. Drift is logged without it too.
    pub fn on_drift(mut self, callback: impl Fn(&Drift) + Send + Sync + 'static) -> Self {
        self.on_drift = Some(OnDrift(Arc::new(callback)));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// When there is no base URL, or it cannot be used, or no HTTP client can be made.
    pub fn build(self) -> Result<Client, BuildError> {
        let url = self.base_url.as_deref().ok_or(BuildError::NoBaseUrl)?;
        let url = base_url::parse(url, self.plain_http)?;
        let http = match self.http {
            Some(http) => http,
            None => http_client(self.user_agent)?,
        };
        let session = Session {
            tokens: Arc::new(Tokens::new(self.credentials)),
            signer: self
                .signing
                .map(|(key, id)| Arc::new(Signer::new(key, &id))),
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock)),
            random: self.random.unwrap_or_else(|| Arc::new(SystemRandom)),
            timeout: self.timeout.unwrap_or(DEFAULT_TIMEOUT),
            retry: RetryPolicy::default(),
            watch: DriftWatch::with(self.on_drift.map(|OnDrift(callback)| callback)),
        };
        Ok(Client::new_with_client(&url, http, session))
    }
}

fn http_client(user_agent: Option<String>) -> Result<reqwest::Client, BuildError> {
    let own = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    reqwest::Client::builder()
        .user_agent(user_agent.unwrap_or_else(|| own.to_owned()))
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| BuildError::Http(Box::new(error)))
}
