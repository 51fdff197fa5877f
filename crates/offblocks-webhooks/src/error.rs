//! Why a delivery was rejected.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use offblocks_signature::{KeyId, VerifyError};
use offblocks_types::WebhookType;

use crate::delivery::VerifiedDelivery;
use crate::keys::{KeyFetchError, KeyLookupError};

/// Why a delivery was rejected.
///
/// [`status`](Self::status) is what to respond with: a 503 where the same delivery can be accepted
/// later, a 4xx elsewhere. OffBlocks sends a delivery again after either. No text quotes the body,
/// a signature or a key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// 405: deliveries are posted.
    #[error("the request is a {method}; deliveries are sent with POST")]
    MethodNotAllowed {
        /// The method of the request.
        method: Method,
    },
    /// 413: the body is larger than [`body_limit`](crate::WebhookVerifierBuilder::body_limit).
    #[error("the body is larger than the {limit} bytes this receiver reads")]
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// 400: the connection broke off inside the body.
    #[error("the body ended before all of it arrived")]
    BodyUnreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// 400: there is no body.
    #[error("the body is empty; a delivery has an event as its body")]
    EmptyBody,
    /// 415: the body has a content coding.
    #[error("the body has a content coding, and this receiver reads none")]
    UnsupportedCoding,
    /// 415: the body has another type than JSON in UTF-8, or does not say which.
    #[error("the body's content type has to be application/json")]
    UnsupportedMediaType,
    /// 401: it is unsigned, or its signature or digest is not accepted. The variants of
    /// [`VerifyError`] say why.
    #[error(transparent)]
    Signature(#[from] VerifyError),
    /// 401: no current key has this id. The keys were fetched after this delivery came, or a moment before
    /// for the same id.
    #[error("no verification key has the id {}", shown(.key_id))]
    UnknownKey {
        /// The `keyid` of the signature.
        key_id: KeyId,
    },
    /// 503: no key of this id is known, and the keys were fetched too recently to fetch them again.
    #[error("no verification key has the id {} yet; try again soon", shown(.key_id))]
    KeyLookupDeferred {
        /// The `keyid` of the signature.
        key_id: KeyId,
        /// When keys may be fetched again.
        retry_after: Duration,
    },
    /// 503: no key of this id is known, and the keys cannot be fetched. Look at the source of the
    /// error.
    #[error("verification keys cannot be fetched now; try again soon")]
    KeysUnavailable {
        /// When keys may be fetched again.
        retry_after: Duration,
        /// What is wrong.
        source: Arc<KeyFetchError>,
    },
    /// 422: the delivery comes from OffBlocks, but its body is not an event as the contract describes
    /// it. Alert on this. [`delivery`](Self::delivery) has the body: keep it until a newer version of this
    /// crate can read it.
    #[error("the body is not an event of the contract: {reason}")]
    NotAnEvent {
        /// What is wrong, and where, without a value of the body.
        reason: String,
        /// The delivery.
        delivery: Box<VerifiedDelivery>,
    },
    /// 422: the handler takes events of another type. Subscribe each URL to the types that its
    /// handler takes.
    #[error("the event is of the type {found}, and the handler takes {expected}")]
    UnexpectedType {
        /// The type of the event.
        found: WebhookType,
        /// The type that the handler takes.
        expected: WebhookType,
        /// The delivery.
        delivery: Box<VerifiedDelivery>,
    },
}

impl WebhookError {
    /// The status to respond with.
    ///
    /// ```
    /// use offblocks_webhooks::testing::{Fault, TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let unsigned = sender.deliver_with(&card_event(1, "active"), &Fault::Unsigned);
    /// let verifier = sender.verifier().build()?;
    /// let rejected = verifier.verify(unsigned.map(http_body_util::Full::new)).await;
    /// let error = rejected.err().ok_or("it was not signed")?;
    /// assert_eq!(error.status(), 401);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyUnreadable(_) | Self::EmptyBody => StatusCode::BAD_REQUEST,
            Self::UnsupportedCoding | Self::UnsupportedMediaType => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::Signature(_) | Self::UnknownKey { .. } => StatusCode::UNAUTHORIZED,
            Self::KeyLookupDeferred { .. } | Self::KeysUnavailable { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::NotAnEvent { .. } | Self::UnexpectedType { .. } => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
        }
    }

    /// Whether the same delivery can be accepted later.
    ///
    /// ```
    /// use offblocks_webhooks::testing::{Fault, TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let unsigned = sender.deliver_with(&card_event(1, "active"), &Fault::Unsigned);
    /// let verifier = sender.verifier().build()?;
    /// let rejected = verifier.verify(unsigned.map(http_body_util::Full::new)).await;
    /// let error = rejected.err().ok_or("it was not signed")?;
    /// assert!(!error.is_temporary());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.status().is_server_error()
    }

    /// After how long the sender may try again, where that is known.
    ///
    /// ```
    /// use offblocks_webhooks::testing::{Fault, TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let unsigned = sender.deliver_with(&card_event(1, "active"), &Fault::Unsigned);
    /// let verifier = sender.verifier().build()?;
    /// let rejected = verifier.verify(unsigned.map(http_body_util::Full::new)).await;
    /// let error = rejected.err().ok_or("it was not signed")?;
    /// assert_eq!(error.retry_after(), None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::KeyLookupDeferred { retry_after, .. }
            | Self::KeysUnavailable { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    /// The delivery, where OffBlocks' signature was accepted and the event was not: its body can be
    /// kept, and handled later.
    ///
    /// ```
    /// use offblocks_webhooks::testing::{Fault, TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let unsigned = sender.deliver_with(&card_event(1, "active"), &Fault::Unsigned);
    /// let verifier = sender.verifier().build()?;
    /// let rejected = verifier.verify(unsigned.map(http_body_util::Full::new)).await;
    /// let error = rejected.err().ok_or("it was not signed")?;
    /// assert!(error.delivery().is_none(), "it is not from OffBlocks");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn delivery(&self) -> Option<&VerifiedDelivery> {
        match self {
            Self::NotAnEvent { delivery, .. } | Self::UnexpectedType { delivery, .. } => {
                Some(delivery)
            }
            _ => None,
        }
    }

    pub(crate) fn of_lookup(key_id: &KeyId, error: KeyLookupError) -> Self {
        let key_id = key_id.clone();
        match error {
            KeyLookupError::Unknown => Self::UnknownKey { key_id },
            KeyLookupError::Deferred { retry_after } => Self::KeyLookupDeferred {
                key_id,
                retry_after,
            },
            KeyLookupError::Unavailable {
                retry_after,
                source,
            } => Self::KeysUnavailable {
                retry_after,
                source,
            },
        }
    }
}

/// The beginning of an id. Any sender can choose an id, so it may be long.
fn shown(id: &KeyId) -> impl fmt::Display {
    const SHOWN: usize = 64;
    let text: String = id.as_str().chars().take(SHOWN).collect();
    format!("{text:?}")
}
