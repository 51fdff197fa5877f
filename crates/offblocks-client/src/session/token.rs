//! The bearer token: fetched on first use, renewed before its end, with one fetch for all callers.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use offblocks_types::{Authentication, Secret};
use tokio::sync::watch;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::{CredentialsProvider, TokenSource};
use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::{GET_TOKEN, Operation};

/// How long before its end a token is renewed, in seconds. A random time of up to half as much is added, so
/// that many programs that began together do not renew together. A token that lives for less than four
/// times as long is renewed in the last quarter of its life instead.
const RENEW_AHEAD: i64 = 60;

/// How long the next renewal waits at most after failures, in seconds. Meanwhile the token is used until
/// its end.
const LONGEST_REST: i64 = 60;

/// A token and when it ends.
#[derive(Clone)]
pub(crate) struct Token {
    /// The text behind `Bearer`.
    text: Secret,
    /// The last second in which it is valid (Unix time of this machine's clock).
    ends: i64,
    /// From when on it is renewed (Unix time of this machine's clock).
    renew: i64,
    /// The number of the fetch that returned it.
    fetch: u64,
    /// Whether it was fetched for this very call, so that it cannot be stale.
    fresh: bool,
}

/// The result of a fetch, for every call that waits for it.
type PendingFetch = watch::Receiver<Option<Result<Token, Error>>>;

/// Fetches a token from the server. It is given to the session as a value, because it is a call like
/// others, and calls use the session.
pub(crate) type FetchToken =
    fn(
        Client,
        Arc<dyn CredentialsProvider>,
    ) -> Pin<Box<dyn Future<Output = Result<FetchedToken, Error>> + Send>>;

/// What the server sent.
pub(crate) struct FetchedToken {
    pub granted: Authentication,
    /// By how many seconds the server's clock is ahead of this machine's, as far as `Date` says.
    pub server_ahead: Option<i64>,
}

/// The current token, and the fetch of the next one.
///
/// A fetch is a task of its own, so it outlives the callers that wait for it. When a caller with a short
/// deadline gives up, the token still arrives. While the token is valid, it is renewed in the background,
/// and no caller waits.
pub(crate) struct Tokens {
    fetch: FetchToken,
    state: Mutex<State>,
}

struct State {
    source: TokenSource,
    token: Option<Token>,
    /// The fetch that runs now.
    pending: Option<PendingFetch>,
    /// How many fetches have begun.
    fetches: u64,
    /// The first fetch with the current credentials. The token of an earlier one is not kept.
    valid_from: u64,
    /// How many fetches have failed in a row, and until when none is begun in the background.
    failures: u32,
    rests_until: i64,
}

impl Tokens {
    pub(crate) fn new(source: TokenSource, fetch: FetchToken) -> Self {
        let state = State {
            source,
            token: None,
            pending: None,
            fetches: 0,
            valid_from: 0,
            failures: 0,
            rests_until: i64::MIN,
        };
        Self {
            fetch,
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
        let fetch = self.fetch;
        let mut pending = match self.lock().current(client, operation, rejected, fetch)? {
            Current::Token(token) => return Ok(token),
            Current::Pending(pending) => pending,
        };
        let ended = pending.wait_for(Option::is_some).await;
        let ended = ended.ok().and_then(|ended| ended.clone());
        let ended = ended.unwrap_or_else(|| {
            // The runtime that drove the fetch is gone.
            Err(Error::new(&GET_TOKEN, Kind::Interrupted).because("its task has ended"))
        });
        ended.map_err(|error| error.on_behalf_of(operation))
    }

    /// Fetches from another source from now on, and drops the token.
    pub(crate) fn replace(&self, source: TokenSource) {
        let mut state = self.lock();
        state.source = source;
        state.token = None;
        state.pending = None;
        state.failures = 0;
        state.rests_until = i64::MIN;
        state.valid_from = state.fetches + 1;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held leaves a usable state: its parts are assigned one by one
        // and none of them relies on another.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The token that is available when a call needs one.
enum Current {
    Token(Token),
    Pending(PendingFetch),
}

impl State {
    fn current(
        &mut self,
        client: &Client,
        operation: &'static Operation,
        rejected: Option<&Token>,
        fetch: FetchToken,
    ) -> Result<Current, Error> {
        let provider = match &self.source {
            TokenSource::Given(text) => return Ok(Current::Token(Token::given(text))),
            TokenSource::Nowhere => {
                return Err(Error::new(operation, Kind::Setup).because(
                    "the client has no credentials to fetch a token with; give them to its builder",
                ));
            }
            TokenSource::Fetched(provider) => provider.clone(),
        };
        let now = client.inner.clock.unix_seconds();
        let usable = self
            .token
            .as_ref()
            .filter(|token| now < token.ends && rejected.is_none_or(|old| old.fetch != token.fetch))
            .map(Token::cached);
        let is_due = |token: &Token| now >= token.renew && now >= self.rests_until;
        match usable {
            Some(token) => {
                if is_due(&token) {
                    self.pending(client, provider, fetch);
                }
                Ok(Current::Token(token))
            }
            None => Ok(Current::Pending(self.pending(client, provider, fetch))),
        }
    }

    /// The fetch that runs now, or a new one.
    fn pending(
        &mut self,
        client: &Client,
        provider: Arc<dyn CredentialsProvider>,
        fetch: FetchToken,
    ) -> PendingFetch {
        // A fetch whose task was dropped sends no result any more.
        let pending = self.pending.as_ref();
        if let Some(pending) = pending.filter(|pending| pending.has_changed().is_ok()) {
            return pending.clone();
        }
        self.fetches += 1;
        let (sender, receiver) = watch::channel(None);
        let (client, number) = (client.clone(), self.fetches);
        // The fetch belongs to the trace of the caller that began it. The span is closed before the
        // caller receives the token.
        let span = tracing::Span::current();
        let task = async move {
            let fetched = fetch(client.clone(), provider).instrument(span).await;
            let ended = fetched.map(|fetched| Token::of(&client, &fetched, number));
            client.inner.tokens.lock().keep(&client, number, &ended);
            // All callers may have given up meanwhile.
            let _ = sender.send(Some(ended));
        };
        // The caller's subscriber records the fetch too.
        tokio::spawn(task.with_current_subscriber());
        self.pending = Some(receiver.clone());
        receiver
    }

    /// Keeps the token of a fetch, or remembers that it failed.
    fn keep(&mut self, client: &Client, fetch: u64, ended: &Result<Token, Error>) {
        if fetch < self.valid_from {
            return;
        }
        self.pending = None;
        match ended {
            Ok(token) => {
                self.token = Some(token.clone());
                self.failures = 0;
                self.rests_until = i64::MIN;
            }
            Err(_) => {
                let longest = (1_i64 << self.failures.min(6)).min(LONGEST_REST);
                let rest = longest as f64 * (1.0 + client.inner.random.fraction()) / 2.0;
                self.failures += 1;
                let now = client.inner.clock.unix_seconds();
                self.rests_until = now.saturating_add(rest.ceil() as i64);
            }
        }
    }
}

impl Token {
    fn of(client: &Client, fetched: &FetchedToken, fetch: u64) -> Self {
        let now = client.inner.clock.unix_seconds();
        let chance = client.inner.random.fraction();
        Self::new(&fetched.granted, now, fetched.server_ahead, chance, fetch)
    }

    /// The lifetime of a token is measured by the server's clock, so that a wrong clock of this machine
    /// makes no difference. Where the server's `Date` does not fit `expiresAt`, this machine's clock is
    /// used.
    fn new(
        granted: &Authentication,
        now: i64,
        server_ahead: Option<i64>,
        chance: f64,
        fetch: u64,
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
            fetch,
            fresh: true,
        }
    }

    /// A token that was given to the client. When it ends is not known.
    fn given(text: &Secret) -> Self {
        Self {
            text: text.clone(),
            ends: i64::MAX,
            renew: i64::MAX,
            fetch: 0,
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
