//! The bearer token: fetched on first use, renewed ahead of its end, by one fetch for all.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

use offblocks_types::{Authentication, GetTokenRequest, Secret};
use tokio::sync::watch;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::{Credentials, TokenSource};
use crate::call::CallOptions;
use crate::clock::unix_seconds;
use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::{GET_TOKEN, Operation};
use crate::response;

/// How long before its end a token is renewed, in seconds; up to half as much again by chance, so
/// that many programs that began together do not renew together. A token that lives for less than
/// four times as long is renewed in the last quarter of its life instead.
const RENEW_AHEAD: i64 = 60;

/// How long the next renewal waits at most after failures, in seconds. A token is used to its end
/// meanwhile.
const LONGEST_REST: i64 = 60;

/// A token and when it ends.
#[derive(Clone)]
pub(crate) struct Token {
    /// The text behind `Bearer`.
    text: Secret,
    /// The last second of its life (Unix time of this machine's clock).
    ends: i64,
    /// From when on it is renewed (Unix time of this machine's clock).
    renew: i64,
    /// Which fetch brought it.
    flight: u64,
    /// Whether it was fetched for this very call, so that it cannot be stale.
    fresh: bool,
}

/// What a fetch brings, to all who wait for it.
type Landing = watch::Receiver<Option<Result<Token, Error>>>;

/// The current token, and the fetch of the next one.
///
/// A fetch is a task of its own, so it outlives the callers that wait for it: one with a short
/// deadline gives up, and the token arrives all the same. While the token holds, it is renewed in
/// the background and no caller waits.
pub(crate) struct Tokens {
    state: Mutex<State>,
}

struct State {
    source: TokenSource,
    token: Option<Token>,
    /// The fetch on its way.
    landing: Option<Landing>,
    /// How many fetches have begun.
    flights: u64,
    /// The first flight with the current credentials; what an earlier one brings is not kept.
    valid_from: u64,
    /// How many fetches have failed in a row, and until when none is begun in the background.
    failures: u32,
    rests_until: i64,
}

impl Tokens {
    pub(crate) fn new(source: TokenSource) -> Self {
        let state = State {
            source,
            token: None,
            landing: None,
            flights: 0,
            valid_from: 0,
            failures: 0,
            rests_until: i64::MIN,
        };
        Self {
            state: Mutex::new(state),
        }
    }

    /// A valid token, other than the one the server has just rejected.
    pub(crate) async fn get(
        &self,
        client: &Client,
        operation: &'static Operation,
        rejected: Option<&Token>,
    ) -> Result<Token, Error> {
        let mut landing = match self.lock().at_hand(client, operation, rejected)? {
            AtHand::Token(token) => return Ok(token),
            AtHand::Landing(landing) => landing,
        };
        let landed = landing.wait_for(Option::is_some).await;
        let landed = landed.ok().and_then(|landed| landed.clone());
        let landed = landed.unwrap_or_else(|| {
            // The runtime that drove the fetch is gone.
            Err(Error::new(&GET_TOKEN, Kind::Interrupted).because("its task has ended"))
        });
        landed.map_err(|error| error.on_behalf_of(operation))
    }

    /// Fetches from another source from now on, and forgets the token.
    pub(crate) fn replace(&self, source: TokenSource) {
        let mut state = self.lock();
        state.source = source;
        state.token = None;
        state.landing = None;
        state.failures = 0;
        state.rests_until = i64::MIN;
        state.valid_from = state.flights + 1;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held leaves a usable state: its parts are assigned one by one
        // and none of them relies on another.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a caller gets at once.
enum AtHand {
    Token(Token),
    Landing(Landing),
}

impl State {
    fn at_hand(
        &mut self,
        client: &Client,
        operation: &'static Operation,
        rejected: Option<&Token>,
    ) -> Result<AtHand, Error> {
        let provider = match &self.source {
            TokenSource::Given(text) => return Ok(AtHand::Token(Token::given(text))),
            TokenSource::Nowhere => {
                return Err(Error::new(operation, Kind::Setup).because(
                    "the client has no credentials to fetch a token with; give them to its builder",
                ));
            }
            TokenSource::Fetched(provider) => provider.clone(),
        };
        let now = unix_seconds(client.inner.clock.now());
        let usable = self
            .token
            .as_ref()
            .filter(|token| {
                now < token.ends && rejected.is_none_or(|old| old.flight != token.flight)
            })
            .map(Token::cached);
        let landing = match &usable {
            Some(token) if now < token.renew || now < self.rests_until => None,
            _ => Some(self.landing(client, provider)),
        };
        Ok(match (usable, landing) {
            (Some(token), _) => AtHand::Token(token),
            (None, Some(landing)) => AtHand::Landing(landing),
            (None, None) => unreachable!("without a token there is a landing"),
        })
    }

    /// The fetch on its way, or a new one.
    fn landing(
        &mut self,
        client: &Client,
        provider: std::sync::Arc<dyn super::CredentialsProvider>,
    ) -> Landing {
        // A fetch whose task is gone without a word will not land any more.
        let on_its_way = self
            .landing
            .as_ref()
            .filter(|landing| landing.has_changed().is_ok());
        if let Some(landing) = on_its_way {
            return landing.clone();
        }
        self.flights += 1;
        let (sender, receiver) = watch::channel(None);
        let (client, flight) = (client.clone(), self.flights);
        // The fetch belongs to the trace of the caller that began it, whose span is let go before the
        // caller hears of the token.
        let span = tracing::Span::current();
        let flight = async move {
            let fetch = fetch(client.clone(), provider, flight);
            let landed = fetch.instrument(span).await;
            client.inner.tokens.lock().land(&client, flight, &landed);
            // Nobody may be waiting any more.
            let _ = sender.send(Some(landed));
        };
        // Who listens to the caller's log hears of its token too.
        tokio::spawn(flight.with_current_subscriber());
        self.landing = Some(receiver.clone());
        receiver
    }

    /// Keeps what a fetch brought.
    fn land(&mut self, client: &Client, flight: u64, landed: &Result<Token, Error>) {
        if flight < self.valid_from {
            return;
        }
        self.landing = None;
        match landed {
            Ok(token) => {
                self.token = Some(token.clone());
                self.failures = 0;
                self.rests_until = i64::MIN;
            }
            Err(_) => {
                let longest = (1_i64 << self.failures.min(6)).min(LONGEST_REST);
                let rest = longest as f64 * (1.0 + client.inner.random.fraction()) / 2.0;
                self.failures += 1;
                let now = unix_seconds(client.inner.clock.now());
                self.rests_until = now.saturating_add(rest.ceil() as i64);
            }
        }
    }
}

/// Asks the server, as a call like others: with attempts, pauses and a deadline of its own.
///
/// The type is written out because calls fetch tokens and fetching a token is a call.
fn fetch(
    client: Client,
    provider: std::sync::Arc<dyn super::CredentialsProvider>,
    flight: u64,
) -> Pin<Box<dyn Future<Output = Result<Token, Error>> + Send>> {
    Box::pin(async move {
        let Credentials {
            api_key,
            api_secret,
        } = provider.credentials().await.map_err(|error| {
            Error::new(&GET_TOKEN, Kind::Setup)
                .caused_by_boxed("the provider gave no credentials", error)
        })?;
        let request = client
            .client
            .post(format!("{}{}", client.baseurl, GET_TOKEN.path))
            .json(&GetTokenRequest::new(api_key, api_secret))
            .build()
            .map_err(progenitor_client::Error::from);
        let options = CallOptions::new(&client, &GET_TOKEN);
        let response = response::receive(&client, options, request).await?;
        if !response.is_success() {
            return Err(response.into_error());
        }
        let server_ahead = response.server_ahead();
        let granted = response.json::<Authentication>()?.into_inner();
        let now = unix_seconds(client.inner.clock.now());
        let chance = client.inner.random.fraction();
        Ok(Token::new(&granted, now, server_ahead, chance, flight))
    })
}

impl Token {
    /// A token's life is measured on the server's clock, so that a machine whose clock is wrong does
    /// not take it for ended, or for alive. Where the server's `Date` makes no sense beside
    /// `expiresAt`, this machine's clock has to do.
    fn new(
        granted: &Authentication,
        now: i64,
        server_ahead: Option<i64>,
        chance: f64,
        flight: u64,
    ) -> Self {
        let ends_here = |ahead: i64| granted.expires_at.saturating_sub(ahead);
        let ends = server_ahead
            .map(ends_here)
            .filter(|ends| *ends > now)
            .unwrap_or(granted.expires_at);
        let life = ends.saturating_sub(now).max(0);
        let jitter = (RENEW_AHEAD as f64 / 2.0 * chance) as i64;
        let ahead = (RENEW_AHEAD + jitter).min(life / 4);
        Self {
            text: granted.token.clone(),
            ends,
            renew: ends.saturating_sub(ahead),
            flight,
            fresh: true,
        }
    }

    /// A token that came from elsewhere; nobody here knows when it ends.
    fn given(text: &Secret) -> Self {
        Self {
            text: text.clone(),
            ends: i64::MAX,
            renew: i64::MAX,
            flight: 0,
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
