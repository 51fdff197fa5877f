#![doc = include_str!("../README.md")]
//!
//! # What is signed
//! [`Signer`] covers `"@method" "@authority" "@path"` and, when there is a body,
//! `"content-digest"`. The query is not covered, because the API's other signers do not cover it.
//! The order of headers, and everything that is not covered, may change on the way.
//!
//! # What is accepted
//! [`Verifier`] accepts what the usual libraries send: any label, parameters in any order,
//! further parameters and covered components, several signatures. Its requirements are set with
//! [`VerifierBuilder`]. Each reason to reject is a variant of its own in [`VerifyError`]. When a
//! signature is wrong for an unknown reason, [`explain`] shows the text that was verified. Compare
//! it with the text that was signed.

mod base;
mod clock;
mod component;
mod component_error;
mod digest;
mod explain;
mod fields;
mod input;
mod key;
mod message;
mod signer;
mod verifier;
mod verify_error;

pub use clock::Clock;
pub use component_error::ComponentError;
pub use digest::{CONTENT_DIGEST, ContentDigest, DigestError};
pub use explain::{Explanation, explain};
pub use input::{SIGNATURE, SIGNATURE_INPUT, SignatureParameters};
pub use key::{InvalidKeyId, KeyError, KeyId, SigningKey, VerifyingKey};
pub use message::Message;
pub use signer::{PendingSignature, SignError, SignatureTemplate, Signer};
pub use verifier::{Signatures, Verified, Verifier, VerifierBuilder};
pub use verify_error::VerifyError;

/// The one algorithm of the API, as `alg` names it (RFC 9421, section 6.2.2, in its P-384 form).
pub const ALGORITHM: &str = "ecdsa-p384-sha384";

/// The length of a signature in bytes: r and s, 48 bytes each.
pub const SIGNATURE_LENGTH: usize = 96;

/// The label that [`Signer`] gives a signature unless another one is set.
pub const DEFAULT_LABEL: &str = "sig";
