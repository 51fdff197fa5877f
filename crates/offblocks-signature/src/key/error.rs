//! Why a key was rejected.

use thiserror::Error;

/// Why a text is not the key that was asked for.
///
/// No variant carries key material, so the error may be logged.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no PEM block in the text.
    #[error("no PEM block found; give the whole text from `-----BEGIN` to `-----END`")]
    NotPem,
    /// The text should be the base64 form of a PEM text and is not base64.
    #[error("the key is not base64; encode the whole PEM text once more as standard base64")]
    NotBase64,
    /// The text should be the base64 form of a PEM text and is the PEM text itself.
    #[error("the key is PEM text; encode that text once more as standard base64")]
    NotEncoded,
    /// The base64 form holds something, but not a PEM text.
    #[error("the base64 does not hold PEM text; encode the PEM text, not the bytes inside it")]
    NotEncodedPem,
    /// The PEM text has several blocks where one key is registered.
    #[error(
        "the PEM text has several blocks and one key can be registered; give the block of that key"
    )]
    SeveralBlocks,
    /// A private key was given where a public key is registered.
    #[error(
        "a private key was given where a public key is expected; keep it secret, replace it if it \
         was sent anywhere, and give what `openssl ec -pubout` prints"
    )]
    PrivateKey,
    /// A public key was given where a private key is needed to sign.
    #[error("a public key was given where a private key is needed to sign")]
    PublicKey,
    /// The private key is protected by a passphrase.
    #[error("the private key is encrypted; decrypt it first, for example with `openssl pkcs8`")]
    Encrypted,
    /// The PEM block is neither a private nor a public key.
    #[error("the PEM block is `{label}`, which is not a key that can be used here")]
    UnexpectedBlock {
        /// The label of the block, as in `-----BEGIN label-----`.
        label: String,
    },
    /// The key is of another kind than P-384.
    #[error(
        "the key is {found}, only P-384 is accepted; make one with `openssl ecparam -name \
         secp384r1 -genkey -noout`"
    )]
    WrongKind {
        /// What the key is, for example `P-256`.
        found: &'static str,
    },
    /// The block is labelled as a key but does not hold one.
    #[error("the PEM block does not hold a valid P-384 key")]
    Malformed,
    /// The cryptographic library could not make a key.
    #[error("a new key could not be generated")]
    Generation,
}
