//! The bearer token: fetched on first use, renewed ahead of its end, by one caller for all.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use offblocks_types::{Authentication, GetTokenRequest, Secret};
use tokio::sync::Mutex;

use super::Credentials;
use crate::clock::unix_seconds;
use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::{GET_TOKEN, Operation};
use crate::response;

/// How long before its end a token is renewed, in seconds. A token that lives for less than four
/// times as long is renewed in the last quarter of its life instead.
pub(crate) const RENEW_AHEAD: i64 = 60;

/// A token and when it ends.
#[derive(Clone)]
pub(crate) struct Token {
    /// The text behind `Bearer`.
    text: Secret,
    /// The last second of its life (Unix time).
    ends: i64,
    /// From when on it is renewed (Unix time).
    renew: i64,
    /// Which fetch brought it.
    flight: u64,
    /// Whether it was fetched for this very call, so that it cannot be stale.
    fresh: bool,
}

/// The current token, and the queue of those who want another.
///
/// A caller that needs a token takes the lock. The first one fetches, and the others wait for the
/// lock. When they get it, they take the outcome of the fetch that ended while they waited, whether
/// it succeeded or failed: fifty callers cause one request. A caller that is dropped while it
/// fetches releases the lock, and the next caller fetches instead.
pub(crate) struct Tokens {
    credentials: Option<Credentials>,
    state: Mutex<State>,
    /// How many fetches have ended; readable without the lock.
    ended: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// Why the latest fetch failed, when it did.
    failure: Option<Error>,
}

impl Tokens {
    pub(crate) fn new(credentials: Option<Credentials>) -> Self {
        Self {
            credentials,
            state: Mutex::default(),
            ended: AtomicU64::new(0),
        }
    }

    /// A valid token, fetched when there is none.
    pub(crate) async fn get(
        &self,
        client: &Client,
        operation: &'static Operation,
    ) -> Result<Token, Error> {
        self.settle(client, operation, None).await
    }

    /// A token other than the one the server has just rejected.
    pub(crate) async fn renew(
        &self,
        client: &Client,
        operation: &'static Operation,
        rejected: &Token,
    ) -> Result<Token, Error> {
        self.settle(client, operation, Some(rejected.flight)).await
    }

    async fn settle(
        &self,
        client: &Client,
        operation: &'static Operation,
        rejected: Option<u64>,
    ) -> Result<Token, Error> {
        let asked = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let settled = self.ended.load(Ordering::Acquire) != asked;
        let now = unix_seconds(client.inner.clock.now());
        if let Some(known) = state.known(rejected, settled, now) {
            return known.map_err(|error| error.on_behalf_of(operation));
        }
        let fetched = self.fetch(client, operation, now).await;
        self.ended.fetch_add(1, Ordering::Release);
        state.landed(fetched.as_ref());
        match (fetched, state.until_its_end(rejected, now)) {
            (Ok(token), _) => Ok(token),
            (Err(_), Some(token)) => Ok(token),
            (Err(error), None) => Err(error.on_behalf_of(operation)),
        }
    }

    /// Asks the server, outside every hook.
    async fn fetch(
        &self,
        client: &Client,
        operation: &'static Operation,
        now: i64,
    ) -> Result<Token, Error> {
        let credentials = self.credentials.as_ref().ok_or_else(|| {
            Error::new(operation, Kind::Setup).because(
                "the client has no credentials to fetch a token with; give them to its builder",
            )
        })?;
        let body = GetTokenRequest::new(credentials.api_key, credentials.api_secret.clone());
        let request = client
            .client
            .post(format!("{}{}", client.baseurl, GET_TOKEN.path))
            .timeout(client.inner.timeout)
            .json(&body);
        let send = async { request.send().await.map_err(progenitor_client::Error::from) };
        let response = response::receive(client, &GET_TOKEN, send).await?;
        if response.status() != 200 {
            return Err(response.into_error());
        }
        let granted = response.json::<Authentication>()?.into_inner();
        let flight = self.ended.load(Ordering::Acquire) + 1;
        Ok(Token::new(&granted, now, flight))
    }
}

impl State {
    /// What is known without asking the server. `settled` says that a fetch ended while the
    /// caller waited; its outcome is the caller's, however short the token's life may be.
    fn known(
        &self,
        rejected: Option<u64>,
        settled: bool,
        now: i64,
    ) -> Option<Result<Token, Error>> {
        let token = self
            .token
            .as_ref()
            .filter(|token| Some(token.flight) != rejected);
        if let Some(token) = token.filter(|token| now < token.renew) {
            return Some(Ok(token.cached()));
        }
        match (&self.failure, settled) {
            (_, false) => None,
            (None, true) => token.map(|token| Ok(token.cached())),
            (Some(failure), true) => Some(match self.until_its_end(rejected, now) {
                Some(token) => Ok(token),
                None => Err(failure.clone()),
            }),
        }
    }

    /// The old token, when renewing it ahead of time failed but it has not ended yet.
    fn until_its_end(&self, rejected: Option<u64>, now: i64) -> Option<Token> {
        let token = self.token.as_ref()?;
        (Some(token.flight) != rejected && now < token.ends).then(|| token.cached())
    }

    /// Keeps what a fetch brought.
    fn landed(&mut self, fetched: Result<&Token, &Error>) {
        match fetched {
            Ok(token) => {
                *self = Self {
                    token: Some(token.clone()),
                    failure: None,
                }
            }
            Err(error) => self.failure = Some(error.clone()),
        }
    }
}

impl Token {
    fn new(granted: &Authentication, now: i64, flight: u64) -> Self {
        let ends = granted.expires_at;
        let life = ends.saturating_sub(now).max(0);
        Self {
            text: granted.token.clone(),
            ends,
            renew: ends.saturating_sub(RENEW_AHEAD.min(life / 4)),
            flight,
            fresh: true,
        }
    }

    fn cached(&self) -> Self {
        Self {
            fresh: false,
            ..self.clone()
        }
    }

    /// Whether the token was fetched for an earlier call.
    pub(crate) fn is_cached(&self) -> bool {
        !self.fresh
    }

    /// The text behind `Bearer`.
    pub(crate) fn text(&self) -> &str {
        self.text.expose()
    }
}

/// Shows no token.
impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}
