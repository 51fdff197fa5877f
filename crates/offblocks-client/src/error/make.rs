//! The constructors of errors.

use std::sync::Arc;

use http::{HeaderMap, StatusCode};

use super::{Body, Error, Inner, Kind, redact};
use crate::generated::operations::Operation;

impl Error {
    pub(crate) fn new(operation: &'static Operation, kind: Kind) -> Self {
        let inner = Inner {
            kind,
            status: None,
            request_id: None,
            body: Body::default(),
            reason: None,
            source: None,
        };
        Self {
            operation,
            on_behalf_of: None,
            inner: Arc::new(inner),
        }
    }

    /// Nothing (whole) came back.
    pub(crate) fn transport(
        operation: &'static Operation,
        error: progenitor_client::Error,
    ) -> Self {
        match error {
            progenitor_client::Error::CommunicationError(error)
            | progenitor_client::Error::ResponseBodyError(error) => {
                Self::interrupted(operation, error)
            }
            other => Self::new(operation, Kind::Setup).because(redact::digits(&other.to_string())),
        }
    }

    /// The HTTP library's error, in this crate's words.
    pub(crate) fn interrupted(operation: &'static Operation, error: reqwest::Error) -> Self {
        let kind = match () {
            () if error.is_connect() => Kind::Connect,
            () if error.is_timeout() => Kind::Timeout,
            () if error.is_builder() => Kind::Setup,
            () => Kind::Interrupted,
        };
        Self::new(operation, kind).edit(|inner| inner.source = Some(Box::new(error.without_url())))
    }

    /// Adds what is known in words.
    pub(crate) fn because(self, reason: impl Into<String>) -> Self {
        self.edit(|inner| inner.reason = Some(reason.into()))
    }

    /// Adds what is known in words, and the error beneath.
    pub(crate) fn caused_by(
        self,
        reason: &str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        self.edit(|inner| {
            inner.reason = Some(reason.to_owned());
            inner.source = Some(Box::new(source));
        })
    }

    /// Adds what the server said.
    pub(crate) fn answered(self, status: StatusCode, headers: &HeaderMap, body: Body) -> Self {
        let private = self.operation.path.starts_with("/auth/");
        self.edit(|inner| {
            inner.status = Some(status);
            inner.request_id = request_id(headers).map(str::to_owned);
            inner.body = body.guarded(private, status);
        })
    }

    /// Says for which call a token was wanted.
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
    fn edit(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.inner) {
            change(inner);
        }
        self
    }
}

/// The header by which servers name a request.
const REQUEST_ID: &str = "x-request-id";

/// The server's name for a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get(REQUEST_ID)?.to_str().ok()
}
