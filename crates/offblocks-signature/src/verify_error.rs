//! Why a request was rejected.

use http::HeaderName;
use thiserror::Error;

use crate::component_error::ComponentError;
use crate::digest::DigestError;
use crate::key::KeyId;

/// Why a request's signature was not accepted.
///
/// Every variant names only what the request carries, and never the content of a key. So the text may
/// be sent back to the caller.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The request is not signed.
    #[error("the {header} header is missing; sign the request")]
    MissingHeader {
        /// The header that is not there or is empty.
        header: HeaderName,
    },
    /// One of the two headers cannot be read.
    #[error("the {header} header cannot be read: {reason}")]
    MalformedHeader {
        /// The header.
        header: HeaderName,
        /// What is wrong with it, and where.
        reason: String,
    },
    /// The request carries more signatures than the verifier looks at.
    #[error("the request carries {found} signatures, at most {limit} are looked at")]
    TooManySignatures {
        /// How many there are.
        found: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// A label is in `Signature-Input` and not in `Signature`.
    #[error("the signature-input header names {label:?} and the signature header does not")]
    MissingSignature {
        /// The label.
        label: String,
    },
    /// A label is in `Signature` and not in `Signature-Input`.
    #[error("the signature header names {label:?} and the signature-input header does not")]
    MissingInput {
        /// The label.
        label: String,
    },
    /// The signature does not name its key.
    #[error("the signature {label:?} names no key; send keyid")]
    MissingKeyId {
        /// The label of the signature.
        label: String,
    },
    /// No key is registered under this name.
    #[error(
        "no key is registered as {key_id:?}; register its public half under this name first",
        key_id = key_id.as_str()
    )]
    UnknownKeyId {
        /// The name of the key.
        key_id: KeyId,
    },
    /// The signature claims another algorithm.
    #[error(
        "the algorithm {found:?} is not accepted; sign with {}",
        crate::ALGORITHM
    )]
    UnsupportedAlgorithm {
        /// The algorithm it claims.
        found: String,
    },
    /// The signature does not cover a required component.
    #[error(
        "the signature {label:?} does not cover \"{component}\"; add it to the components of \
         Signature-Input, and sign again"
    )]
    MissingComponent {
        /// The label of the signature.
        label: String,
        /// The component that has to be covered.
        component: String,
    },
    /// A covered component has no value in this request.
    #[error("the signature {label:?} cannot be checked: {source}")]
    Component {
        /// The label of the signature.
        label: String,
        /// What is wrong with which component.
        source: ComponentError,
    },
    /// The signature does not say when it was made, and the verifier requires it.
    #[error("the signature {label:?} does not say when it was made; send created")]
    MissingCreated {
        /// The label of the signature.
        label: String,
    },
    /// The signature was made too long ago.
    #[error(
        "the signature was made {} ago, {window} are allowed; check the clock",
        seconds(*age)
    )]
    TooOld {
        /// Seconds since the signature was made.
        age: i64,
        /// How many are allowed.
        window: u64,
    },
    /// The signature was made in the future.
    #[error(
        "the signature was made {} in the future, {window} are allowed; check the clock",
        seconds(*ahead)
    )]
    InFuture {
        /// Seconds until the signature will have been made.
        ahead: i64,
        /// How many are allowed.
        window: u64,
    },
    /// The signature has expired, by its own `expires`.
    #[error("the signature expired {} ago; sign again", seconds(*ago))]
    Expired {
        /// Seconds since then.
        ago: i64,
    },
    /// The signature is not r‖s in 96 bytes.
    #[error(
        "the signature {label:?} is {length} bytes long; send r and s in 48 bytes each, leading \
         zeros kept, not DER"
    )]
    WrongLength {
        /// The label of the signature.
        label: String,
        /// Its length, in bytes.
        length: usize,
    },
    /// The signature is not that key's signature of this request.
    #[error(
        "the signature {label:?} is not one that {key_id:?} made of this request; compare \
         signature bases",
        key_id = key_id.as_str()
    )]
    WrongSignature {
        /// The label of the signature.
        label: String,
        /// The name of the key it was checked with.
        key_id: KeyId,
    },
    /// The signature is valid, but the body is not the one that was signed.
    #[error(transparent)]
    Digest(#[from] DigestError),
}

impl VerifyError {
    /// How many checks were passed. Of several rejected signatures, the one that passed most of them says
    /// most about what went wrong.
    pub(crate) fn progress(&self) -> u8 {
        match self {
            Self::MissingHeader { .. }
            | Self::MalformedHeader { .. }
            | Self::TooManySignatures { .. }
            | Self::MissingInput { .. } => 0,
            Self::MissingSignature { .. } => 1,
            Self::MissingKeyId { .. } => 2,
            Self::UnsupportedAlgorithm { .. } => 3,
            Self::UnknownKeyId { .. } => 4,
            Self::MissingComponent { .. } | Self::Component { .. } => 5,
            Self::MissingCreated { .. }
            | Self::TooOld { .. }
            | Self::InFuture { .. }
            | Self::Expired { .. } => 6,
            Self::WrongLength { .. } => 7,
            Self::WrongSignature { .. } => 8,
            Self::Digest(_) => 9,
        }
    }
}

/// A number of seconds, in words.
fn seconds(number: i64) -> String {
    match number {
        1 => "1 second".to_owned(),
        _ => format!("{number} seconds"),
    }
}
