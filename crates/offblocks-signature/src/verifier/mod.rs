//! Verifying requests.

mod builder;

use std::time::Duration;

use http::uri::Scheme;

use crate::component::Component;
use crate::digest::ContentDigest;
use crate::explain::{Explanation, explain_candidate};
use crate::input::{Candidate, SignatureParameters, candidates};
use crate::key::{KeyId, VerifyingKey};
use crate::message::Message;
use crate::verify_error::VerifyError;
use crate::{ALGORITHM, SIGNATURE_LENGTH};

pub use builder::VerifierBuilder;

/// Verifies signed requests by the settings of a [`VerifierBuilder`].
#[derive(Clone, Debug)]
pub struct Verifier {
    scheme: Option<Scheme>,
    authority: Option<String>,
    /// How far `created` may be off; `None` when age does not matter.
    window: Option<Duration>,
    required: Vec<String>,
    created_required: bool,
    limit: usize,
}

impl Verifier {
    /// A builder with the requirements of the OffBlocks API: `@method`, `@authority` and `@path` covered,
    /// `created` (where it is given) within 300 seconds, and at most eight signatures. With a body,
    /// `content-digest` has to be covered too. This cannot be changed, because nothing else protects a
    /// body.
    ///
    /// ```
    /// use offblocks_signature::{Message, Verifier, VerifyError};
    ///
    /// let verifier = Verifier::builder().build();
    /// let unsigned = http::Request::new(());
    /// let verdict = verifier.verify(&Message::from_request(&unsigned), b"", 1_795_340_781, |_| None);
    /// assert!(matches!(verdict, Err(VerifyError::MissingHeader { .. })));
    /// ```
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder::new()
    }

    /// The names of the keys that a request claims to be signed with, in the order of its
    /// signatures. A program that fetches the keys asynchronously and then verifies the request reads its
    /// [`signatures`](Self::signatures) once for both.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier};
    ///
    /// let (key, id) = (SigningKey::generate()?, KeyId::new("key-1")?);
    /// let mut request = http::Request::get("https://api.example/v1/cards").body("")?;
    /// Signer::new(key, &id).sign_request(&mut request, 1_795_340_781)?;
    ///
    /// let verifier = Verifier::builder().build();
    /// assert_eq!(verifier.key_ids(&Message::from_request(&request))?, [id]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a header is missing or malformed, or there are too many signatures.
    pub fn key_ids(&self, message: &Message<'_>) -> Result<Vec<KeyId>, VerifyError> {
        Ok(self.signatures(message)?.key_ids().cloned().collect())
    }

    /// Reads the signatures of a request without verifying any: for callers who fetch keys
    /// asynchronously before they call [`verify_signatures`](Self::verify_signatures).
    ///
    /// ```
    /// use offblocks_signature::{Message, Verifier, VerifyError};
    ///
    /// let verifier = Verifier::builder().build();
    /// let unsigned = http::Request::new(());
    /// let signatures = verifier.signatures(&Message::from_request(&unsigned));
    /// assert!(matches!(signatures, Err(VerifyError::MissingHeader { .. })));
    /// ```
    ///
    /// # Errors
    /// When a header is missing or malformed, or there are too many signatures.
    pub fn signatures(&self, message: &Message<'_>) -> Result<Signatures, VerifyError> {
        candidates(message.headers, self.limit).map(Signatures)
    }

    /// Verifies a request: one of its signatures has to meet all requirements, be made with a key that
    /// `keys` returns for its name, and cover the digest of this body.
    ///
    /// `now` is the current time in seconds since the Unix epoch.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier};
    ///
    /// let (key, id) = (SigningKey::generate()?, KeyId::new("key-1")?);
    /// let mut request = http::Request::get("https://api.example/v1/cards").body("")?;
    /// Signer::new(key.clone(), &id).sign_request(&mut request, 1_795_340_781)?;
    ///
    /// let (verifier, message) = (Verifier::builder().build(), Message::from_request(&request));
    /// let keys = |named: &KeyId| (*named == id).then(|| key.public_key());
    /// assert_eq!(verifier.verify(&message, b"", 1_795_340_790, keys)?.key_id, id);
    /// assert!(verifier.verify(&message, b"", 1_795_350_000, keys).is_err(), "it is too old");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When no signature does. With several rejected signatures, the error is that of the signature that
    /// passed the most checks.
    pub fn verify(
        &self,
        message: &Message<'_>,
        body: &[u8],
        now: i64,
        keys: impl Fn(&KeyId) -> Option<VerifyingKey>,
    ) -> Result<Verified, VerifyError> {
        self.verify_signatures(self.signatures(message)?, message, body, now, keys)
    }

    /// As [`verify`](Self::verify), by the signatures that were read from this request before.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier};
    ///
    /// let (key, id) = (SigningKey::generate()?, KeyId::new("key-1")?);
    /// let mut request = http::Request::get("https://api.example/v1/cards").body("")?;
    /// Signer::new(key.clone(), &id).sign_request(&mut request, 1_795_340_781)?;
    ///
    /// let (verifier, message) = (Verifier::builder().build(), Message::from_request(&request));
    /// let signatures = verifier.signatures(&message)?;
    /// let keys = |named: &KeyId| (*named == id).then(|| key.public_key());
    /// let verified = verifier.verify_signatures(signatures, &message, b"", 1_795_340_790, keys)?;
    /// assert_eq!(verified.key_id, id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As of [`verify`](Self::verify).
    pub fn verify_signatures(
        &self,
        signatures: Signatures,
        message: &Message<'_>,
        body: &[u8],
        now: i64,
        keys: impl Fn(&KeyId) -> Option<VerifyingKey>,
    ) -> Result<Verified, VerifyError> {
        let message = self.with_settings(message);
        let mut rejection: Option<VerifyError> = None;
        for candidate in signatures.0 {
            match self.verify_one(&message, body, now, &keys, candidate) {
                Ok(verified) => return Ok(verified),
                Err(error) => rejection = Some(farther(rejection, error)),
            }
        }
        Err(rejection
            .expect("an empty header counts as missing, so there was at least one candidate"))
    }

    /// Explains a request's signature: returns the signature base that this verifier computes, to
    /// compare with the signer's. Without a label, the first signature is explained.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier};
    ///
    /// let (key, id) = (SigningKey::generate()?, KeyId::new("key-1")?);
    /// let mut request = http::Request::get("https://api.example/v1/cards").body("")?;
    /// Signer::new(key, &id).sign_request(&mut request, 1_795_340_781)?;
    ///
    /// // The server knows itself by another name.
    /// let verifier = Verifier::builder().authority("gateway.example").build();
    /// let explained = verifier.explain(&Message::from_request(&request), None)?;
    /// let base = explained.signature_base?;
    /// assert!(base.contains("\"@authority\": gateway.example"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the headers are malformed, or there is no such signature.
    pub fn explain(
        &self,
        message: &Message<'_>,
        label: Option<&str>,
    ) -> Result<Explanation, VerifyError> {
        let message = self.with_settings(message);
        explain_candidate(&message, candidates(message.headers, self.limit)?, label)
    }

    fn verify_one(
        &self,
        message: &Message<'_>,
        body: &[u8],
        now: i64,
        keys: &impl Fn(&KeyId) -> Option<VerifyingKey>,
        candidate: Candidate,
    ) -> Result<Verified, VerifyError> {
        let signature = candidate.signature()?;
        let key_id = candidate.key_id()?;
        check_algorithm(&candidate.parameters)?;
        let key = keys(key_id).ok_or_else(|| VerifyError::UnknownKeyId {
            key_id: key_id.clone(),
        })?;
        self.check_components(&candidate, body)?;
        self.check_time(&candidate, now)?;
        check_length(&candidate.label, signature)?;
        if !key.is_signature_of(candidate.base(message)?.as_bytes(), signature) {
            return Err(VerifyError::WrongSignature {
                label: candidate.label.clone(),
                key_id: key_id.clone(),
            });
        }
        ContentDigest::verify(message.headers, body)?;
        Ok(Verified::new(key_id.clone(), key, candidate))
    }

    /// The message with the scheme and authority that were set for this verifier.
    fn with_settings<'a>(&'a self, message: &Message<'a>) -> Message<'a> {
        let mut message = *message;
        if let Some(scheme) = &self.scheme {
            message = message.with_scheme(scheme);
        }
        if let Some(authority) = &self.authority {
            message = message.with_authority(authority);
        }
        message
    }

    fn check_components(&self, candidate: &Candidate, body: &[u8]) -> Result<(), VerifyError> {
        let digest = (!body.is_empty()).then_some("content-digest");
        let mut required = self.required.iter().map(String::as_str).chain(digest);
        let covered = |name: &str| candidate.components.iter().any(|one| one.is(name));
        match required.find(|name| !covered(name)) {
            None => Ok(()),
            Some(name) => Err(VerifyError::MissingComponent {
                label: candidate.label.clone(),
                component: name.to_owned(),
            }),
        }
    }

    fn check_time(&self, candidate: &Candidate, now: i64) -> Result<(), VerifyError> {
        let SignatureParameters {
            created, expires, ..
        } = candidate.parameters;
        if let Some(expires) = expires
            && expires < now
        {
            let ago = now.saturating_sub(expires);
            return Err(VerifyError::Expired { ago });
        }
        match (created, self.window) {
            (None, _) if self.created_required => Err(VerifyError::MissingCreated {
                label: candidate.label.clone(),
            }),
            (Some(created), Some(window)) => check_age(now.saturating_sub(created), window),
            _ => Ok(()),
        }
    }
}

/// The signatures that a request carries, read and not verified yet.
///
/// ```
/// use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier};
///
/// let (key, id) = (SigningKey::generate()?, KeyId::new("key-1")?);
/// let mut request = http::Request::get("https://api.example/v1/cards").body("")?;
/// Signer::new(key, &id).sign_request(&mut request, 1_795_340_781)?;
///
/// let signatures = Verifier::builder().build().signatures(&Message::from_request(&request))?;
/// assert!(signatures.key_ids().eq([&id]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signatures(Vec<Candidate>);

impl Signatures {
    /// The names of the keys that the signatures name, in their order.
    pub fn key_ids(&self) -> impl Iterator<Item = &KeyId> {
        self.0
            .iter()
            .filter_map(|candidate| candidate.parameters.key_id.as_ref())
    }
}

/// A request whose signature was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The name of the key that signed it.
    pub key_id: KeyId,
    /// The key that it was verified with.
    pub key: VerifyingKey,
    /// The label of the signature.
    pub label: String,
    /// When the signature was made, in seconds since the Unix epoch, if it says so.
    pub created: Option<i64>,
    /// Everything the signature says about itself.
    pub parameters: SignatureParameters,
    /// What it covers, as named in `Signature-Input`: `"@method"`, `"content-digest"`, ….
    pub components: Vec<String>,
}

impl Verified {
    fn new(key_id: KeyId, key: VerifyingKey, candidate: Candidate) -> Self {
        let components = candidate.components.iter().map(Component::identifier);
        Self {
            key_id,
            key,
            components: components.map(str::to_owned).collect(),
            created: candidate.parameters.created,
            parameters: candidate.parameters,
            label: candidate.label,
        }
    }
}

fn check_algorithm(parameters: &SignatureParameters) -> Result<(), VerifyError> {
    match &parameters.algorithm {
        Some(found) if found != ALGORITHM => Err(VerifyError::UnsupportedAlgorithm {
            found: found.clone(),
        }),
        _ => Ok(()),
    }
}

fn check_length(label: &str, signature: &[u8]) -> Result<(), VerifyError> {
    if signature.len() == SIGNATURE_LENGTH {
        return Ok(());
    }
    Err(VerifyError::WrongLength {
        label: label.to_owned(),
        length: signature.len(),
    })
}

/// `age` is in seconds, and negative when the signature comes from the future.
fn check_age(age: i64, window: Duration) -> Result<(), VerifyError> {
    let window = window.as_secs();
    match age {
        0.. if age.unsigned_abs() > window => Err(VerifyError::TooOld { age, window }),
        ..0 if age.unsigned_abs() > window => Err(VerifyError::InFuture {
            ahead: age.saturating_neg(),
            window,
        }),
        _ => Ok(()),
    }
}

fn farther(earlier: Option<VerifyError>, later: VerifyError) -> VerifyError {
    match earlier {
        Some(earlier) if earlier.progress() >= later.progress() => earlier,
        _ => later,
    }
}
