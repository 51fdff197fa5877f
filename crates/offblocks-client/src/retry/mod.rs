//! Which failures are tried again, when, and how often.
//!
//! Nothing here waits or sends: [`RetryPolicy::judge`] decides by the outcome of an attempt, and the loop
//! in `attempt` carries the decision out.
//
// Why this is our own code: backon and tokio-retry2 make sequences of pauses but have no budget, and
// take the pause's randomness from a generator of their own; tower's budget reads
// `tokio::time::Instant`, so that neither could be driven by the client's own clock and randomness.
// None of them has `Retry-After` with a cap or the rules for idempotency keys, which are the purpose of this
// module. The rest is a power of two and a counter.

mod after;
mod budget;

use std::time::Duration;

use http::StatusCode;

pub(crate) use after::{date, retry_after};
pub use budget::RetryBudget;

/// When a failed attempt is followed by another one.
///
/// An attempt is repeated after a failed connection, a timeout, an exchange that broke off, and the
/// statuses 408, 429, 500, 502, 503 and 504. This holds for reads, for calls that carry an idempotency key
/// (whose repetition the server recognises), and where nothing was sent at all. A 409 that says that the
/// same key is still running is repeated after a pause. Other statuses (another 409, 400, 404, 422 and the
/// rest) are not. A 401 is repeated once, with a new token.
///
/// Pauses have full jitter: a random time between zero and `first_pause`, doubled for each attempt, up to
/// `longest_pause`. The client waits for the whole `Retry-After` of the server, up to
/// `longest_retry_after`. When the server asks for more, the call ends with the server's response. A
/// `Retry-After` that is shorter than the pause, such as a date that has passed, does not shorten the
/// pause. There is no pause before the first attempt. All attempts of all calls share a [`RetryBudget`].
///
/// ```
/// use std::time::Duration;
///
/// use offblocks_client::{Client, RetryPolicy};
///
/// let patient = RetryPolicy {
///     attempts: 8,
///     longest_pause: Duration::from_secs(20),
///     ..RetryPolicy::default()
/// };
/// let builder = Client::builder().retry(patient);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many attempts a call has at most, the first one included.
    pub attempts: u32,
    /// The upper bound of the first pause.
    pub first_pause: Duration,
    /// The upper bound of every pause that the server did not ask for.
    pub longest_pause: Duration,
    /// The longest `Retry-After` that is waited for.
    pub longest_retry_after: Duration,
}

impl Default for RetryPolicy {
    /// Four attempts, with pauses of up to 200 milliseconds at first and five seconds at most; a
    /// `Retry-After` of up to 30 seconds is waited for.
    fn default() -> Self {
        Self {
            attempts: 4,
            first_pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(5),
            longest_retry_after: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// One attempt. A rejected token is renewed nevertheless, because the server did nothing with the call.
    ///
    /// ```
    /// assert_eq!(offblocks_client::RetryPolicy::none().attempts, 1);
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self::default().with_attempts(1)
    }

    /// The same policy with another number of attempts.
    ///
    /// ```
    /// let policy = offblocks_client::RetryPolicy::default().with_attempts(6);
    /// assert_eq!(policy.attempts, 6);
    /// ```
    #[must_use]
    pub fn with_attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    /// What follows an attempt.
    pub(crate) fn judge(&self, attempt: &Attempt, random: f64) -> Verdict {
        if attempt.outcome == Outcome::Status(StatusCode::UNAUTHORIZED) {
            return match attempt.token_renewed || !attempt.token_cached {
                true => Verdict::Done,
                false => Verdict::RenewToken,
            };
        }
        if attempt.number >= self.attempts || !attempt.passes() {
            return Verdict::Done;
        }
        let pause = self.pause(attempt.number).mul_f64(random);
        match attempt.retry_after {
            Some(asked) if asked > self.longest_retry_after => Verdict::Done,
            Some(asked) => Verdict::Retry(asked.max(pause)),
            None => Verdict::Retry(pause),
        }
    }

    /// The upper bound of the pause after this attempt; attempts count from one.
    fn pause(&self, attempt: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1));
        self.first_pause
            .saturating_mul(factor.unwrap_or(u32::MAX))
            .min(self.longest_pause)
    }
}

/// The outcome of one attempt, as far as a policy needs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt {
    /// Counts from one.
    pub number: u32,
    pub outcome: Outcome,
    /// Whether the call may be sent twice: it reads, or carries an idempotency key.
    pub repeatable: bool,
    /// Whether it carries an idempotency key.
    pub keyed: bool,
    /// Whether the token was fetched for an earlier call.
    pub token_cached: bool,
    /// Whether this call has renewed the token already.
    pub token_renewed: bool,
    pub retry_after: Option<Duration>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Status(StatusCode),
    /// Nothing was sent, since there was no connection.
    NotSent,
    /// It was sent, and no whole response came.
    Unknown,
    /// It could not be sent, and another attempt would not change that.
    Final,
}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The outcome is final.
    Done,
    /// The token is renewed and the call sent again.
    RenewToken,
    /// The call is sent again with the server's time. As with a token, the server has done nothing
    /// with the attempt, so it costs no budget.
    CorrectClock,
    /// The call is sent again after this pause.
    Retry(Duration),
}

impl Attempt {
    fn passes(&self) -> bool {
        match self.outcome {
            Outcome::Final => false,
            Outcome::NotSent => true,
            Outcome::Unknown => self.repeatable,
            Outcome::Status(StatusCode::CONFLICT) => self.is_still_running(),
            Outcome::Status(status) => self.repeatable && passes(status),
        }
    }

    fn is_still_running(&self) -> bool {
        self.keyed && is_still_running(self.outcome, self.retry_after)
    }
}

/// Whether a 409 comes from the idempotency layer: the first request with this key still runs. It is
/// recognised by its `Retry-After` (RFC 9110, section 10.2.3), which makes sense there alone: a
/// resource in the wrong state does not change by waiting. `offblocks-server` and the sandbox send
/// it; the guides of OffBlocks name the 409 and leave its headers open.
pub(crate) fn is_still_running(outcome: Outcome, retry_after: Option<Duration>) -> bool {
    outcome == Outcome::Status(StatusCode::CONFLICT) && retry_after.is_some()
}

/// Whether the reason of a status can be temporary, so that the same call can succeed later.
pub(crate) fn passes(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests;
