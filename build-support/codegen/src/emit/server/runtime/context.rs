//! What a handler learns about a call beside its arguments.

use std::fmt;

use http::{Extensions, HeaderMap, Uri};
use uuid::Uuid;

use super::{Location, Operation, ParameterFault, Rejection};

/// What a handler learns about a call beside its arguments.
#[non_exhaustive]
pub struct RequestContext {
    /// The operation that was called.
    pub operation: &'static Operation,
    /// The target as this server received it.
    pub uri: Uri,
    /// Every header of the request.
    pub headers: HeaderMap,
    /// The caller's idempotency key, where the operation has one.
    pub idempotency_key: Option<Uuid>,
    /// What layers left: a principal, a transaction, …
    pub extensions: Extensions,
}

impl RequestContext {
    /// A context, for calling a handler without a router.
    #[must_use]
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            uri: Uri::default(),
            headers: HeaderMap::new(),
            idempotency_key: None,
            extensions: Extensions::new(),
        }
    }

    /// What a layer left under type `T`.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// The request's id, where a layer gave it one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.extension::<RequestId>()
            .map(|RequestId(id)| id.as_str())
    }
}

/// Headers hold credentials, so only their number is shown.
impl fmt::Debug for RequestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestContext")
            .field("operation", &self.operation.id)
            .field("headers", &self.headers.len())
            .field("idempotency_key", &self.idempotency_key)
            .finish_non_exhaustive()
    }
}

/// The id of a request, in its extensions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequestId(pub String);

/// The idempotency key of a call to `operation`.
///
/// # Errors
/// [`Rejection::Parameter`] when the contract requires one and it is absent, or it is not a UUID.
pub fn idempotency_key(
    operation: &Operation,
    headers: &HeaderMap,
) -> Result<Option<Uuid>, Rejection> {
    let Some(header) = operation.idempotency_key else {
        return Ok(None);
    };
    let mut values = headers.get_all(header.name).iter();
    let key = match (values.next(), values.next()) {
        (None, _) if header.required => Err(ParameterFault::Missing),
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(ParameterFault::Repeated),
        (Some(value), None) => hyphenated(value.as_bytes()).map(Some).ok_or_else(|| {
            let example = "is not a UUID such as 2a6e9c14-b85f-47d0-a3f2-9046d7e1b85c";
            ParameterFault::Invalid(example.to_owned())
        }),
    };
    key.map_err(|fault| Rejection::Parameter {
        location: Location::Header,
        name: header.name,
        fault,
    })
}

/// A UUID in its one accepted spelling: hexadecimal digits of either case in five groups (RFC 9562,
/// section 4). Braces, `urn:uuid:` and digits without hyphens are other spellings.
#[must_use]
pub fn hyphenated(text: &[u8]) -> Option<Uuid> {
    // Only this spelling is 36 characters long.
    let fits = text.len() == 36;
    fits.then(|| Uuid::try_parse_ascii(text).ok()).flatten()
}
