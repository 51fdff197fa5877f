//! Why a component has no value.

use thiserror::Error;

/// Why a component that a signature covers has no value in a message.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ComponentError {
    /// The message has no such header field.
    #[error("the header field {name:?} is covered by the signature and absent from the message")]
    AbsentField {
        /// The name of the field.
        name: String,
    },
    /// A field value holds more than visible ASCII, so that it cannot be covered.
    #[error("the header field {name:?} holds more than visible ASCII and cannot be covered")]
    NotAscii {
        /// The name of the field.
        name: String,
    },
    /// The dictionary member that is covered is absent, or the field is not a dictionary.
    #[error("{identifier} does not name a member of a well-formed dictionary in the message")]
    AbsentMember {
        /// The component as named in `Signature-Input`.
        identifier: String,
    },
    /// The query has no such parameter, or has it more than once.
    #[error("{identifier} does not name exactly one parameter of the query")]
    AmbiguousQueryParameter {
        /// The component as named in `Signature-Input`.
        identifier: String,
    },
    /// The component, or one of its parameters, is unknown or not available in a request.
    #[error(
        "the component {identifier} is not supported: requests do not have it, or not with these \
         parameters; leave it out of the signature"
    )]
    Unsupported {
        /// The component as named in `Signature-Input`.
        identifier: String,
    },
    /// The same component is covered twice.
    #[error("the component {identifier} is covered twice")]
    Repeated {
        /// The component as named in `Signature-Input`.
        identifier: String,
    },
    /// Neither the URI nor a `Host` header names the authority.
    #[error("the request names no authority; send a host header")]
    NoAuthority,
    /// There are several `Host` headers.
    #[error("the request has several host headers; send one")]
    RepeatedHost,
}

impl ComponentError {
    /// The component that has no value: the name of a header field, or the component as named in
    /// `Signature-Input`.
    ///
    /// ```
    /// use offblocks_signature::ComponentError;
    ///
    /// let name = "content-digest".to_owned();
    /// assert_eq!(ComponentError::AbsentField { name }.component(), "content-digest");
    /// ```
    pub fn component(&self) -> &str {
        match self {
            Self::AbsentField { name } | Self::NotAscii { name } => name,
            Self::AbsentMember { identifier }
            | Self::AmbiguousQueryParameter { identifier }
            | Self::Unsupported { identifier }
            | Self::Repeated { identifier } => identifier,
            Self::NoAuthority | Self::RepeatedHost => "@authority",
        }
    }
}
