//! What the contract says about an operation, as data that layers can read.

use std::sync::LazyLock;

use super::Schemas;

/// One method on one path of the contract.
///
/// A `&'static Operation` travels in the extensions of every request that reached a declared
/// operation, so that a layer can decide by the contract and not by matching paths.
#[derive(Debug)]
#[non_exhaustive]
pub struct Operation {
    /// `operationId` as the contract spells it.
    pub id: &'static str,
    /// The HTTP method, upper case.
    pub method: &'static str,
    /// The path template (`/cards/{cardId}`), without a base path.
    pub path: &'static str,
    /// The tag the operation belongs to.
    pub tag: &'static str,
    /// Alternatives, each a conjunction of security schemes; empty means no authentication.
    pub security: &'static [&'static [&'static str]],
    /// Whether the contract asks for an HTTP message signature.
    pub signed: bool,
    /// Whether the contract asks for a digest of the body.
    pub digest: bool,
    /// The header that carries an idempotency key, where the contract has one.
    pub idempotency_key: Option<KeyHeader>,
    /// The parameters a caller passes.
    pub parameters: &'static [ParameterRule],
    /// The request body, where there is one.
    pub body: Option<BodyRule>,
    /// The documented answers, as the contract's keys: `"200"`, `"4XX"`, `"default"`.
    pub statuses: &'static [&'static str],
    /// The contract's schemas, which the rules above point into.
    pub schemas: &'static LazyLock<Schemas>,
}

impl Operation {
    /// Whether calls carry an idempotency key.
    #[must_use]
    pub fn is_idempotent_by_key(&self) -> bool {
        self.idempotency_key.is_some()
    }

    /// Whether a call has to authenticate.
    #[must_use]
    pub fn needs_authentication(&self) -> bool {
        !self.security.is_empty() && self.security.iter().all(|schemes| !schemes.is_empty())
    }
}

/// The header of an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHeader {
    /// The header's name.
    pub name: &'static str,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// A parameter of an operation.
#[derive(Debug, Clone, Copy)]
pub struct ParameterRule {
    /// Where it travels.
    pub location: Location,
    /// Its name on the wire.
    pub name: &'static str,
    /// How its text becomes a value.
    pub shape: Shape,
    /// Lists: the key is repeated (`true`) or values are joined with commas (`false`).
    pub explode: bool,
    /// Where its schema stands in the schemas document, as a JSON pointer.
    pub schema: &'static str,
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

impl Location {
    /// The word the contract uses for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How text outside JSON becomes a JSON value.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of one shape.
    List(&'static Shape),
    /// Named members; only in form bodies.
    Object(&'static [(&'static str, Shape)]),
}

/// A request body of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyRule {
    /// Whether a call without it is refused.
    pub required: bool,
    /// The media type, or a range of them (`image/*`).
    pub media_type: &'static str,
    /// Where its schema stands in the schemas document, as a JSON pointer; `None` leaves the
    /// check to the Rust type (messages of a newer sender are read leniently).
    pub schema: Option<&'static str>,
}
