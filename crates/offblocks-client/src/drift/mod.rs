//! Notices where the server is no longer what the contract says.
//!
//! A client goes on working when the server adds a field or a value of an enum: the field is
//! ignored and the value kept as `Unknown`. That is how a contract should age, and it is also how
//! nobody learns that there is something new. So the client looks at every response and tells what
//! it did not expect:
//!
//! | [`DriftKind`] | what was seen | `pointer` |
//! |---|---|---|
//! | `UndocumentedStatus` | a status the contract does not list for the operation | empty |
//! | `UnknownField` | a field the contract does not know | of the field |
//! | `UnknownValue` | a text outside its enum, or a union's member that is not listed | of the enum |
//! | `Undecodable` | a success that cannot be read as the contract's type | of where reading stopped |
//!
//! Free-form objects are passed over, the members of a union are told apart as when decoding, and
//! the body of an error is looked at where the contract gives it a schema.
//!
//! # Who is told
//! - The **log**: a `tracing` event of level `WARN` and target [`TARGET`], with `kind`,
//!   `operation`, `status`, `pointer`, `contract` (the SHA-256 of the contract the client was made
//!   from) and `count`. Each drift is logged once for each client: the same kind, operation, status
//!   and pointer again is no news. 256 of them are remembered; after that an event says that no
//!   more will be logged.
//! - The **callback** given to [`ClientBuilder::on_drift`](crate::ClientBuilder::on_drift): it is
//!   told of every occurrence, so that it can feed a metric; [`Drift::first`] says whether it was
//!   logged just before. It is called where the response is awaited, in the order status, decoding,
//!   body from its beginning to its end, and the call goes on when it returns: it should be quick,
//!   and a panic in it is the caller's.
//!
//! No value of a response is ever told. Indices and the keys of maps are `*`, and a name the contract
//! does not know is told only when it looks like a name: at most 48 letters, digits and `_-.$@`,
//! beginning as a name does and with no more than four digits; otherwise it is `?`. So a pointer can
//! be the label of a metric.
//!
//! # What it costs
//! With no callback, and no subscriber that wants warnings of [`TARGET`] (none at all, or a filter
//! such as `offblocks::drift=off`), one branch and one atomic load for each response. Otherwise the
//! body is read a second time, without building anything from it: a body in order allocates
//! nothing, unless it holds a union. Medians on two cores of a Xeon in a virtual machine, from
//! `cargo bench -p offblocks-client --bench drift`:
//!
//! | | decoding alone | nobody listens | in order | a new field and a new value in each |
//! |---|--:|--:|--:|--:|
//! | a card (0.5 kB) | 0.76 µs | 0.77 µs | 1.45 µs | 2.11 µs |
//! | 100 transactions (82 kB) | 184 µs | 184 µs | 311 µs | 342 µs |
//!
//! Signing one request costs 90 µs on the same machine.

mod inspect;
mod locate;
mod place;
mod shape;
mod watch;

use std::fmt;

pub use crate::generated::shapes;
pub use inspect::{DriftFinding, inspect, inspect_slice};
pub use shape::{Documented, Shape};
pub(crate) use watch::Callback;
pub use watch::DriftWatch;

/// The target of the events.
pub const TARGET: &str = "offblocks::drift";

/// One way in which the server was not what the contract says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// What it is.
    pub kind: DriftKind,
    /// The `operationId` of the call, or the name given to [`DriftWatch::value`].
    pub operation: &'static str,
    /// The status of the response; `None` for what is not a response.
    pub status: Option<u16>,
    /// JSON pointer (RFC 6901) into the body, with `*` for indices and keys of maps.
    pub pointer: String,
    /// SHA-256 of the contract this client was made from, in hexadecimal.
    pub contract: &'static str,
    /// How often it was in this one response.
    pub count: u64,
    /// Whether this client saw it for the first time, and logged it.
    pub first: bool,
}

/// What kind of drift it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DriftKind {
    /// A status the contract does not list for the operation.
    UndocumentedStatus,
    /// A field the contract does not know.
    UnknownField,
    /// A text that its enum does not list, or the tag of a union's member that is not listed.
    UnknownValue,
    /// A success that cannot be read as the type the contract gives it.
    Undecodable,
}

impl DriftKind {
    /// The kind as it stands in events: `undocumented_status`, `unknown_field`, `unknown_value` or
    /// `undecodable`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UndocumentedStatus => "undocumented_status",
            Self::UnknownField => "unknown_field",
            Self::UnknownValue => "unknown_value",
            Self::Undecodable => "undecodable",
        }
    }
}

impl fmt::Display for DriftKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
