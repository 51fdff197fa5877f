//! Correct and wrong calls over HTTP. Each exchange is checked.

use std::time::Duration;

use conformance::{
    Base, Checker, ConformanceReport, Contract, Exchange, Headers, Intent, Operation, Probe,
    ReceivedResponse, recorded,
};
use indicatif::{ProgressBar, ProgressStyle};
use offblocks_signature::{CONTENT_DIGEST, ContentDigest, Signer, SigningKey};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;
use uuid::Uuid;

use super::session::Session;
use crate::failure::Failure;
use crate::key_file;
use crate::system;

/// How long a response may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How much of a response is read, in bytes.
const LIMIT: usize = 16 << 20;

/// Calls a server and checks its responses.
pub(super) struct Caller<'c> {
    pub(super) contract: &'c Contract,
    checker: Checker<'c>,
    http: reqwest::Client,
    base_url: String,
    signer: Signer,
    /// Signs with the same key id, but with a key that is not registered.
    unregistered: Signer,
    token: Option<String>,
    /// The exchanges as lines, with `--record`.
    lines: Option<String>,
    /// The progress of the run, shown on a terminal.
    progress: ProgressBar,
}

/// A call to make.
#[derive(Debug, Clone)]
pub(super) struct Call<'c> {
    /// The operation; `None` for an undeclared method.
    pub(super) operation: Option<&'c Operation>,
    pub(super) method: String,
    /// The path below the base, its parameters filled in.
    pub(super) path: String,
    pub(super) body: Vec<u8>,
    pub(super) key: Option<Uuid>,
    pub(super) intent: Intent,
    /// For a repeated call: the first response.
    pub(super) first_response: Option<ReceivedResponse>,
}

impl<'c> Call<'c> {
    /// A call that conforms to the contract.
    pub(super) fn of(operation: &'c Operation, path: impl Into<String>) -> Self {
        Self {
            operation: Some(operation),
            method: operation.method.clone(),
            path: path.into(),
            body: Vec::new(),
            key: None,
            intent: Intent::Ordinary,
            first_response: None,
        }
    }

    pub(super) fn json(self, body: Option<&Value>) -> Self {
        let body = body.map(|body| body.to_string().into_bytes());
        let body = body.unwrap_or_default();
        Self { body, ..self }
    }

    pub(super) fn probing(self, probe: Probe) -> Self {
        let intent = Intent::Probe(probe);
        Self { intent, ..self }
    }

    fn probe(&self) -> Option<Probe> {
        match self.intent {
            Intent::Probe(probe) => Some(probe),
            _ => None,
        }
    }
}

impl<'c> Caller<'c> {
    pub(super) fn new(
        contract: &'c Contract,
        session: &Session,
        record: bool,
    ) -> Result<Self, Failure> {
        let id = key_file::key_id(session.key_id);
        let unregistered = SigningKey::generate();
        let unregistered =
            unregistered.map_err(|error| Failure::new("a key could not be created", error))?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("offblocks-conformance/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Failure::new("an HTTP client could not be created", error))?;
        Ok(Self {
            contract,
            checker: Checker::new(contract, Some(Base::of(&session.base_url))),
            http,
            base_url: session.base_url.clone(),
            signer: Signer::new(session.key.clone(), &id),
            unregistered: Signer::new(unregistered, &id),
            token: None,
            lines: record.then(String::new),
            progress: progress(),
        })
    }

    /// Sets the token of the calls that follow.
    pub(super) fn set_token(&mut self, token: String) {
        self.token = Some(token);
    }

    /// Sends a call and checks the exchange.
    pub(super) async fn send(&mut self, call: Call<'c>) -> Result<ReceivedResponse, Failure> {
        let url = format!("{}{}", self.base_url, call.path);
        let name = call.operation.map(|operation| operation.id.clone());
        self.progress.set_message(name.unwrap_or_default());
        self.progress.inc(1);
        let mut exchange = Exchange::new(&call.method, url, call.intent);
        let request = self.request(&call, &exchange.url)?;
        exchange.headers = plain(request.headers());
        exchange.response = self.receive(request).await?;
        exchange.body = call.body;
        exchange.first_response = call.first_response;
        self.checker.check(&exchange);
        if let Some(lines) = &mut self.lines {
            lines.push_str(&recorded::write(&exchange));
        }
        Ok(exchange.response)
    }

    /// The report, and the exchanges as lines.
    pub(super) fn finish(self, subject: &str) -> (ConformanceReport, String) {
        self.progress.finish_and_clear();
        (self.checker.finish(subject), self.lines.unwrap_or_default())
    }

    async fn receive(&self, request: reqwest::Request) -> Result<ReceivedResponse, Failure> {
        let lost = |error: reqwest::Error| {
            Failure::new("the server does not respond", error.without_url())
        };
        let mut response = self.http.execute(request).await.map_err(lost)?;
        let mut received = ReceivedResponse {
            status: response.status().as_u16(),
            headers: plain(response.headers()),
            ..ReceivedResponse::default()
        };
        while let Some(chunk) = response.chunk().await.map_err(lost)? {
            if received.body.len() + chunk.len() > LIMIT {
                return Err(Failure::because("a response is larger than 16 MiB"));
            }
            received.body.extend_from_slice(&chunk);
        }
        Ok(received)
    }

    fn request(&self, call: &Call<'_>, url: &str) -> Result<reqwest::Request, Failure> {
        let uri: http::Uri = url
            .parse()
            .map_err(|error| Failure::new("the URL cannot be called", error))?;
        let method: http::Method = call
            .method
            .parse()
            .map_err(|error| Failure::new("the method cannot be called", error))?;
        let mut headers = HeaderMap::new();
        if !call.body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        self.add_token(call, &mut headers)?;
        self.add_key(call, &mut headers)?;
        self.sign(call, (&method, &uri), &mut headers)?;
        let mut request = http::Request::builder().method(method).uri(uri);
        if let Some(of_request) = request.headers_mut() {
            *of_request = headers;
        }
        let request = request
            .body(call.body.clone())
            .map_err(|error| Failure::new("the call cannot be made", error))?;
        reqwest::Request::try_from(request)
            .map_err(|error| Failure::new("the call cannot be made", error.without_url()))
    }

    fn add_token(&self, call: &Call<'_>, headers: &mut HeaderMap) -> Result<(), Failure> {
        let needed = call.operation.is_none_or(|operation| operation.needs_token);
        let token = match call.probe() {
            Some(Probe::MissingToken) => None,
            Some(Probe::WrongToken) => Some("unknown"),
            _ => self.token.as_deref().filter(|_| needed),
        };
        let Some(token) = token else { return Ok(()) };
        let value = HeaderValue::from_str(&format!("Bearer {token}"));
        let mut value = value.map_err(|_| Failure::because("the token cannot be sent"))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
        Ok(())
    }

    /// Adds an idempotency key where the contract has one: the call's own, or a fresh one.
    fn add_key(&self, call: &Call<'_>, headers: &mut HeaderMap) -> Result<(), Failure> {
        let header = call
            .operation
            .and_then(|it| it.parameter("header", "idempotency-key"));
        if header.is_none() || call.probe() == Some(Probe::MissingKey) {
            return Ok(());
        }
        let key = call.key.map_or_else(system::random_id, Ok)?;
        let value = HeaderValue::from_str(&key.to_string());
        let value = value.map_err(|_| Failure::because("the key cannot be sent"))?;
        headers.insert("idempotency-key", value);
        Ok(())
    }

    fn sign(
        &self,
        call: &Call<'_>,
        (method, uri): (&http::Method, &http::Uri),
        headers: &mut HeaderMap,
    ) -> Result<(), Failure> {
        if !call.operation.is_none_or(Operation::is_signed) {
            return Ok(());
        }
        let another = [&call.body[..], b" "].concat();
        let (signer, body): (_, &[u8]) = match call.probe() {
            Some(Probe::MissingSignature) => return add_digest(call, headers),
            Some(Probe::WrongSignature) => (&self.unregistered, &call.body),
            Some(Probe::MissingDigest) => (&self.signer, &[]),
            Some(Probe::WrongDigest) => (&self.signer, &another),
            _ => (&self.signer, &call.body),
        };
        signer
            .sign(method, uri, headers, body, system::now()?)
            .map_err(|error| Failure::new("signing failed", error))
    }
}

/// How many calls were made, for how long, and which one is being made. Nothing is drawn where
/// standard error is not a terminal.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {pos} calls in {elapsed}: {msg}");
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// The digest alone, where the contract requires one.
fn add_digest(call: &Call<'_>, headers: &mut HeaderMap) -> Result<(), Failure> {
    if call.body.is_empty() {
        return Ok(());
    }
    let digest = ContentDigest::sha512(&call.body).to_string();
    let digest = HeaderValue::from_str(&digest);
    let digest = digest.map_err(|_| Failure::because("the digest cannot be sent"))?;
    headers.insert(CONTENT_DIGEST, digest);
    Ok(())
}

fn plain(headers: &HeaderMap) -> Headers {
    let fields = headers.iter();
    fields
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect()
}
