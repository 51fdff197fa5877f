//! The builder of a client.

mod calls;
mod connection;
mod identity;
mod replace;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use offblocks_signature::Clock;

use crate::base_url;
use crate::build_error::BuildError;
use crate::drift::{self, DriftWatch};
use crate::fetch_token::fetch_token;
use crate::generated::Client;
use crate::hooks::Hooks;
use crate::proxy::ProxySetting;
use crate::random::Random;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::session::{InFlight, Session, Shared, TokenSource, Tokens};
use crate::signing::CurrentSigner;
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

/// How many bytes of a success are read unless [`ClientBuilder::body_limit`] says otherwise: 64 MiB.
/// The contract's largest responses are lists well below this.
pub const DEFAULT_BODY_LIMIT: usize = 64 << 20;

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection is kept without a request unless [`ClientBuilder::idle_timeout`] says
/// otherwise. Common load balancers close idle connections after a minute or later, and a request that is
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
    proxy: ProxySetting,
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
    body_limit: Option<usize>,
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

impl ClientBuilder {
    /// Builds the client.
    ///
    /// ```
    /// use offblocks_client::{BuildError, Client};
    ///
    /// assert!(matches!(Client::builder().build(), Err(BuildError::NoBaseUrl)));
    /// ```
    ///
    /// # Errors
    /// When there is no base URL, or it cannot be used, or no HTTP client can be made.
    pub fn build(self) -> Result<Client, BuildError> {
        let url = self.base_url.as_deref().ok_or(BuildError::NoBaseUrl)?;
        let url = base_url::parse(url, self.plain_http)?;
        let loopback = base_url::names_loopback(&url);
        let configured = !self.configure_http.is_empty();
        let proxy = match self.http {
            Some(_) => None,
            None => self.proxy.said(&url, loopback, configured),
        };
        let http = match self.http {
            Some(http) => http,
            None => {
                let idle = self.idle_timeout.unwrap_or(DEFAULT_IDLE_TIMEOUT);
                let agent = self.user_agent.as_deref().unwrap_or(USER_AGENT);
                let http = self.proxy.apply(http_builder(agent, idle), loopback)?;
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
            body_limit: self.body_limit.unwrap_or(DEFAULT_BODY_LIMIT),
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

fn http_builder(user_agent: &str, idle: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(user_agent)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(idle)
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
