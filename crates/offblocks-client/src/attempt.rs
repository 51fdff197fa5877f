//! One call, attempt by attempt.
//!
//! A call is prepared once: its idempotency key and its headers stay. Each attempt then goes through
//! the same phases: a valid token, the caller's hooks, a fresh signature, sending and reading to the
//! end. The [policy](crate::retry) says what follows. Only the signature is made again for each
//! attempt, because it carries the time at which it was made.
//!
//! Between two awaits only the call itself owns state, so a call can be dropped at any of them.

use std::time::Duration;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use reqwest::Request;
use tracing::Instrument as _;

use crate::call::CallOptions;
use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::Operation;
use crate::hooks::{AfterResponse, BeforeSend};
use crate::read;
use crate::received::RawResponse;
use crate::retry::{Attempt, Outcome, RetryPolicy, Verdict};
use crate::session::{Session, Token};
use crate::settle;
use crate::signing;
use crate::span;
use crate::timer::within;

/// The header of the idempotency key.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Sends a call until it has its final response or its time is over.
pub(crate) async fn run(
    client: &Client,
    options: &CallOptions,
    request: Request,
) -> Result<RawResponse, Error> {
    let session = &client.inner;
    let deadline = options.deadline.unwrap_or(session.deadline);
    let call = Call {
        client,
        session,
        options,
        operation: options.operation,
        ends: session.timer.elapsed().saturating_add(deadline),
    };
    let mut course = Course::default();
    let driven = within(
        session.timer.as_ref(),
        deadline,
        call.drive(request, &mut course),
    );
    let ended = driven
        .await
        .unwrap_or_else(|| Err(course.out_of_time(options.operation, deadline)));
    let (key, attempts) = (options.key, course.attempts);
    match ended {
        Ok(response) => {
            let decided = response.is_success() || response.is_decision();
            let unknown = course.is_unknown(options.operation, decided);
            Ok(response.with_course(key, attempts, unknown))
        }
        Err(error) => {
            let unknown = course.is_unknown(options.operation, false);
            Err(error.with_course(key, attempts, unknown))
        }
    }
}

/// What has happened to a call so far.
#[derive(Debug, Default)]
struct Course {
    attempts: u32,
    /// Attempts that ended because a token or a time was rejected.
    rejections: u32,
    /// The token the server rejected.
    rejected: Option<Token>,
    /// Whether an attempt may have been carried out.
    unsure: bool,
    /// Whether an attempt is on its way.
    sent: bool,
    corrected: bool,
    /// Why the latest attempt failed.
    latest: Option<Error>,
}

impl Course {
    fn out_of_time(&mut self, operation: &'static Operation, deadline: Duration) -> Error {
        let reason = format!(
            "the deadline of {deadline:?} is over, after {} attempts",
            self.attempts
        );
        let error = Error::new(operation, Kind::Timeout);
        match self.latest.take() {
            Some(latest) => error.caused_by(&reason, latest),
            None => error.because(reason),
        }
    }

    /// Whether the call may have been carried out although it failed.
    fn is_unknown(&self, operation: &Operation, decided: bool) -> bool {
        operation.changes() && (self.unsure || self.sent) && !decided
    }
}

/// A call on its way.
struct Call<'c> {
    client: &'c Client,
    session: &'c Session,
    options: &'c CallOptions,
    operation: &'static Operation,
    /// When the deadline is over, by the timer.
    ends: Duration,
}

impl Call<'_> {
    async fn drive(&self, mut request: Request, course: &mut Course) -> Result<RawResponse, Error> {
        self.prepare(&mut request);
        let policy = self.options.retry.unwrap_or(self.session.retry);
        loop {
            course.attempts += 1;
            let mut sent = self.copy(&request)?;
            let token = self.token(course.rejected.as_ref()).await?;
            let span = span::attempt(self.operation, sent.url(), course.attempts);
            let ended = self
                .attempt(&mut sent, token.as_ref(), course)
                .instrument(span.clone())
                .await;
            span::record_attempt(&span, &ended);
            drop(span);
            let judged = self.judge(&policy, token.as_ref(), course, &ended);
            match judged {
                Verdict::RenewToken => {
                    course.rejections += 1;
                    course.rejected = token;
                }
                Verdict::CorrectClock => course.rejections += 1,
                Verdict::Retry(pause) if self.may_retry(pause) => {
                    course.latest = ended.err();
                    self.session.timer.sleep(pause).await;
                }
                _ => return self.settled(&request, course, ended).await,
            }
        }
    }

    /// What holds for all attempts.
    fn prepare(&self, request: &mut Request) {
        let headers = request.headers_mut();
        for (name, value) in &self.options.headers {
            headers.insert(name, value.clone());
        }
        if let Some(key) = self.options.key {
            let key = HeaderValue::try_from(key.to_string()).expect("a UUID is visible ASCII");
            headers.insert(IDEMPOTENCY_KEY, key);
        }
    }

    fn copy(&self, request: &Request) -> Result<Request, Error> {
        request.try_clone().ok_or_else(|| {
            Error::new(self.operation, Kind::Setup)
                .because("the body is a stream, which can be neither signed nor sent again")
        })
    }

    /// The bearer token where the contract asks for one.
    async fn token(&self, rejected: Option<&Token>) -> Result<Option<Token>, Error> {
        if !self.operation.bearer {
            return Ok(None);
        }
        let tokens = &self.session.tokens;
        let token = tokens.get(self.client, self.operation, rejected).await?;
        Ok(Some(token))
    }

    /// Waits for its turn, authorises, signs, sends, and reads the response to its end. The attempt is
    /// signed after the wait, so that no signature is old when it is sent.
    async fn attempt(
        &self,
        request: &mut Request,
        token: Option<&Token>,
        course: &mut Course,
    ) -> Result<RawResponse, Error> {
        let _place = self.session.in_flight.acquire().await;
        self.session.hooks.before_send(BeforeSend {
            operation: self.operation,
            attempt: course.attempts,
            idempotency_key: self.options.key,
            headers: request.headers_mut(),
        });
        if let Some(token) = token {
            authorise(self.operation, token, request)?;
        }
        let created = self.session.signing_time();
        signing::sign(&self.session.signer, created, self.operation, request).await?;
        course.sent = true;
        let started = self.session.timer.elapsed();
        let ended = self.exchange(self.copy(request)?).await;
        course.sent = false;
        course.unsure |= is_unsure(&ended);
        let took = self.session.timer.elapsed().saturating_sub(started);
        let after = AfterResponse::new(self.operation, course.attempts, &ended, took);
        self.session.hooks.after_response(&after);
        ended
    }

    async fn exchange(&self, request: Request) -> Result<RawResponse, Error> {
        let timeout = self.options.timeout.unwrap_or(self.session.timeout);
        let sending = self.now();
        let exchange = async {
            let response = self.client.client.execute(request).await;
            read::read(self.client, self.operation, response, sending).await
        };
        let ended = within(self.session.timer.as_ref(), timeout, exchange).await;
        ended.unwrap_or_else(|| {
            let reason = format!("no whole response came within {timeout:?}");
            Err(Error::new(self.operation, Kind::Timeout).because(reason))
        })
    }

    fn judge(
        &self,
        policy: &RetryPolicy,
        token: Option<&Token>,
        course: &mut Course,
        ended: &Result<RawResponse, Error>,
    ) -> Verdict {
        if let Ok(response) = ended {
            if response.is_success() {
                let retried = course.attempts > course.rejections + 1;
                self.session.budget.succeeded(retried);
                return Verdict::Done;
            }
            if self.corrects(response, course) {
                return Verdict::CorrectClock;
            }
        }
        let attempt = Attempt {
            number: course.attempts - course.rejections,
            outcome: outcome(ended),
            repeatable: !self.operation.changes() || self.options.key.is_some(),
            keyed: self.options.key.is_some(),
            token_cached: token.is_some_and(Token::is_cached),
            token_renewed: course.rejected.is_some(),
            retry_after: ended
                .as_ref()
                .ok()
                .and_then(|response| response.retry_after(self.now())),
        };
        policy.judge(&attempt, self.session.random.fraction())
    }

    /// Takes the server's time from a rejection, once for each call, where the client is set to do so.
    fn corrects(&self, response: &RawResponse, course: &mut Course) -> bool {
        let Some(skew) = response.clock_skew() else {
            return false;
        };
        if !self.session.skew.corrects() || std::mem::replace(&mut course.corrected, true) {
            return false;
        }
        self.session.skew.learn(&skew);
        true
    }

    /// Whether there is time and budget for another attempt after this pause.
    fn may_retry(&self, pause: Duration) -> bool {
        let left = self.ends.saturating_sub(self.session.timer.elapsed());
        pause < left && self.session.budget.take()
    }

    /// A rejection that an earlier attempt of the same call may have caused is settled by reading.
    async fn settled(
        &self,
        request: &Request,
        course: &Course,
        ended: Result<RawResponse, Error>,
    ) -> Result<RawResponse, Error> {
        match ended {
            Ok(response) if course.unsure && !response.is_success() => {
                // The read goes through the same loop, which settles nothing for a read.
                let (client, operation) = (self.client, self.operation);
                let send = |options, request| Box::pin(read_back(client, options, request));
                settle::settle(client, operation, request.url(), response, send).await
            }
            ended => ended,
        }
    }

    fn now(&self) -> std::time::SystemTime {
        self.session.clock.now()
    }
}

/// Reads a resource to settle a call.
async fn read_back(
    client: &Client,
    options: CallOptions,
    request: Request,
) -> Result<RawResponse, Error> {
    run(client, &options, request).await
}

/// Whether an attempt that ended like this may have been carried out. Gateways have statuses of
/// their own for a server that has not responded in time (524), and only two of the 5xx say that
/// nothing was done.
fn is_unsure(ended: &Result<RawResponse, Error>) -> bool {
    match ended {
        Ok(response) => {
            response.is_still_running() || matches!(response.status(), 500 | 502..=504 | 506..=599)
        }
        Err(error) => error.has_kind(Kind::Timeout) || error.has_kind(Kind::Interrupted),
    }
}

fn outcome(ended: &Result<RawResponse, Error>) -> Outcome {
    match ended {
        Ok(response) => Outcome::Status(response.status_code()),
        Err(error) if error.has_kind(Kind::Connect) => Outcome::NotSent,
        Err(error) if error.has_kind(Kind::Setup) => Outcome::Final,
        Err(_) => Outcome::Unknown,
    }
}

fn authorise(
    operation: &'static Operation,
    token: &Token,
    request: &mut Request,
) -> Result<(), Error> {
    let value = HeaderValue::try_from(format!("Bearer {}", token.text()));
    let mut value = value.map_err(|_| {
        Error::new(operation, Kind::Setup)
            .because("the token holds characters that cannot stand in a header")
    })?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}
