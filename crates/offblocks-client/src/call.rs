//! The options that every call has.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::generated::Client;
use crate::generated::operations::Operation;
use crate::retry::RetryPolicy;

/// The options of one call. Clones of the call share the idempotency key.
#[derive(Clone)]
pub(crate) struct CallOptions {
    pub operation: &'static Operation,
    /// The key, where the operation carries one: made with the call, so that a loop around a cloned
    /// call repeats the call and does not make another one.
    pub key: Option<Uuid>,
    pub timeout: Option<Duration>,
    pub deadline: Option<Duration>,
    pub retry: Option<RetryPolicy>,
    pub headers: HeaderMap,
}

impl CallOptions {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            operation,
            key: operation.idempotent.then(|| client.inner.random.uuid()),
            timeout: None,
            deadline: None,
            retry: None,
            headers: HeaderMap::new(),
        }
    }

    /// Adds a header. One that a signature or a session sets is set by them afterwards.
    pub(crate) fn header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }
}

/// Shows the names of headers alone, because their values may be secrets.
impl fmt::Debug for CallOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        formatter
            .debug_struct("CallOptions")
            .field("operation", &self.operation.id)
            .field("idempotency_key", &self.key)
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("retry", &self.retry)
            .field("headers", &headers)
            .finish()
    }
}

/// Gives a generated call the functions that all calls have, and makes it a future.
macro_rules! options {
    (keyed $call:ident { $client:ident, $options:ident } => $success:ty) => {
        impl $call {
            /// The key under which the server recognises a repetition of this call, for an hour.
            ///
            /// A call has a fresh key from the moment it is built, and keeps it for all its attempts.
            /// Clones of the call share it, so that sending a clone again repeats the call. Give a
            /// key of your own, kept in your database, to be able to repeat the call after a crash.
            pub fn idempotency_key(mut self, key: uuid::Uuid) -> Self {
                self.$options.key = Some(key);
                self
            }

            /// The idempotency key that this call is sent with.
            #[must_use]
            pub fn key(&self) -> Option<uuid::Uuid> {
                self.$options.key
            }
        }

        crate::call::options! { $call { $client, $options } => $success }
    };
    ($call:ident { $client:ident, $options:ident } => $success:ty) => {
        impl $call {
            /// How long one attempt may take, instead of the client's
            /// [timeout](crate::ClientBuilder::timeout).
            pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
                self.$options.timeout = Some(timeout);
                self
            }

            /// How long the whole call may take, with its token, all attempts and the pauses between
            /// them, instead of the client's [deadline](crate::ClientBuilder::deadline).
            pub fn deadline(mut self, deadline: std::time::Duration) -> Self {
                self.$options.deadline = Some(deadline);
                self
            }

            /// Which failures are tried again, and how often, instead of the client's
            /// [policy](crate::ClientBuilder::retry).
            pub fn retry(mut self, policy: crate::RetryPolicy) -> Self {
                self.$options.retry = Some(policy);
                self
            }

            /// Sends a header besides those of the contract. The contract's own headers
            /// (`Authorization`, `Idempotency-Key`, signature and digest) cannot be replaced.
            pub fn header(mut self, name: http::HeaderName, value: http::HeaderValue) -> Self {
                self.$options.header(name, value);
                self
            }

            /// Sends the call and blocks the thread until it ends. It needs no async runtime, and must
            /// not be used inside one.
            ///
            /// # Errors
            /// As `send`, and inside an async runtime.
            #[cfg(feature = "blocking")]
            pub fn send_blocking(self) -> Result<crate::ResponseValue<$success>, crate::Error> {
                crate::blocking::run(self.$options.operation, self.send())
            }

            /// What the contract says of this operation.
            #[must_use]
            pub fn operation(&self) -> &'static crate::Operation {
                self.$options.operation
            }
        }

        /// Awaiting a call sends it.
        impl std::future::IntoFuture for $call {
            type Output = Result<crate::ResponseValue<$success>, crate::Error>;
            type IntoFuture =
                std::pin::Pin<Box<dyn std::future::Future<Output = Self::Output> + Send + 'static>>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}

pub(crate) use options;
