//! The request of a delivery: its body, headers and signature.

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use offblocks_signature::{KeyError, SIGNATURE, SignError, Signer, SigningKey};
use url::Url;
use uuid::Uuid;

use crate::deliveries::{DeliveryModes, SignatureMode};
use crate::key_id::key_id;
use crate::store::outbox::Due;
use crate::store::webhooks::StoredKey;

/// What deliveries say they come from.
const USER_AGENT: HeaderValue = HeaderValue::from_static("offblocks-sandbox");

/// The type of events in [`DeliveryModes::unknown_type`].
const UNKNOWN_TYPE: &str = "sandbox.unknown";

/// How old `created` is in [`SignatureMode::Stale`].
const STALE: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// A delivery cannot be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    #[error("the key that deliveries are signed with cannot be used")]
    Key(#[from] KeyError),
    #[error("the delivery cannot be signed")]
    Sign(#[from] SignError),
    #[error("the callback URL cannot be requested")]
    Url(#[from] http::uri::InvalidUri),
}

/// The sandbox's own key, and the stranger's of [`SignatureMode::AnotherKey`].
#[derive(Debug)]
pub(super) struct Signers {
    pub(super) key_id: Uuid,
    own: Signer,
    other: Signer,
}

impl Signers {
    pub(super) fn new(key: &StoredKey) -> Result<Self, RequestError> {
        let own = SigningKey::from_pem(key.pem.expose())?;
        // Never the identifier of a key that is in use.
        let other_id = Uuid::from_u128(!key.id.as_u128());
        Ok(Self {
            key_id: key.id,
            own: signer(own, key.id),
            other: signer(SigningKey::generate()?, other_id),
        })
    }
}

fn signer(key: SigningKey, id: Uuid) -> Signer {
    Signer::new(key, &key_id(id))
}

/// A request that is ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Prepared {
    /// The signed request of a delivery.
    pub(super) fn new(
        due: &Due,
        modes: &DeliveryModes,
        signers: &Signers,
        now: DateTime<Utc>,
    ) -> Result<Self, RequestError> {
        let body = if modes.unknown_type {
            of_unknown_type(&due.body)
        } else {
            due.body.clone()
        };
        let mut url = due.url.clone();
        url.set_fragment(None);
        let uri: Uri = url.as_str().parse()?;
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(header::USER_AGENT, USER_AGENT);
        let created = match modes.signature {
            SignatureMode::Stale => now - STALE,
            _ => now,
        };
        let signer = match modes.signature {
            SignatureMode::AnotherKey => &signers.other,
            _ => &signers.own,
        };
        let (bytes, created) = (body.as_bytes(), created.timestamp());
        signer.sign(&Method::POST, &uri, &mut headers, bytes, created)?;
        if modes.signature == SignatureMode::Bad {
            spoil(&mut headers);
        }
        Ok(Self { url, headers, body })
    }

    /// The headers as the log keeps them.
    pub(super) fn logged_headers(&self) -> Vec<(String, String)> {
        pairs(&self.headers).collect()
    }
}

/// Headers as texts.
pub(super) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (String, String)> {
    headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.to_string(), value.into_owned())
    })
}

/// The event with a type that the contract does not know, and everything else as it was.
fn of_unknown_type(body: &str) -> String {
    const MEMBER: &str = "\"webhookType\":\"";
    let changed = body.split_once(MEMBER).and_then(|(before, rest)| {
        let (_, after) = rest.split_once('"')?;
        Some(format!("{before}{MEMBER}{UNKNOWN_TYPE}\"{after}"))
    });
    // Every event that the database holds has a type.
    changed.unwrap_or_else(|| body.to_owned())
}

/// Changes one character of the signature: still base64 of 96 bytes, and wrong.
fn spoil(headers: &mut HeaderMap) {
    let Some(value) = headers.get_mut(SIGNATURE) else {
        return;
    };
    let mut bytes = value.as_bytes().to_vec();
    if let Some(at) = bytes.iter().position(|&byte| byte == b':')
        && let Some(byte) = bytes.get_mut(at + 1)
    {
        *byte = if *byte == b'A' { b'B' } else { b'A' };
    }
    if let Ok(spoiled) = HeaderValue::from_bytes(&bytes) {
        *value = spoiled;
    }
}
