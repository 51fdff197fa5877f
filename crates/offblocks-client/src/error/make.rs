//! The constructors of errors.

use std::error::Error as StdError;
use std::sync::Arc;

use uuid::Uuid;

use super::{Error, Inner, Kind};
use crate::generated::operations::Operation;
use crate::received::{Failure, RawResponse, digits, printable};

/// How much of another library's text is quoted, in characters.
const QUOTED: usize = 200;

/// The text of the innermost error: "connection refused" says more than the texts of the outer errors.
fn deepest(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(beneath) = cause.source() {
        cause = beneath;
    }
    digits(&printable(&cause.to_string(), QUOTED))
}

impl Error {
    pub(crate) fn new(operation: &'static Operation, kind: Kind) -> Self {
        Self {
            operation,
            on_behalf_of: None,
            key: None,
            attempts: 0,
            unknown: false,
            inner: Arc::new(Inner::new(kind)),
        }
    }

    /// The arguments make no request.
    pub(crate) fn unbuilt(operation: &'static Operation, error: progenitor_client::Error) -> Self {
        Self::new(operation, Kind::Setup).because(digits(&error.to_string()))
    }

    /// The HTTP library's error, in this crate's words. `proxy` is what the text says of the proxy.
    pub(crate) fn interrupted(
        operation: &'static Operation,
        error: reqwest::Error,
        proxy: Option<&str>,
    ) -> Self {
        let kind = match () {
            () if error.is_connect() => Kind::Connect,
            () if error.is_timeout() => Kind::Timeout,
            () if error.is_builder() => Kind::Setup,
            () => Kind::Interrupted,
        };
        let error = error.without_url();
        let cause = deepest(&error);
        let reason = match (kind, proxy) {
            (Kind::Connect, Some(proxy)) => format!("{cause}; {proxy}"),
            _ => cause,
        };
        Self::new(operation, kind).caused_by(&reason, error)
    }

    /// Adds a reason in words.
    pub(crate) fn because(self, reason: impl Into<String>) -> Self {
        self.edit(|inner| inner.reason = Some(reason.into()))
    }

    /// Adds a reason in words, and the source error.
    pub(crate) fn caused_by(
        self,
        reason: &str,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        self.caused_by_boxed(reason, Box::new(source))
    }

    /// As [`caused_by`](Self::caused_by), for an error of any type.
    pub(crate) fn caused_by_boxed(
        self,
        reason: &str,
        source: Box<dyn StdError + Send + Sync>,
    ) -> Self {
        self.edit(|inner| {
            inner.reason = Some(reason.to_owned());
            inner.source = Some(source);
        })
    }

    /// Adds the place in the body.
    pub(crate) fn at(self, pointer: String) -> Self {
        self.edit(|inner| inner.pointer = Some(pointer))
    }

    /// Adds the response of the server.
    pub(crate) fn with_response(self, response: RawResponse) -> Self {
        self.failed(response.into_failure())
    }

    pub(super) fn failed(mut self, failure: Failure) -> Self {
        let private = self.operation.path.starts_with("/auth/");
        self.key = failure.key;
        self.attempts = failure.attempts;
        self.unknown = failure.unknown;
        self.edit(|inner| {
            inner.status = Some(failure.status);
            inner.headers = failure.headers;
            inner.body = failure.body.guarded(private, failure.status);
            inner.skew = failure.skew;
            inner.retry_after = failure.retry_after;
        })
    }

    /// Adds the head of a response that broke off in its body.
    pub(crate) fn with_head(self, response: RawResponse) -> Self {
        let (status, headers) = (response.status_code(), response.headers().clone());
        self.edit(|inner| {
            inner.status = Some(status);
            inner.headers = headers;
        })
    }

    /// Adds what happened to the call as a whole.
    pub(crate) fn with_course(self, key: Option<Uuid>, attempts: u32, unknown: bool) -> Self {
        Self {
            key,
            attempts,
            unknown,
            ..self
        }
    }

    /// Says for which call a token was fetched.
    pub(crate) fn on_behalf_of(self, operation: &'static Operation) -> Self {
        match operation == self.operation {
            true => self,
            false => Self {
                on_behalf_of: Some(operation),
                ..self
            },
        }
    }

    /// Errors are finished before they are shared, so there is one owner here.
    pub(super) fn edit(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            change(inner);
        }
        self
    }
}
