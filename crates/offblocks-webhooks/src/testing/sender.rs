//! Signs deliveries as OffBlocks does, and wrongly where a test asks for it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use offblocks_signature::{
    CONTENT_DIGEST, Clock, KeyError, KeyId, SIGNATURE, SIGNATURE_INPUT, Signer, SigningKey,
};
use offblocks_types::chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use super::keys::{TestKeys, generated};
use crate::system::SystemClock;
use crate::verifier::{WebhookVerifier, WebhookVerifierBuilder};

/// Makes signed deliveries for one callback URL.
#[derive(Clone)]
pub struct TestSender {
    callback_url: String,
    keys: TestKeys,
    stranger: (KeyId, SigningKey),
    clock: Arc<dyn Clock>,
}

/// What is wrong with a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It was signed so long ago.
    Stale(Duration),
    /// It is signed for so far in the future.
    FromTheFuture(Duration),
    /// The signature does not match what it covers.
    BadSignature,
    /// The body was changed after it was signed.
    ChangedBody,
    /// It is signed by a key that was never published, under an id of its own.
    AnotherKey,
    /// It is signed by a key that was never published, under the id of the published one.
    ForgedKeyId,
    /// It is signed for another callback URL: another receiver got it, and sent it here.
    ForAnotherReceiver(String),
    /// It is not signed.
    Unsigned,
    /// The signature does not cover the body.
    UncoveredBody,
    /// `webhookType` is one that the contract does not list. Receivers have to accept it.
    UnknownType,
}

impl TestSender {
    /// A sender with a key of its own, for deliveries to this URL.
    ///
    /// ```
    /// use offblocks_webhooks::testing::TestSender;
    ///
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the cryptographic library cannot make keys.
    pub fn new(callback_url: impl Into<String>) -> Result<Self, KeyError> {
        Ok(Self {
            callback_url: callback_url.into(),
            keys: TestKeys::new()?,
            stranger: generated()?,
            clock: Arc::new(SystemClock),
        })
    }

    /// Signs by this clock; the machine's clock unless set.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use offblocks_webhooks::testing::TestSender;
    ///
    /// let fixed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_340_781);
    /// let sender = TestSender::new("https://bank.example/hooks")?.with_clock(move || fixed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        let clock = Arc::new(clock);
        Self { clock, ..self }
    }

    /// The key that is published now, to rotate it, and to give it to a verifier.
    ///
    /// ```
    /// use offblocks_webhooks::testing::TestSender;
    ///
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// sender.keys().rotate()?;
    /// assert_eq!(sender.keys().fetches(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keys(&self) -> &TestKeys {
        &self.keys
    }

    /// Sets up a verifier that accepts this sender's deliveries, by the same clock.
    ///
    /// ```
    /// use offblocks_webhooks::testing::TestSender;
    ///
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let verifier = sender.verifier().build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verifier(&self) -> WebhookVerifierBuilder {
        WebhookVerifier::builder(&self.callback_url, self.keys.clone())
            .clock(Arc::clone(&self.clock))
    }

    /// A valid delivery of this event, such as a `WebhookEvent` or JSON of your own. Call it twice to make
    /// a duplicate, which is signed again.
    ///
    /// ```
    /// use offblocks_webhooks::testing::{TestSender, card_event};
    ///
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let request = sender.deliver(&card_event(1, "active"));
    /// assert_eq!(request.method(), "POST");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// When the event cannot be written as JSON, or the URL is not one.
    #[must_use]
    pub fn deliver(&self, event: &impl Serialize) -> Request<Bytes> {
        self.request(event, None)
    }

    /// A delivery with a fault.
    ///
    /// ```
    /// use offblocks_webhooks::testing::{Fault, TestSender, card_event};
    ///
    /// let sender = TestSender::new("https://bank.example/hooks")?;
    /// let forged = sender.deliver_with(&card_event(1, "active"), &Fault::ForgedKeyId);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// As [`deliver`](Self::deliver).
    #[must_use]
    pub fn deliver_with(&self, event: &impl Serialize, fault: &Fault) -> Request<Bytes> {
        self.request(event, Some(fault))
    }

    fn request(&self, event: &impl Serialize, fault: Option<&Fault>) -> Request<Bytes> {
        let mut event = serde_json::to_value(event).expect("events can be written as JSON");
        if fault == Some(&Fault::UnknownType) {
            event["webhookType"] = Value::from("test.unknown");
        }
        let mut body = event.to_string();
        let mut headers = self.signed(&body, fault);
        match fault {
            Some(Fault::BadSignature) => spoil(&mut headers),
            Some(Fault::ChangedBody) => body.push(' '),
            Some(Fault::Unsigned) => {
                for name in [SIGNATURE, SIGNATURE_INPUT, CONTENT_DIGEST] {
                    headers.remove(name);
                }
            }
            _ => (),
        }
        let own = self.uri(&self.callback_url);
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = own
            .path_and_query()
            .map_or_else(Uri::default, |path| path.clone().into());
        let host = own.authority().map_or("", |authority| authority.as_str());
        let host = HeaderValue::from_str(host).expect("an authority is visible ASCII");
        headers.insert(header::HOST, host);
        *request.headers_mut() = headers;
        request
    }

    /// The headers of a delivery.
    fn signed(&self, body: &str, fault: Option<&Fault>) -> HeaderMap {
        let (id, key) = self.keys.current();
        let (id, key) = match fault {
            Some(Fault::AnotherKey) => self.stranger.clone(),
            Some(Fault::ForgedKeyId) => (id, self.stranger.1.clone()),
            _ => (id, key),
        };
        let url = match fault {
            Some(Fault::ForAnotherReceiver(url)) => url,
            _ => &self.callback_url,
        };
        let shift = match fault {
            Some(Fault::Stale(age)) => -seconds(*age),
            Some(Fault::FromTheFuture(ahead)) => seconds(*ahead),
            _ => TimeDelta::zero(),
        };
        let covered = match fault {
            Some(Fault::UncoveredBody) => "",
            _ => body,
        };
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        let now: DateTime<Utc> = self.clock.now().into();
        let created = (now + shift).timestamp();
        let uri = self.uri(url);
        Signer::new(key, &id)
            .sign(
                &Method::POST,
                &uri,
                &mut headers,
                covered.as_bytes(),
                created,
            )
            .expect("a whole URL names an authority");
        headers
    }

    fn uri(&self, url: &str) -> Uri {
        url.parse().expect("the callback URL is a URL")
    }
}

impl std::fmt::Debug for TestSender {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TestSender")
            .field("callback_url", &self.callback_url)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

fn seconds(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

/// Changes one character of the signature: still base64 of 96 bytes, and wrong.
fn spoil(headers: &mut HeaderMap) {
    let Some(value) = headers.get_mut(SIGNATURE) else {
        return;
    };
    let mut bytes = value.as_bytes().to_vec();
    if let Some(colon) = bytes.iter().position(|byte| *byte == b':') {
        bytes[colon + 1] = if bytes[colon + 1] == b'A' { b'B' } else { b'A' };
    }
    *value = HeaderValue::from_bytes(&bytes).expect("base64 is visible ASCII");
}
