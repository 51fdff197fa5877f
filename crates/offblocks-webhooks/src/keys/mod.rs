//! The keys that deliveries are verified with: where they come from, and which are kept.

mod cache;
#[cfg(feature = "client")]
mod client;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use offblocks_signature::{KeyError, KeyId, VerifyingKey};
use offblocks_types::VerificationKey;
use offblocks_types::uuid::Uuid;

pub(crate) use cache::{KeyCache, KeyLookupError};

/// What [`KeySource::fetch`] returns.
pub type KeysFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<PublishedKey>, KeyFetchError>> + Send + 'a>>;

/// Fetches the keys that OffBlocks signs deliveries with now
/// (`GET /webhooks/verification-key`).
///
/// With the feature `client`, `offblocks_client::Client` is one. A list of [`PublishedKey`]s is
/// one too, for keys that come from a file.
pub trait KeySource: Send + Sync + 'static {
    /// The current keys. The call has to end by itself, within a few seconds: deliveries with an unknown
    /// key wait for it.
    fn fetch(&self) -> KeysFuture<'_>;
}

impl<S: KeySource + ?Sized> KeySource for Arc<S> {
    fn fetch(&self) -> KeysFuture<'_> {
        (**self).fetch()
    }
}

impl KeySource for Vec<PublishedKey> {
    fn fetch(&self) -> KeysFuture<'_> {
        let keys = self.clone();
        Box::pin(async move { Ok(keys) })
    }
}

/// A public key and the `keyid` that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PublishedKey {
    /// The `keyid` of signatures made with it.
    pub id: KeyId,
    /// The key.
    pub key: VerifyingKey,
}

impl PublishedKey {
    /// A key under its name.
    ///
    /// ```
    /// use offblocks_webhooks::{KeyId, PublishedKey, VerifyingKey, WebhookVerifier};
    ///
    /// /// A verifier for a key that was copied into the configuration.
    /// fn verifier(id: &str, key: &str) -> Result<WebhookVerifier, Box<dyn std::error::Error>> {
    ///     let key = PublishedKey::new(KeyId::new(id)?, VerifyingKey::from_base64_pem(key)?);
    ///     Ok(WebhookVerifier::builder("https://bank.example/hooks", vec![key]).build()?)
    /// }
    /// ```
    #[must_use]
    pub fn new(id: KeyId, key: VerifyingKey) -> Self {
        Self { id, key }
    }
}

impl TryFrom<&VerificationKey> for PublishedKey {
    type Error = KeyFetchError;

    /// Reads the response of `getWebhookVerificationKey`.
    fn try_from(published: &VerificationKey) -> Result<Self, KeyFetchError> {
        let key = VerifyingKey::from_encoded_pem(published.key.as_bytes())?;
        let id = key_id(published.key_id);
        Ok(Self { id, key })
    }
}

/// The identifier of a key in the parameter `keyid`.
pub(crate) fn key_id(id: Uuid) -> KeyId {
    KeyId::new(id.to_string()).expect("a UUID is printable ASCII")
}

/// Verification keys could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFetchError {
    /// What was fetched is not a key.
    #[error("the verification key cannot be used")]
    Key(#[from] KeyError),
    /// The call failed.
    #[error("the verification key cannot be fetched")]
    Call(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl KeyFetchError {
    /// A call that failed, for sources of your own.
    ///
    /// ```
    /// use offblocks_webhooks::{KeyFetchError, KeySource, KeysFuture};
    ///
    /// /// Keys that another service of the bank fetches, which is down.
    /// struct Shared;
    ///
    /// impl KeySource for Shared {
    ///     fn fetch(&self) -> KeysFuture<'_> {
    ///         Box::pin(async { Err(KeyFetchError::call("the other service is down")) })
    ///     }
    /// }
    /// ```
    pub fn call(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Call(error.into())
    }
}

/// How keys are cached and when they are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyPolicy {
    /// The shortest time between the beginnings of two fetches; 10 seconds unless set. So deliveries with
    /// invented key ids cannot cause many fetches. Only the first fetch that succeeds is not counted.
    pub min_interval: Duration,
    /// The age at which the keys are fetched again, also when no key is missing; one hour unless set. So a
    /// key that was withdrawn is no longer trusted. When the fetch fails, the old keys stay.
    pub max_age: Duration,
    /// How long a key is still accepted after it was replaced, for deliveries that were under way;
    /// 10 minutes unless set.
    pub grace: Duration,
}

impl Default for KeyPolicy {
    fn default() -> Self {
        Self {
            min_interval: Duration::from_secs(10),
            max_age: Duration::from_secs(60 * 60),
            grace: Duration::from_secs(10 * 60),
        }
    }
}

impl fmt::Debug for dyn KeySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeySource")
    }
}
