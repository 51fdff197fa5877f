//! The response to a call, with its value.

use std::ops::Deref;

use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::drift;
use crate::error::{Error, Kind, unreadable};
use crate::generated::operations::GET_TOKEN;
use crate::received::{Foreign, RawResponse, foreign, request_id, without_mark};

/// The response to a call: its value, with the status and headers it came with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    key: Option<Uuid>,
    attempts: u32,
    settled: bool,
}

impl<T> ResponseValue<T> {
    /// The value alone.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// let chains: Vec<offblocks_types::Blockchain> = response.into_inner();
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// assert_eq!(response.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// assert_eq!(response.headers()["content-type"], "application/json");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The name the server gave this request (`x-request-id`). Quote it when you ask about it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// println!("{:?}", response.request_id());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The idempotency key the call was sent with, where it carried one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// assert_eq!(response.idempotency_key(), None, "a read has none");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn idempotency_key(&self) -> Option<Uuid> {
        self.key
    }

    /// How many attempts it took.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// assert_eq!(response.attempts(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether this is the resource as it was read afterwards: an earlier attempt got no response, a
    /// later one was rejected, and the resource shows that the call was carried out.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// assert!(!response.is_settled_by_reading());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_settled_by_reading(&self) -> bool {
        self.settled
    }

    /// The same response with another value.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = offblocks_sandbox::testing::start().await;
    /// # let client = sandbox.client();
    /// let response = client.get_chains().await?;
    /// let count = response.map(|chains| chains.len());
    /// assert!(*count > 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            key: self.key,
            attempts: self.attempts,
            settled: self.settled,
        }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

/// The conversions of a response that generated calls use.
impl RawResponse {
    /// The body as JSON of this type.
    pub(crate) fn json<T: DeserializeOwned>(mut self) -> Result<ResponseValue<T>, Error> {
        let mark = self.body.len() - without_mark(&self.body).len();
        self.body.drain(..mark);
        let decoded = serde_json::from_slice(&self.body);
        self.look(decoded.as_ref().err());
        match decoded {
            Ok(value) => Ok(self.with(value)),
            Err(error) => Err(self.undecodable::<T>(&error)),
        }
    }

    /// The body as text.
    #[allow(dead_code, reason = "which readers are used depends on the contract")]
    pub(crate) fn text(mut self) -> Result<ResponseValue<String>, Error> {
        match String::from_utf8(std::mem::take(&mut self.body)) {
            Ok(text) => {
                self.look(None);
                Ok(self.with(text))
            }
            Err(_) => {
                self.watch.not_text(self.operation, self.status);
                let failure = Error::new(self.operation, Kind::Decode);
                Err(failure.with_response(self).because("it is not UTF-8"))
            }
        }
    }

    /// The body as it is.
    #[allow(dead_code, reason = "which readers are used depends on the contract")]
    pub(crate) fn bytes(mut self) -> Result<ResponseValue<Vec<u8>>, Error> {
        self.look(None);
        let body = std::mem::take(&mut self.body);
        Ok(self.with(body))
    }

    /// No body is expected, so a body is dropped. A page for people is not a response of the API.
    pub(crate) fn empty(self) -> Result<ResponseValue<()>, Error> {
        self.look(None);
        match foreign(&self.body, &self.headers) {
            Some(Foreign::Html) => Err(self.foreign(Foreign::Html)),
            _ => Ok(self.with(())),
        }
    }

    /// The error for this response.
    pub(crate) fn into_error(self) -> Error {
        self.look(None);
        Error::new(self.operation, Kind::Status).with_response(self)
    }

    fn with<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue {
            value,
            status: self.status,
            headers: self.headers,
            key: self.key,
            attempts: self.attempts,
            settled: self.settled,
        }
    }

    fn undecodable<T>(self, error: &serde_json::Error) -> Error {
        if let Some(foreign) = foreign(&self.body, &self.headers) {
            return self.foreign(foreign);
        }
        if let Some(limit) = self.cut {
            let mut reason = format!("the body is longer than the {limit} bytes that are read");
            // A token is never so long, whatever the limit of other bodies is.
            if self.operation != &GET_TOKEN {
                reason.push_str("; raise the client's `body_limit`");
            }
            return Error::new(self.operation, Kind::Decode)
                .with_response(self)
                .because(reason);
        }
        let pointer = drift::place(self.operation, self.status, &self.body, error);
        let reason = unreadable::<T>(&self.body, error, &pointer);
        Error::new(self.operation, Kind::Decode)
            .with_response(self)
            .because(reason)
            .at(pointer)
    }

    /// The error for a success that cannot come from the API in this form. Where a gateway or proxy has
    /// responded, it is unknown whether the API has received the call.
    fn foreign(mut self, foreign: Foreign) -> Error {
        self.unknown |= foreign == Foreign::Html && self.operation.changes();
        Error::new(self.operation, Kind::Decode)
            .with_response(self)
            .because(foreign.to_string())
    }
}
