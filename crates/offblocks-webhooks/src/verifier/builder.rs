//! The settings of a verifier.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use offblocks_signature::{Clock, Verifier};

use super::{DEFAULT_BODY_LIMIT, DEFAULT_CREATED_WINDOW, Inner, WebhookVerifier};
use crate::keys::{KeyCache, KeyPolicy, KeySource};
use crate::system::SystemClock;

/// The callback URL of a verifier is not valid: deliveries cannot be sent to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error(
    "the callback URL has to be the whole URL that was given to OffBlocks, beginning with https:// \
     or http://"
)]
pub struct CallbackUrlError;

/// Sets up a [`WebhookVerifier`]; see [`WebhookVerifier::builder`].
#[must_use = "a builder does nothing until it builds"]
pub struct WebhookVerifierBuilder {
    callback_url: String,
    keys: Arc<dyn KeySource>,
    policy: KeyPolicy,
    past: Duration,
    future: Duration,
    components: Vec<String>,
    body_limit: usize,
    clock: Box<dyn Clock>,
}

impl WebhookVerifierBuilder {
    pub(super) fn new(callback_url: String, keys: Arc<dyn KeySource>) -> Self {
        Self {
            callback_url,
            keys,
            policy: KeyPolicy::default(),
            past: DEFAULT_CREATED_WINDOW,
            future: DEFAULT_CREATED_WINDOW,
            components: ["@method", "@authority", "@path", "content-digest"]
                .map(str::to_owned)
                .into(),
            body_limit: DEFAULT_BODY_LIMIT,
            clock: Box::new(SystemClock),
        }
    }

    /// How keys are cached and when they are fetched.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use offblocks_webhooks::{KeyPolicy, WebhookVerifier};
    ///
    /// let mut policy = KeyPolicy::default();
    /// policy.max_age = Duration::from_secs(600);
    /// let builder = WebhookVerifier::builder("https://bank.example/hooks", vec![]).key_policy(policy);
    /// ```
    pub fn key_policy(mut self, policy: KeyPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// How far `created` may lie in the past and in the future, to the second;
    /// [`DEFAULT_CREATED_WINDOW`] each unless set. A delivery that is sent again is signed again, so
    /// the window does not depend on how long OffBlocks tries.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use offblocks_webhooks::WebhookVerifier;
    ///
    /// let (past, future) = (Duration::from_secs(120), Duration::from_secs(5));
    /// let builder = WebhookVerifier::builder("https://bank.example/hooks", vec![]);
    /// let builder = builder.created_window(past, future);
    /// ```
    pub fn created_window(mut self, past: Duration, future: Duration) -> Self {
        (self.past, self.future) = (past, future);
        self
    }

    /// The components that a signature has to cover besides `@method`, `@authority`, `@path` and
    /// `content-digest`.
    ///
    /// ```
    /// use offblocks_webhooks::{PublishedKey, WebhookVerifier};
    ///
    /// # fn example(keys: Vec<PublishedKey>) -> Result<(), Box<dyn std::error::Error>> {
    /// let verifier = WebhookVerifier::builder("https://bank.example/hooks", keys)
    ///     .also_require(["content-type"])
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn also_require<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.components.extend(names.into_iter().map(Into::into));
        self
    }

    /// How many bytes of a body are read; [`DEFAULT_BODY_LIMIT`] unless set.
    ///
    /// ```
    /// use offblocks_webhooks::{PublishedKey, WebhookVerifier};
    ///
    /// # fn example(keys: Vec<PublishedKey>) -> Result<(), Box<dyn std::error::Error>> {
    /// let verifier = WebhookVerifier::builder("https://bank.example/hooks", keys)
    ///     .body_limit(64 * 1024)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The clock; the machine's clock unless set. A closure is a clock too.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use offblocks_webhooks::WebhookVerifier;
    ///
    /// let fixed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_340_781);
    /// let builder = WebhookVerifier::builder("https://bank.example/hooks", vec![]).clock(move || fixed);
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Builds the verifier. Keys are fetched with the first delivery.
    ///
    /// ```
    /// use offblocks_webhooks::WebhookVerifier;
    ///
    /// assert!(WebhookVerifier::builder("/hooks", vec![]).build().is_err(), "it lacks the host");
    /// ```
    ///
    /// # Errors
    /// When the callback URL is not a whole URL of `https` or `http`.
    pub fn build(self) -> Result<WebhookVerifier, CallbackUrlError> {
        let callback = callback(&self.callback_url).ok_or(CallbackUrlError)?;
        let verifier = Verifier::builder()
            .window(self.past.max(self.future))
            .require_created(true)
            .required_components(self.components)
            .build();
        let inner = Inner {
            callback,
            keys: KeyCache::new(self.keys, self.policy),
            verifier,
            past: self.past,
            future: self.future,
            body_limit: self.body_limit,
            clock: self.clock,
        };
        Ok(WebhookVerifier {
            inner: Arc::new(inner),
        })
    }
}

impl std::fmt::Debug for WebhookVerifierBuilder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("WebhookVerifierBuilder")
            .field("policy", &self.policy)
            .field("created_window", &(self.past, self.future))
            .field("components", &self.components)
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

fn callback(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    let known = matches!(uri.scheme_str(), Some("https" | "http"));
    (known && uri.authority().is_some()).then_some(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_urls_are_callback_urls() {
        for (url, good) in [
            ("https://bank.example/hooks", true),
            ("http://127.0.0.1:8080", true),
            ("https://bank.example/hooks?tenant=1", true),
            ("/hooks", false),
            ("bank.example", false),
            ("ftp://bank.example/hooks", false),
            ("https:///hooks", false),
            ("", false),
        ] {
            let built = WebhookVerifier::builder(url, Vec::new()).build();
            assert_eq!(built.is_ok(), good, "{url}");
        }
    }
}
