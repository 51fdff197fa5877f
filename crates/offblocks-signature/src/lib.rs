//! HTTP message signatures and content digests as the OffBlocks API uses them.
//!
//! Every call of the API carries a signature (RFC 9421) made with ECDSA on P-384 and SHA-384, and
//! every body a `Content-Digest` (RFC 9530). This crate makes and checks both, over the types of
//! the [`http`] crate, for clients and for servers alike: a client signs its requests, a server
//! verifies them, and for webhooks the roles change.
//!
//! ```
//! use http::Request;
//! use offblocks_signature::{KeyId, Message, Signer, SigningKey, Verifier};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The caller makes a key, or reads one with `SigningKey::from_pem`, and registers its public
//! // half in the form that `PUT /auth/signing` takes.
//! let key = SigningKey::generate()?;
//! let key_id = KeyId::new("2f7f3e7a-6b5c-4a8e-9f6e-0d2a4c1b3e5f")?;
//! let registered = key.public_key().to_base64_pem();
//!
//! // It signs a request. The time is given, so that nothing here reads a clock.
//! let body = br#"{"type": "virtual"}"#;
//! let now = 1_795_340_781;
//! let request = Request::post("https://api.offblocks.test/v1/accounts/1/cards").body(())?;
//! let (mut parts, ()) = request.into_parts();
//! Signer::new(key, &key_id).sign_parts(&mut parts, body, now)?;
//!
//! // The server looks the key up by its name and verifies.
//! let known = offblocks_signature::VerifyingKey::from_base64_pem(&registered)?;
//! let keys = |id: &KeyId| (*id == key_id).then(|| known.clone());
//! let verified = Verifier::builder()
//!     .build()
//!     .verify(&Message::from_parts(&parts), body, now + 1, keys)?;
//! assert_eq!(verified.key_id, key_id);
//!
//! // Another body under the same signature is rejected.
//! let other = br#"{"type": "physical"}"#;
//! let rejection = Verifier::builder()
//!     .build()
//!     .verify(&Message::from_parts(&parts), other, now + 1, keys)
//!     .unwrap_err();
//! assert!(rejection.to_string().contains("content digest"));
//! # Ok(())
//! # }
//! ```
//!
//! # What is signed
//! [`Signer`] covers `"@method" "@authority" "@path"` and, when there is a body,
//! `"content-digest"`; the query is not covered, because the API's other signers do not cover it.
//! The order of headers and everything uncovered may change on the way.
//!
//! # What is accepted
//! [`Verifier`] takes whatever the usual libraries send: any label, parameters in any order,
//! further parameters and covered components, several signatures. What it requires is set with
//! [`VerifierBuilder`]. Each reason to reject is a variant of its own in [`VerifyError`]. When a
//! signature is wrong for an unknown reason, [`explain`] shows the text that was verified. Compare
//! it with the text that was signed.
//!
//! # Absent on purpose
//! No HTTP library, no clock, no key storage, no other algorithm, and no signatures of responses.

mod base;
mod component;
mod digest;
mod explain;
mod fields;
mod input;
mod key;
mod message;
mod signer;
mod verifier;

pub use component::ComponentError;
pub use digest::{CONTENT_DIGEST, ContentDigest, DigestError};
pub use explain::{Explanation, explain};
pub use input::{SIGNATURE, SIGNATURE_INPUT, SignatureParameters};
pub use key::{InvalidKeyId, KeyError, KeyId, SigningKey, VerifyingKey};
pub use message::Message;
pub use signer::{PendingSignature, SignError, SignatureTemplate, Signer};
pub use verifier::{Verified, Verifier, VerifierBuilder, VerifyError};

/// The one algorithm of the API, as `alg` names it (RFC 9421, section 6.2.2, in its P-384 form).
pub const ALGORITHM: &str = "ecdsa-p384-sha384";

/// The length of a signature in bytes: r and s, 48 bytes each.
pub const SIGNATURE_LENGTH: usize = 96;

/// The label that [`Signer`] gives a signature unless another one is set.
pub const DEFAULT_LABEL: &str = "sig";
