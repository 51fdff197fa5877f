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
/// `"content-digest"`, and sends `created`, `keyid` and `alg`. `alg` is optional in the API.
/// It is sent because some verifiers choose by it.
#[derive(Clone, Debug)]
pub struct Signer {
    key: SigningKey,
    template: SignatureTemplate,
}

impl Signer {
    /// Signs with this key, which is registered under this name.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate()?, &KeyId::new("key-1")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(key: SigningKey, key_id: &KeyId) -> Self {
        Self {
            key,
            template: SignatureTemplate::new(key_id),
        }
    }

    /// Labels signatures with another word than `sig`.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, SIGNATURE, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate()?, &KeyId::new("key-1")?).with_label("mine")?;
    /// let mut request = http::Request::get("https://api.example/v1/cards").body("")?;
    /// signer.sign_request(&mut request, 1_795_340_781)?;
    /// assert!(request.headers()[SIGNATURE].to_str()?.starts_with("mine=:"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the label is not a structured-field key: lower-case letters, digits and `_-.*`,
    /// beginning with a letter or `*`.
    pub fn with_label(self, label: &str) -> Result<Self, SignError> {
        let template = self.template.with_label(label)?;
        Ok(Self { template, ..self })
    }

    /// Signs a request: sets `Signature-Input`, `Signature` and, with a body, `Content-Digest`,
    /// replacing what is there, so that a request can be signed again for another attempt.
    ///
    /// `created` is the time of signing in seconds since the Unix epoch. The authority is that of the URI,
    /// or else that of a `Host` header.
    ///
    /// ```
    /// use http::{HeaderMap, Method, Uri};
    /// use offblocks_signature::{CONTENT_DIGEST, KeyId, SIGNATURE, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate()?, &KeyId::new("key-1")?);
    /// let uri = Uri::from_static("https://api.example/v1/customers");
    /// let mut headers = HeaderMap::new();
    /// signer.sign(&Method::POST, &uri, &mut headers, b"{}", 1_795_340_781)?;
    /// assert!(headers.contains_key(SIGNATURE) && headers.contains_key(CONTENT_DIGEST));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
        let pending = self.template.prepare(method, uri, headers, body, created)?;
        let signature = self.key.sign(pending.base()).ok_or(SignError::Library)?;
        pending.complete(&signature, headers);
        Ok(())
    }

    /// Signs a request whose body is in memory; see [`sign`](Self::sign).
    ///
    /// ```
    /// use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier};
    ///
    /// let key = SigningKey::generate()?;
    /// let id = KeyId::new("2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c")?;
    /// let mut request = http::Request::post("https://api.example/v1/customers")
    ///     .body("{}")?;
    /// let created = 1_795_340_781;
    /// Signer::new(key.clone(), &id).sign_request(&mut request, created)?;
    ///
    /// let (message, body) = (Message::from_request(&request), request.body().as_bytes());
    /// let verified = Verifier::builder().build().verify(&message, body, created, |keyid| {
    ///     (*keyid == id).then(|| key.public_key())
    /// });
    /// assert!(verified.is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`sign`](Self::sign).
    pub fn sign_request<B: AsRef<[u8]>>(
        &self,
        request: &mut http::Request<B>,
        created: i64,
    ) -> Result<(), SignError> {
        let mut headers = std::mem::take(request.headers_mut());
        let (method, uri, body) = (request.method(), request.uri(), request.body().as_ref());
        let signed = self.sign(method, uri, &mut headers, body, created);
        *request.headers_mut() = headers;
        signed
    }

    /// Signs a request whose head was split off its body; see [`sign`](Self::sign).
    ///
    /// ```
    /// use offblocks_signature::{KeyId, SIGNATURE, Signer, SigningKey};
    ///
    /// let signer = Signer::new(SigningKey::generate()?, &KeyId::new("key-1")?);
    /// let request = http::Request::get("https://api.example/v1/cards").body(())?;
    /// let (mut parts, ()) = request.into_parts();
    /// signer.sign_parts(&mut parts, b"", 1_795_340_781)?;
    /// assert!(parts.headers.contains_key(SIGNATURE));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
}

/// What is signed and how it is labelled, without the key: for keys that are kept elsewhere, such as in
/// a key management service or a hardware module.
///
/// [`prepare`](Self::prepare) makes the bytes to sign, and [`PendingSignature::complete`] takes the
/// signature of them. [`Signer`] does both with a key in memory.
#[derive(Clone, Debug)]
pub struct SignatureTemplate {
    label: String,
    /// The parameters behind `created`, which are the same for every request.
    fixed_params: String,
    bodyless: Vec<Component>,
    with_body: Vec<Component>,
}

impl SignatureTemplate {
    /// Signatures of the key that is registered under this name.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, SignatureTemplate};
    ///
    /// let template = SignatureTemplate::new(&KeyId::new("key-1")?);
    /// # Ok::<(), offblocks_signature::InvalidKeyId>(())
    /// ```
    #[must_use]
    pub fn new(key_id: &KeyId) -> Self {
        let bodyless = vec![
            Component::plain("@method", "\"@method\""),
            Component::plain("@authority", "\"@authority\""),
            Component::plain("@path", "\"@path\""),
        ];
        let mut with_body = bodyless.clone();
        with_body.push(Component::plain("content-digest", "\"content-digest\""));
        Self {
            label: DEFAULT_LABEL.to_owned(),
            fixed_params: format!(";keyid={};alg=\"{ALGORITHM}\"", quoted(key_id.as_str())),
            bodyless,
            with_body,
        }
    }

    /// Labels signatures with another word than `sig`.
    ///
    /// ```
    /// use offblocks_signature::{KeyId, SignError, SignatureTemplate};
    ///
    /// let template = SignatureTemplate::new(&KeyId::new("key-1")?);
    /// assert!(template.clone().with_label("mine").is_ok());
    /// assert_eq!(template.with_label("Mine").err(), Some(SignError::Label));
    /// # Ok::<(), offblocks_signature::InvalidKeyId>(())
    /// ```
    ///
    /// # Errors
    /// As [`Signer::with_label`].
    pub fn with_label(self, label: &str) -> Result<Self, SignError> {
        sfv::KeyRef::from_str(label).map_err(|_| SignError::Label)?;
        let label = label.to_owned();
        Ok(Self { label, ..self })
    }

    /// Sets the digest of the body, and makes the bytes to sign; see [`Signer::sign`].
    ///
    /// ```
    /// use http::{HeaderMap, Method, Uri};
    /// use offblocks_signature::{KeyId, SignatureTemplate, SigningKey};
    ///
    /// let (uri, mut headers) = (Uri::from_static("https://api.example/v1/cards"), HeaderMap::new());
    /// let template = SignatureTemplate::new(&KeyId::new("key-1")?);
    /// let pending = template.prepare(&Method::GET, &uri, &mut headers, b"", 1_795_340_781)?;
    ///
    /// // Here a key management service would be asked.
    /// let service = SigningKey::generate()?;
    /// let signature = service.sign(pending.base()).ok_or("it could not sign")?;
    /// pending.complete(&signature, &mut headers);
    /// assert!(headers.contains_key("signature"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the request names no authority.
    pub fn prepare(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &mut HeaderMap,
        body: &[u8],
        created: i64,
    ) -> Result<PendingSignature, SignError> {
        set_digest(headers, body);
        let components = if body.is_empty() {
            &self.bodyless
        } else {
            &self.with_body
        };
        let params = self.params(components, created);
        let base = signature_base(&Message::new(method, uri, headers), components, &params)?;
        Ok(PendingSignature {
            base,
            label: self.label.clone(),
            params,
        })
    }

    fn params(&self, components: &[Component], created: i64) -> String {
        let names: Vec<&str> = components.iter().map(Component::identifier).collect();
        let (names, fixed) = (names.join(" "), &self.fixed_params);
        format!("({names});created={created}{fixed}")
    }
}

/// A request's signature base (RFC 9421, section 2.5), which waits for its signature.
#[derive(Clone, Debug)]
pub struct PendingSignature {
    base: String,
    label: String,
    params: String,
}

impl PendingSignature {
    /// The bytes to sign: ECDSA on P-384 with SHA-384 over them.
    ///
    /// ```
    /// use http::{HeaderMap, Method, Uri};
    /// use offblocks_signature::{KeyId, SignatureTemplate};
    ///
    /// let (uri, mut headers) = (Uri::from_static("https://api.example/v1/cards"), HeaderMap::new());
    /// let template = SignatureTemplate::new(&KeyId::new("key-1")?);
    /// let pending = template.prepare(&Method::GET, &uri, &mut headers, b"", 1_795_340_781)?;
    /// assert!(pending.base().starts_with(b"\"@method\": GET\n\"@authority\": api.example\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn base(&self) -> &[u8] {
        self.base.as_bytes()
    }

    /// Sets `Signature-Input` and `Signature`. The signature has the form of IEEE P1363: r and s, 48
    /// bytes each. Key management services return DER, which has to be converted.
    ///
    /// ```
    /// use http::{HeaderMap, Method, Uri};
    /// use offblocks_signature::{KeyId, SIGNATURE_INPUT, SignatureTemplate};
    ///
    /// let (uri, mut headers) = (Uri::from_static("https://api.example/v1/cards"), HeaderMap::new());
    /// let template = SignatureTemplate::new(&KeyId::new("key-1")?);
    /// let pending = template.prepare(&Method::GET, &uri, &mut headers, b"", 1_795_340_781)?;
    /// let of_a_service = [7; 96];
    /// pending.complete(&of_a_service, &mut headers);
    /// assert!(headers.contains_key(SIGNATURE_INPUT));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn complete(self, signature: &[u8; 96], headers: &mut HeaderMap) {
        let Self { label, params, .. } = self;
        let signature = STANDARD.encode(signature);
        headers.insert(SIGNATURE_INPUT, ascii(format!("{label}={params}")));
        headers.insert(SIGNATURE, ascii(format!("{label}=:{signature}:")));
    }
}

/// Why a request was not signed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// A component that the signature covers has no value.
    #[error("the request cannot be signed: {0}")]
    Component(#[from] ComponentError),
    /// The label cannot be used in a header.
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
