//! The private key that signs.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use zeroize::Zeroizing;

use super::pem::{self, Block};
use super::{KeyError, VerifyingKey};

/// A P-384 private key that signs with ECDSA and SHA-384.
///
/// Cloning is cheap and shares the key. Its memory is wiped when the last clone is dropped, and
/// its `Debug` form shows the public half only.
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<EcdsaKeyPair>,
}

impl SigningKey {
    /// Reads a private key from PEM: SEC1 (`EC PRIVATE KEY`, what `openssl ecparam -genkey`
    /// writes, with or without its `EC PARAMETERS` block) or PKCS#8 (`PRIVATE KEY`).
    ///
    /// ```
    /// use offblocks_signature::{KeyError, SigningKey};
    ///
    /// let pem = SigningKey::generate()?.to_pkcs8_pem()?;
    /// let key = SigningKey::from_pem(&pem)?;
    ///
    /// let public = key.public_key().to_spki_pem();
    /// assert_eq!(SigningKey::from_pem(&public).err(), Some(KeyError::PublicKey));
    /// # Ok::<(), KeyError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not an unencrypted P-384 private key; the error says what it is instead.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let block = pem::first_key_block(pem)?;
        match block.label.as_str() {
            "EC PRIVATE KEY" | "PRIVATE KEY" => Self::from_der(&block.der),
            "PUBLIC KEY" => Err(KeyError::PublicKey),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            _ => Err(unexpected(block)),
        }
    }

    /// Makes a new key from the randomness of the cryptographic library, the same source that
    /// every signature draws on.
    ///
    /// ```
    /// use offblocks_signature::SigningKey;
    ///
    /// let (one, other) = (SigningKey::generate()?, SigningKey::generate()?);
    /// assert_ne!(one.public_key(), other.public_key());
    /// # Ok::<(), offblocks_signature::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// When the library fails, which means that the machine has no randomness or no memory left.
    pub fn generate() -> Result<Self, KeyError> {
        EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING)
            .map(Self::from_pair)
            .map_err(|_| KeyError::Generation)
    }

    /// The public half, to register with the other side.
    ///
    /// ```
    /// let key = offblocks_signature::SigningKey::generate()?;
    /// println!("register this: {}", key.public_key().to_base64_pem());
    /// # Ok::<(), offblocks_signature::KeyError>(())
    /// ```
    #[must_use]
    pub fn public_key(&self) -> VerifyingKey {
        let spki = self.pair.public_key().as_der();
        let spki = spki.expect("the public half of a valid key has a DER form");
        VerifyingKey::from_spki(spki.as_ref()).expect("the library reads the DER form it wrote")
    }

    /// The key as PKCS#8 PEM, to keep it in a file. The text is wiped when dropped.
    ///
    /// ```
    /// let key = offblocks_signature::SigningKey::generate()?;
    /// assert!(key.to_pkcs8_pem()?.starts_with("-----BEGIN PRIVATE KEY-----"));
    /// # Ok::<(), offblocks_signature::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// When the library cannot encode the key, which means that no memory is left.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        let der = self.pair.to_pkcs8v1().map_err(|_| KeyError::Malformed)?;
        Ok(pem::encode("PRIVATE KEY", der.as_ref()))
    }

    /// Signs these bytes: r and s, 48 bytes each (IEEE P1363). `None` when the cryptographic library
    /// fails, which means that no memory is left.
    ///
    /// ```
    /// let key = offblocks_signature::SigningKey::generate()?;
    /// let signature: [u8; 96] = key.sign(b"the signature base").ok_or("no memory is left")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> Option<[u8; 96]> {
        // The library draws the nonce itself and ignores the generator it is given.
        let signature = self.pair.sign(&SystemRandom::new(), bytes).ok()?;
        signature.as_ref().try_into().ok()
    }

    fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        if !pem::is_one_sequence(der) {
            return Err(KeyError::Malformed);
        }
        EcdsaKeyPair::from_private_key_der(&ECDSA_P384_SHA384_FIXED_SIGNING, der)
            .map(Self::from_pair)
            .map_err(|_| pem::rejection(der))
    }

    fn from_pair(pair: EcdsaKeyPair) -> Self {
        Self {
            pair: Arc::new(pair),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("public", &self.public_key())
            .finish_non_exhaustive()
    }
}

/// The rejection of a block that cannot hold a P-384 private key.
fn unexpected(block: Block) -> KeyError {
    match block.label.as_str() {
        "RSA PRIVATE KEY" => KeyError::WrongKind { found: "RSA" },
        "DSA PRIVATE KEY" => KeyError::WrongKind { found: "DSA" },
        _ => KeyError::UnexpectedBlock { label: block.label },
    }
}
