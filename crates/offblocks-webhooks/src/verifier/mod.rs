//! Verifies deliveries, with any framework.

mod body;
mod builder;
mod head;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Uri};
use http_body::Body;
use offblocks_signature::{Clock, Message, Verified, Verifier, VerifyError, VerifyingKey};
use offblocks_types::chrono::{DateTime, Utc};

use crate::delivery::VerifiedDelivery;
use crate::error::WebhookError;
use crate::event::{FromWebhookEvent, VerifiedEvent};
use crate::keys::{KeyCache, KeySource};

pub use builder::{CallbackUrlError, WebhookVerifierBuilder};

/// How many bytes of a body are read unless [`WebhookVerifierBuilder::body_limit`] says otherwise:
/// 256 KiB. Events have about one.
pub const DEFAULT_BODY_LIMIT: usize = 256 * 1024;

/// How far `created` may lie in the past and in the future unless
/// [`WebhookVerifierBuilder::created_window`] says otherwise.
pub const DEFAULT_CREATED_WINDOW: Duration = Duration::from_secs(300);

/// Verifies that deliveries were sent by OffBlocks, to this receiver, just now.
///
/// Cloning is cheap, and clones share the cache of keys.
#[derive(Clone)]
pub struct WebhookVerifier {
    inner: Arc<Inner>,
}

struct Inner {
    callback: Uri,
    keys: KeyCache,
    verifier: Verifier,
    past: Duration,
    future: Duration,
    body_limit: usize,
    clock: Box<dyn Clock>,
}

impl WebhookVerifier {
    /// Builds a verifier for deliveries to `callback_url`: the URL that was given to OffBlocks, as
    /// senders see it, even when a proxy in front of this receiver rewrites host or path.
    ///
    /// The verifier needs it because OffBlocks signs the deliveries to all its programmes with the
    /// same key. The signature covers host and path, so a delivery that was sent to another receiver, and
    /// that this receiver sends on to here, is rejected. The `Host` header cannot be used, because the
    /// sender of the request chooses it.
    ///
    /// ```
    /// use offblocks_webhooks::{PublishedKey, WebhookVerifier};
    ///
    /// # fn example(keys: Vec<PublishedKey>) -> Result<(), Box<dyn std::error::Error>> {
    /// let verifier = WebhookVerifier::builder("https://bank.example/hooks/offblocks", keys).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(callback_url: impl AsRef<str>, keys: impl KeySource) -> WebhookVerifierBuilder {
        WebhookVerifierBuilder::new(callback_url.as_ref().to_owned(), Arc::new(keys))
    }

    /// Reads and verifies a delivery, and reads the event in it.
    ///
    /// ```
    /// use offblocks_types::CardUpdate;
    /// use offblocks_webhooks::testing::{TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let request = sender.deliver(&card_event(1, "active")).map(http_body_util::Full::new);
    /// let verifier = sender.verifier().build()?;
    /// let event = verifier.receive::<CardUpdate, _>(request).await?;
    /// println!("{} is {}", event.id, event.status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`verify`](Self::verify), and when the body is not an event of the type.
    pub async fn receive<E, B>(&self, request: Request<B>) -> Result<VerifiedEvent<E>, WebhookError>
    where
        E: FromWebhookEvent,
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.verify(request).await?.into_event()
    }

    /// Reads and verifies a delivery.
    ///
    /// The head is checked before the body is read: the method, the declared length and type, the form of
    /// the signature, and whether its key is known.
    ///
    /// ```
    /// use offblocks_webhooks::testing::{TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let request = sender.deliver(&card_event(1, "active")).map(http_body_util::Full::new);
    /// let delivery = sender.verifier().build()?.verify(request).await?;
    /// println!("signed at {:?}", delivery.signature.created);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the delivery is rejected, for the first reason that is found.
    pub async fn verify<B>(&self, request: Request<B>) -> Result<VerifiedDelivery, WebhookError>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        self.verify_parts(&parts, body).await
    }

    /// Reads and verifies a delivery whose head was split off its body; see
    /// [`verify`](Self::verify).
    ///
    /// ```
    /// use offblocks_webhooks::testing::{TestSender, card_event};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let request = sender.deliver(&card_event(1, "active")).map(http_body_util::Full::new);
    /// let (parts, body) = request.into_parts();
    /// let delivery = sender.verifier().build()?.verify_parts(&parts, body).await?;
    /// assert!(!delivery.body.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub async fn verify_parts<B>(
        &self,
        parts: &Parts,
        body: B,
    ) -> Result<VerifiedDelivery, WebhookError>
    where
        B: Body,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let inner = &*self.inner;
        head::check(parts, inner.body_limit)?;
        let keys = self.keys(parts).await?;
        let body = body::read(body, inner.body_limit).await?;
        let now = inner.now();
        let signature = inner.signature(parts, &body, &keys, now)?;
        Ok(VerifiedDelivery {
            body,
            signature,
            received_at: now,
        })
    }

    /// The known keys of the signatures.
    async fn keys(
        &self,
        parts: &Parts,
    ) -> Result<Vec<(offblocks_signature::KeyId, VerifyingKey)>, WebhookError> {
        let inner = &*self.inner;
        let ids = inner.verifier.key_ids(&inner.message(parts))?;
        let now = inner.now();
        let (mut known, mut rejection) = (Vec::with_capacity(1), None);
        for id in ids {
            match inner.keys.find(&id, now).await {
                Ok(key) => known.push((id, key)),
                Err(error) => rejection = Some(WebhookError::of_lookup(&id, error)),
            }
        }
        match (known.is_empty(), rejection) {
            (true, Some(rejection)) => Err(rejection),
            // Without any id the verifier says what is missing.
            _ => Ok(known),
        }
    }
}

impl Inner {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now().into()
    }

    /// The request as it was signed: for the callback URL.
    fn message<'a>(&'a self, parts: &'a Parts) -> Message<'a> {
        Message::new(&Method::POST, &self.callback, &parts.headers)
    }

    fn signature(
        &self,
        parts: &Parts,
        body: &Bytes,
        keys: &[(offblocks_signature::KeyId, VerifyingKey)],
        now: DateTime<Utc>,
    ) -> Result<Verified, WebhookError> {
        if body.is_empty() {
            return Err(WebhookError::EmptyBody);
        }
        let now = now.timestamp();
        let find = |id: &_| keys.iter().find(|(known, _)| known == id);
        let verified = self
            .verifier
            .verify(&self.message(parts), body, now, |id| {
                find(id).map(|(_, key)| key.clone())
            })?;
        self.check_created(&verified, now)?;
        Ok(verified)
    }

    /// The verifier's window is the wider one of the two sides. This checks the other side.
    fn check_created(&self, verified: &Verified, now: i64) -> Result<(), VerifyError> {
        let Some(created) = verified.created else {
            return Ok(());
        };
        let age = now.saturating_sub(created);
        let (past, future) = (self.past.as_secs(), self.future.as_secs());
        match age {
            0.. if age.unsigned_abs() > past => Err(VerifyError::TooOld { age, window: past }),
            ..0 if age.unsigned_abs() > future => Err(VerifyError::InFuture {
                ahead: age.saturating_neg(),
                window: future,
            }),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for WebhookVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            callback,
            keys,
            past,
            future,
            body_limit,
            ..
        } = &*self.inner;
        formatter
            .debug_struct("WebhookVerifier")
            // A query may hold a secret.
            .field("host", &callback.host())
            .field("path", &callback.path())
            .field("created_window", &(past, future))
            .field("body_limit", body_limit)
            .field("keys", keys)
            .finish_non_exhaustive()
    }
}
