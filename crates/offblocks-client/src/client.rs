//! The builder of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use offblocks_signature::{Clock, KeyId, SigningKey};
use offblocks_types::Secret;
use uuid::Uuid;

use crate::base_url;
use crate::build_error::BuildError;
use crate::drift::{self, Drift, DriftWatch};
use crate::environment::Environment;
use crate::fetch_token::fetch_token;
use crate::generated::Client;
use crate::hooks::{AfterResponse, BeforeSend, Hooks};
use crate::proxy;
use crate::random::Random;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::session::{
    Credentials, CredentialsProvider, InFlight, Session, Shared, TokenSource, Tokens,
};
use crate::signing::{CurrentSigner, KeyInMemory, Sign};
use crate::skew::Correction;
use crate::system::{SystemClock, SystemRandom};
use crate::timer::{Timer, TokioTimer};
use crate::tls::Tls;

/// How long an attempt may take unless [`ClientBuilder::timeout`] says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a whole call may take unless [`ClientBuilder::deadline`] says otherwise.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(120);

/// How many attempts may be on their way at once unless [`ClientBuilder::max_in_flight`] says
/// otherwise.
pub const DEFAULT_MAX_IN_FLIGHT: usize = 256;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection is kept without a request unless [`ClientBuilder::idle_timeout`] says
/// otherwise. Common balancers close idle connections after a minute or later, and a request that is
/// sent at that moment is lost.
pub const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// Collects what a [`Client`] needs; see [`Client::builder`].
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    base_url: Option<String>,
    tokens: TokenSource,
    signer: CurrentSigner,
    http: Option<reqwest::Client>,
    tls: Tls,
    idle_timeout: Option<Duration>,
    configure_http: Vec<Configure>,
    clock: Option<Arc<dyn Clock>>,
    timer: Option<Arc<dyn Timer>>,
    random: Option<Arc<dyn Random>>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    retry: RetryPolicy,
    budget: RetryBudget,
    hooks: Hooks,
    max_in_flight: Option<usize>,
    user_agent: Option<String>,
    plain_http: bool,
    corrects_clock_skew: bool,
    on_drift: Option<OnDrift>,
}

/// A change to the HTTP client, which `Debug` does not show.
struct Configure(Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>);

impl fmt::Debug for Configure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Configure")
    }
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

    /// The clock that the client reads; see [`ClientBuilder::clock`].
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    /// The randomness that the client uses; see [`ClientBuilder::random`].
    #[must_use]
    pub fn random(&self) -> &Arc<dyn Random> {
        &self.inner.random
    }

    /// Fetches tokens with other credentials from now on, in this client and its clones. The current
    /// token is forgotten; calls on their way end with it.
    ///
    /// ```
    /// # use offblocks_client::{Client, Credentials};
    /// # fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let key = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15".parse()?;
    /// client.replace_credentials(Credentials::new(key, "the new secret"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn replace_credentials(&self, credentials: impl CredentialsProvider) {
        self.inner
            .tokens
            .replace(TokenSource::Fetched(Arc::new(credentials)));
    }

    /// Sends this bearer token from now on, in this client and its clones.
    pub fn replace_bearer_token(&self, token: impl Into<Secret>) {
        self.inner.tokens.replace(TokenSource::Given(token.into()));
    }

    /// Signs with another key from now on, in this client and its clones. Register its public half
    /// first ([`register_signing_key`](Self::register_signing_key)); several registered keys are good
    /// at once.
    pub fn replace_signing_key(&self, key: SigningKey, id: KeyId) {
        self.replace_signer(KeyInMemory { key, id });
    }

    /// Signs with another signer from now on, in this client and its clones.
    pub fn replace_signer(&self, signer: impl Sign) {
        self.inner.signer.replace(Arc::new(signer));
    }

    /// What is left of the budget that all retries are paid from.
    #[must_use]
    pub fn retry_budget(&self) -> &RetryBudget {
        &self.inner.budget
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

    /// Which API is called: [`base_url`](Self::base_url) with the address of the environment.
    ///
    /// ```
    /// use offblocks_client::{Client, Environment};
    ///
    /// let client = Client::builder().environment(Environment::Sandbox).build()?;
    /// assert_eq!(client.base_url(), "https://api.sandbox.offblocks.xyz/v1");
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn environment(self, environment: Environment) -> Self {
        self.base_url(environment.base_url())
    }

    /// The API key and its secret, with which tokens are fetched. Without them, calls that need a
    /// token fail before they are sent.
    pub fn credentials(self, api_key: Uuid, api_secret: impl Into<Secret>) -> Self {
        self.credentials_provider(Credentials::new(api_key, api_secret))
    }

    /// Asks for the credentials each time a token is fetched, for example in a vault.
    ///
    /// ```
    /// use offblocks_client::{Client, Credentials, CredentialsFuture, CredentialsProvider};
    ///
    /// struct Vault;
    ///
    /// impl CredentialsProvider for Vault {
    ///     fn credentials(&self) -> CredentialsFuture<'_> {
    ///         Box::pin(async {
    ///             // Ask the vault here.
    ///             let key = "b7a1f3c2-5e0d-4f6a-9c38-2d71e6408f15".parse()?;
    ///             Ok(Credentials::new(key, "the secret of today"))
    ///         })
    ///     }
    /// }
    ///
    /// let builder = Client::builder().credentials_provider(Vault);
    /// ```
    pub fn credentials_provider(mut self, provider: impl CredentialsProvider) -> Self {
        self.tokens = TokenSource::Fetched(Arc::new(provider));
        self
    }

    /// Sends this bearer token and never fetches one. When the server rejects it, calls fail with
    /// 401 until it is [replaced](Client::replace_bearer_token).
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.tokens = TokenSource::Given(token.into());
        self
    }

    /// The key that signs, and the `signingKeyId` under which its public half is (or will be)
    /// registered. Without it, calls that must be signed fail before they are sent.
    pub fn signing_key(self, key: SigningKey, id: KeyId) -> Self {
        self.signer(KeyInMemory { key, id })
    }

    /// Signs with a key that is elsewhere; see [`Sign`].
    pub fn signer(mut self, signer: impl Sign) -> Self {
        self.signer = CurrentSigner::new(Some(Arc::new(signer)));
        self
    }

    /// Sends through this HTTP client, with its own settings (proxy, roots, redirects, user agent).
    /// It should not follow redirects, because a signature holds for one URL only, and it should not
    /// use a proxy for this machine's own addresses. [`configure_http`](Self::configure_http) sees to
    /// both.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Changes the settings of the HTTP client before it is built: proxies, additional roots, client
    /// certificates, connection pools. Its builder is that of the [`reqwest`](crate::reqwest) this
    /// crate exports. Redirects are switched off afterwards, because a signature holds for one URL
    /// only. It has no effect on a client given with [`http_client`](Self::http_client).
    ///
    /// Proxies of the environment (`HTTPS_PROXY`, …) are used for other machines, and never for this
    /// machine's own addresses.
    ///
    /// ```
    /// # use offblocks_client::Client;
    /// let client = Client::builder()
    ///     .base_url("https://api.sandbox.offblocks.xyz/v1")
    ///     .configure_http(|http| http.tcp_nodelay(true).pool_max_idle_per_host(8))
    ///     .build()?;
    /// # Ok::<(), offblocks_client::BuildError>(())
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure_http.push(Configure(Box::new(configure)));
        self
    }

    /// Trusts these certificates too, besides those of the operating system: one or more, as PEM
    /// text. It has no effect on a client given with [`http_client`](Self::http_client).
    ///
    /// ```no_run
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = offblocks_client::Client::builder()
    ///     .base_url("https://offblocks.internal.example/v1")
    ///     .root_certificates(std::fs::read("/etc/ssl/internal-authority.pem")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.add_roots(pem.into());
        self
    }

    /// Identifies itself to the server with this certificate (mutual TLS): the chain with the
    /// client's own certificate first, and its private key in PKCS #8, both as PEM text. It has no
    /// effect on a client given with [`http_client`](Self::http_client).
    pub fn client_certificate(
        mut self,
        chain_pem: impl Into<String>,
        key_pem: impl Into<Secret>,
    ) -> Self {
        self.tls.set_identity(chain_pem.into(), key_pem.into());
        self
    }

    /// Uses the TLS of the operating system instead of rustls.
    #[cfg(feature = "native-tls")]
    pub fn use_native_tls(mut self) -> Self {
        self.tls.use_native();
        self
    }

    /// How long a connection is kept without a request; [`DEFAULT_IDLE_TIMEOUT`] unless this is
    /// called. Choose less than the balancer in front of the API allows: a request that is sent while
    /// the balancer closes the connection is lost. It has no effect on a client given with
    /// [`http_client`](Self::http_client).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// The clock; the machine's clock unless this is called. A closure is a clock too.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// The timer that timeouts and pauses use; that of the tokio runtime unless this is called.
    pub fn timer(mut self, timer: Arc<dyn Timer>) -> Self {
        self.timer = Some(timer);
        self
    }

    /// The source of idempotency keys and of the randomness of pauses; the machine's randomness unless this is called.
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

    /// How long a whole call may take, with its token, all attempts and the pauses between them;
    /// [`DEFAULT_DEADLINE`] unless this is called.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Which failures are tried again, and how often. [`RetryPolicy::none`] switches retries off.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The budget that retries are paid from; one of its own unless this is called. Several clients
    /// of the same server can share one.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// How many attempts may be on their way at once, in this client and its clones;
    /// [`DEFAULT_MAX_IN_FLIGHT`] unless this is called. Others wait in the order of their arrival,
    /// for as long as their deadlines allow.
    pub fn max_in_flight(mut self, most: usize) -> Self {
        self.max_in_flight = Some(most);
        self
    }

    /// Calls this before each attempt is signed. It can add headers.
    ///
    /// ```
    /// use http::HeaderValue;
    ///
    /// let builder = offblocks_client::Client::builder().before_send(|sending| {
    ///     let value = HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    ///     sending.headers.insert("traceparent", value);
    /// });
    /// ```
    pub fn before_send(mut self, hook: impl Fn(BeforeSend<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.add_before(hook);
        self
    }

    /// Calls this after each attempt, whether a response came or not. Use it to feed metrics.
    ///
    /// ```
    /// let builder = offblocks_client::Client::builder().after_response(|ended| {
    ///     if let Some(error) = ended.error {
    ///         let (operation, kind) = (ended.operation.id, error.kind().as_str());
    ///         println!("attempt {} of {operation}: {kind}", ended.attempt);
    ///     }
    /// });
    /// ```
    pub fn after_response(
        mut self,
        hook: impl Fn(&AfterResponse<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.add_after(hook);
        self
    }

    /// Learns the server's time from a 401 whose `Date` is more than a minute away from this
    /// machine's clock, signs by it from then on, and sends the call once more. It helps where the
    /// clock cannot be set right. It also makes the client sign for whatever time a response claims,
    /// which is why it has to be asked for.
    pub fn correct_clock_skew(mut self) -> Self {
        self.corrects_clock_skew = true;
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
        let loopback = base_url::names_loopback(&url);
        let proxy = match (&self.http, loopback) {
            (None, false) => proxy::of_environment(&url),
            _ => None,
        };
        let http = match self.http {
            Some(http) => http,
            None => {
                let idle = self.idle_timeout.unwrap_or(DEFAULT_IDLE_TIMEOUT);
                let agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
                let http = http_builder(agent, idle, loopback);
                finish(self.tls.apply(http)?, self.configure_http)?
            }
        };
        let session = Shared {
            tokens: Tokens::new(self.tokens, fetch_token),
            signer: self.signer,
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock)),
            timer: self.timer.unwrap_or_else(|| Arc::new(TokioTimer::new())),
            random: self.random.unwrap_or_else(|| Arc::new(SystemRandom)),
            timeout: self.timeout.unwrap_or(DEFAULT_TIMEOUT),
            deadline: self.deadline.unwrap_or(DEFAULT_DEADLINE),
            retry: self.retry,
            budget: self.budget,
            hooks: self.hooks,
            skew: Correction::new(self.corrects_clock_skew),
            in_flight: InFlight::new(self.max_in_flight.unwrap_or(DEFAULT_MAX_IN_FLIGHT)),
            proxy,
            watch: DriftWatch::with(self.on_drift.map(|OnDrift(callback)| callback)),
        };
        let session = Session {
            shared: Arc::new(session),
        };
        Ok(Client::new_with_client(&url, http, session))
    }
}

/// This crate's name and version.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

fn http_builder(user_agent: &str, idle: Duration, loopback: bool) -> reqwest::ClientBuilder {
    let http = reqwest::Client::builder()
        .user_agent(user_agent)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(idle);
    match loopback {
        // What stays on this machine must not leave it in clear because of a variable. A proxy that
        // is given in the code is meant.
        true => http.no_proxy(),
        false => http,
    }
}

fn finish(
    mut http: reqwest::ClientBuilder,
    configure: Vec<Configure>,
) -> Result<reqwest::Client, BuildError> {
    for Configure(change) in configure {
        http = change(http);
    }
    http.redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| BuildError::Http(Box::new(error)))
}
