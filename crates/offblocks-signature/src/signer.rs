//! Signing requests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Uri};
use thiserror::Error;

use crate::base::signature_base;
use crate::component::Component;
use crate::component_error::ComponentError;
use crate::digest::{CONTENT_DIGEST, ContentDigest};
use crate::input::{SIGNATURE, SIGNATURE_INPUT};
use crate::key::{KeyId, SigningKey};
use crate::message::Message;
use crate::{ALGORITHM, DEFAULT_LABEL};

/// Signs requests as the OffBlocks API requires.
///
/// It covers `"@method" "@authority" "@path"` and, when the request has a body,
/// `"content-digest"`, and states `created`, `keyid` and `alg`. `alg` is optional in the API;
/// it is sent because some verifiers choose by it.
#[derive(Clone, Debug)]
pub struct Signer {
    key: SigningKey,
    label: String,
    /// The parameters behind `created`, which are the same for every request.
    fixed_params: String,
    bodyless: Vec<Component>,
    with_body: Vec<Component>,
}

impl Signer {
    /// Signs with this key, which the other side knows by this name.
    #[must_use]
    pub fn new(key: SigningKey, key_id: &KeyId) -> Self {
        let bodyless = vec![
            Component::plain("@method", "\"@method\""),
            Component::plain("@authority", "\"@authority\""),
            Component::plain("@path", "\"@path\""),
        ];
        let mut with_body = bodyless.clone();
        with_body.push(Component::plain("content-digest", "\"content-digest\""));
        Self {
            key,
            label: DEFAULT_LABEL.to_owned(),
            fixed_params: format!(";keyid={};alg=\"{ALGORITHM}\"", quoted(key_id.as_str())),
            bodyless,
            with_body,
        }
    }

    /// Labels signatures with another word than `sig`.
    ///
    /// # Errors
    /// When the label is not a structured-field key: lower-case letters, digits and `_-.*`,
    /// beginning with a letter or `*`.
    pub fn with_label(self, label: &str) -> Result<Self, SignError> {
        sfv::KeyRef::from_str(label).map_err(|_| SignError::Label)?;
        let label = label.to_owned();
        Ok(Self { label, ..self })
    }

    /// Signs a request: sets `Signature-Input`, `Signature` and, with a body, `Content-Digest`,
    /// replacing what is there, so that a request can be signed anew for another attempt.
    ///
    /// `created` is the time of signing in seconds since the Unix epoch. The URI names the
    /// authority, or else a `Host` header does.
    ///
    /// # Errors
    /// When the request names no authority, or the cryptographic library fails.
    pub fn sign(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &mut HeaderMap,
        body: &[u8],
        created: i64,
    ) -> Result<(), SignError> {
        set_digest(headers, body);
        let (input, signature) =
            self.headers_for(&Message::new(method, uri, headers), body, created)?;
        headers.insert(SIGNATURE_INPUT, input);
        headers.insert(SIGNATURE, signature);
        Ok(())
    }

    /// Signs a request whose head was split off its body; see [`sign`](Self::sign).
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn sign_parts(
        &self,
        parts: &mut Parts,
        body: &[u8],
        created: i64,
    ) -> Result<(), SignError> {
        self.sign(&parts.method, &parts.uri, &mut parts.headers, body, created)
    }

    /// The values of `Signature-Input` and `Signature`.
    fn headers_for(
        &self,
        message: &Message<'_>,
        body: &[u8],
        created: i64,
    ) -> Result<(HeaderValue, HeaderValue), SignError> {
        let components = if body.is_empty() {
            &self.bodyless
        } else {
            &self.with_body
        };
        let params = self.params(components, created);
        let base = signature_base(message, components, &params)?;
        let signature = self.key.sign(base.as_bytes()).ok_or(SignError::Library)?;
        let label = &self.label;
        let signature = STANDARD.encode(signature);
        Ok((
            ascii(format!("{label}={params}")),
            ascii(format!("{label}=:{signature}:")),
        ))
    }

    fn params(&self, components: &[Component], created: i64) -> String {
        let names: Vec<&str> = components.iter().map(Component::identifier).collect();
        let (names, fixed) = (names.join(" "), &self.fixed_params);
        format!("({names});created={created}{fixed}")
    }
}

/// Why a request was not signed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// A component that the signature covers has no value.
    #[error("the request cannot be signed: {0}")]
    Component(#[from] ComponentError),
    /// The label cannot stand in a header.
    #[error("a label is lower-case letters, digits and `_-.*`, beginning with a letter")]
    Label,
    /// The cryptographic library failed.
    #[error("the cryptographic library could not sign; the machine may be out of memory")]
    Library,
}

/// Sets the digest of a body, or removes a digest that an earlier body has left.
fn set_digest(headers: &mut HeaderMap, body: &[u8]) {
    if body.is_empty() {
        headers.remove(CONTENT_DIGEST);
    } else {
        headers.insert(CONTENT_DIGEST, ContentDigest::sha512(body).header_value());
    }
}

/// A structured-field string (RFC 8941, section 4.1.6) of printable ASCII.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

fn ascii(value: String) -> HeaderValue {
    HeaderValue::try_from(value).expect("labels, key ids and base64 are visible ASCII")
}
