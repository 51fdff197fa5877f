//! The public key that verifies.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED, ParsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{KeyError, pem};

/// A P-384 public key that verifies ECDSA signatures made with SHA-384.
///
/// It is checked and decoded once, when it is read, and cheap to clone.
#[derive(Clone)]
pub struct VerifyingKey {
    key: Arc<ParsedPublicKey>,
}

impl VerifyingKey {
    /// Reads a public key from SPKI PEM (`PUBLIC KEY`, what `openssl ec -pubout` writes).
    ///
    /// ```
    /// use offblocks_signature::{SigningKey, VerifyingKey};
    ///
    /// let public = SigningKey::generate()?.public_key();
    /// assert_eq!(VerifyingKey::from_spki_pem(&public.to_spki_pem())?, public);
    /// # Ok::<(), offblocks_signature::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not a P-384 public key; the error says what it is instead.
    pub fn from_spki_pem(pem: &str) -> Result<Self, KeyError> {
        let block = pem::first_key_block(pem)?;
        match block.label.as_str() {
            "PUBLIC KEY" => Self::from_spki(&block.der),
            "RSA PUBLIC KEY" => Err(KeyError::WrongKind { found: "RSA" }),
            label if label.ends_with("PRIVATE KEY") => Err(KeyError::PrivateKey),
            _ => Err(KeyError::UnexpectedBlock { label: block.label }),
        }
    }

    /// Reads the form in which the API carries a public key: the SPKI PEM text, encoded once more
    /// as standard base64 (`signingKey` of `PUT /auth/signing`, `key` of
    /// `GET /webhooks/verification-key`). Line breaks inside the base64 are ignored.
    ///
    /// ```
    /// use offblocks_signature::{KeyError, SigningKey, VerifyingKey};
    ///
    /// let public = SigningKey::generate()?.public_key();
    /// assert_eq!(VerifyingKey::from_base64_pem(&public.to_base64_pem())?, public);
    ///
    /// let not_encoded = VerifyingKey::from_base64_pem(&public.to_spki_pem());
    /// assert_eq!(not_encoded, Err(KeyError::NotEncoded));
    /// # Ok::<(), KeyError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not the base64 form of a P-384 public key's PEM text.
    pub fn from_base64_pem(text: &str) -> Result<Self, KeyError> {
        if pem::is_pem(text) {
            return Err(KeyError::NotEncoded);
        }
        let compact: String = text.split_ascii_whitespace().collect();
        let pem = STANDARD.decode(compact).map_err(|_| KeyError::NotBase64)?;
        Self::from_encoded_pem(&pem)
    }

    /// Reads what was inside the base64 of [`from_base64_pem`](Self::from_base64_pem), for
    /// callers whose types have decoded it already.
    ///
    /// ```
    /// use offblocks_signature::{SigningKey, VerifyingKey};
    ///
    /// let public = SigningKey::generate()?.public_key();
    /// let decoded: Vec<u8> = public.to_spki_pem().into_bytes();
    /// assert_eq!(VerifyingKey::from_encoded_pem(&decoded)?, public);
    /// # Ok::<(), offblocks_signature::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// When the bytes are not the PEM text of a P-384 public key, or hold more than that.
    pub fn from_encoded_pem(pem: &[u8]) -> Result<Self, KeyError> {
        match std::str::from_utf8(pem) {
            Ok(pem) if pem::is_pem(pem) => {
                let key = Self::from_spki_pem(pem)?;
                match pem.matches("-----BEGIN ").count() {
                    1 => Ok(key),
                    _ => Err(KeyError::SeveralBlocks),
                }
            }
            _ => Err(KeyError::NotEncodedPem),
        }
    }

    /// The key as SPKI PEM text.
    ///
    /// ```
    /// let public = offblocks_signature::SigningKey::generate()?.public_key();
    /// assert!(public.to_spki_pem().starts_with("-----BEGIN PUBLIC KEY-----"));
    /// # Ok::<(), offblocks_signature::KeyError>(())
    /// ```
    #[must_use]
    pub fn to_spki_pem(&self) -> String {
        pem::encode("PUBLIC KEY", self.spki()).to_string()
    }

    /// The key in the form in which the API carries it: SPKI PEM text, encoded once more as
    /// standard base64.
    ///
    /// ```
    /// let public = offblocks_signature::SigningKey::generate()?.public_key();
    /// // The base64 form of `-----BEGIN`.
    /// assert!(public.to_base64_pem().starts_with("LS0tLS1CRUdJTi"));
    /// # Ok::<(), offblocks_signature::KeyError>(())
    /// ```
    #[must_use]
    pub fn to_base64_pem(&self) -> String {
        STANDARD.encode(self.to_spki_pem())
    }

    /// Whether the signature, r‖s in 96 bytes, is this key's for these bytes.
    pub(crate) fn is_signature_of(&self, bytes: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(bytes, signature).is_ok()
    }

    /// Reads the DER form of a public key (RFC 5280, `SubjectPublicKeyInfo`).
    pub(super) fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        if !pem::is_one_sequence(der) {
            return Err(KeyError::Malformed);
        }
        ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, der)
            .map(|key| Self { key: Arc::new(key) })
            .map_err(|_| pem::rejection(der))
    }

    fn spki(&self) -> &[u8] {
        (*self.key).as_ref()
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.spki() == other.spki()
    }
}

impl Eq for VerifyingKey {}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = digest::digest(&digest::SHA256, self.spki());
        let print = STANDARD.encode(digest);
        write!(formatter, "VerifyingKey(P-384 SHA256:{print})")
    }
}
