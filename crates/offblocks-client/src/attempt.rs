//! One call, attempt by attempt.
//!
//! A call is [prepared](prepare) once: its idempotency key is made and stays. Each attempt then
//! goes through the same phases: [authorise](authorise) with the current token, [sign](sign) anew,
//! send, and [judge](crate::retry) the response. Only the signature is made again for each
//! attempt, because it carries the time at which it was made.

use http::header::AUTHORIZATION;
use http::{HeaderValue, Uri};
use reqwest::{Request, Response};

use crate::clock::unix_seconds;
use crate::error::{Error, Kind};
use crate::generated::Client;
use crate::generated::operations::Operation;
use crate::retry::Verdict;
use crate::session::Token;

/// The header of the idempotency key.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Where a call ends without a response.
pub(crate) enum Failure {
    /// Nothing (whole) came back.
    Transport(reqwest::Error),
    /// The session rejected the call before anything was sent.
    Session(Error),
}

/// Sends a call until its response stands.
pub(crate) async fn run(
    client: &Client,
    operation: &'static Operation,
    mut request: Request,
) -> Result<Response, Failure> {
    prepare(client, operation, &mut request);
    let mut rejected = None;
    for attempt in 1.. {
        let mut sent = copy(operation, &request)?;
        let token = authorise(client, operation, rejected.as_ref(), &mut sent).await?;
        sign(client, operation, &mut sent)?;
        let response = client
            .client
            .execute(sent)
            .await
            .map_err(Failure::Transport)?;
        let cached = token.as_ref().is_some_and(Token::is_cached);
        match client.inner.retry.judge(attempt, cached, response.status()) {
            Verdict::Done => return Ok(response),
            Verdict::RenewToken => rejected = token,
        }
    }
    unreachable!("a retry policy ends every call")
}

/// What holds for all attempts: the idempotency key, and how long each of them may take.
fn prepare(client: &Client, operation: &'static Operation, request: &mut Request) {
    let session = &client.inner;
    request.timeout_mut().get_or_insert(session.timeout);
    if operation.idempotent && !request.headers().contains_key(IDEMPOTENCY_KEY) {
        let key = session.random.uuid().to_string();
        let key = HeaderValue::try_from(key).expect("a UUID is visible ASCII");
        request.headers_mut().insert(IDEMPOTENCY_KEY, key);
    }
}

fn copy(operation: &'static Operation, request: &Request) -> Result<Request, Failure> {
    request.try_clone().ok_or_else(|| {
        let error = Error::new(operation, Kind::Setup)
            .because("the body is a stream, which can be neither signed nor sent again");
        Failure::Session(error)
    })
}

/// Adds the bearer token where the contract asks for one.
async fn authorise(
    client: &Client,
    operation: &'static Operation,
    rejected: Option<&Token>,
    request: &mut Request,
) -> Result<Option<Token>, Failure> {
    if !operation.bearer {
        return Ok(None);
    }
    let tokens = &client.inner.tokens;
    let token = match rejected {
        None => tokens.get(client, operation).await,
        Some(rejected) => tokens.renew(client, operation, rejected).await,
    };
    let token = token.map_err(Failure::Session)?;
    let value = HeaderValue::try_from(format!("Bearer {}", token.text()));
    let mut value = value.map_err(|_| {
        let error = Error::new(operation, Kind::Decode)
            .because("the token the server gave cannot stand in a header");
        Failure::Session(error)
    })?;
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(Some(token))
}

/// Signs the attempt, and adds the digest of its body, where the contract asks for it.
fn sign(
    client: &Client,
    operation: &'static Operation,
    request: &mut Request,
) -> Result<(), Failure> {
    if !operation.signed {
        return Ok(());
    }
    let reject = |error: Error| Failure::Session(error);
    let session = &client.inner;
    let signer = session.signer.as_ref().ok_or_else(|| {
        reject(Error::new(operation, Kind::Setup).because(
            "the call must be signed and the client has no signing key; give one to its builder",
        ))
    })?;
    let uri: Uri = request.url().as_str().parse().map_err(|error| {
        reject(Error::new(operation, Kind::Setup).caused_by("the URL cannot be signed", error))
    })?;
    let mut headers = std::mem::take(request.headers_mut());
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let created = unix_seconds(session.clock.now());
    let signed = signer.sign(request.method(), &uri, &mut headers, body, created);
    *request.headers_mut() = headers;
    signed.map_err(|error| {
        reject(Error::new(operation, Kind::Setup).caused_by("signing failed", error))
    })
}
