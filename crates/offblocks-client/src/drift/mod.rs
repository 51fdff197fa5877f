//! Reports where the server differs from the contract.
//!
//! A client continues to work when the server adds a field or a value of an enum: the field is
//! ignored and the value kept as `Unknown`. Such a change breaks no call, so it could stay unnoticed.
//! The client therefore checks every response and reports what the contract does not list:
//!
//! | [`DriftKind`] | what was seen | `pointer` |
//! |---|---|---|
//! | `UndocumentedStatus` | a status the contract does not list for the operation | empty |
//! | `UnknownField` | a field the contract does not list | of the field |
//! | `UnknownValue` | a string outside its enum, or a tag that the union does not list | of the enum |
//! | `Undecodable` | a success that cannot be read as the contract's type | of where reading stopped |
//!
//! Free-form objects are skipped, the members of a union are distinguished as when decoding, and
//! the body of an error is looked at where the contract gives it a schema.
//!
//! # How it is reported
//! - The **log**: a `tracing` event of level `WARN` and target [`TARGET`], with `kind`,
//!   `operation`, `status`, `pointer`, `contract` (the SHA-256 of the contract the client was made
//!   from) and `count`. Each drift is logged once for each client: the same kind, operation, status
//!   and pointer is not logged again. 256 of them are remembered; after that an event says that no
//!   more will be logged.
//! - The **callback** given to [`ClientBuilder::on_drift`](crate::ClientBuilder::on_drift): it is
//!   called for every occurrence, so that it can feed a metric. [`Drift::first`] says whether it was
//!   logged just before. It is called where the response is awaited, in the order status, decoding,
//!   body from its beginning to its end. The call continues when it returns, so it should be quick. A
//!   panic in it reaches the caller of the operation.
//!
//! No value of a response is ever reported. Indices and the keys of maps are `*`. A name that the contract
//! does not list is reported only when it looks like a name: at most 48 letters, digits and `_-.$@`,
//! beginning as a name does and with no more than four digits. Otherwise it is `?`. So a pointer can
//! be the label of a metric.
//!
//! # What it costs
//! Without a callback, and without a subscriber that takes warnings of [`TARGET`] (no subscriber, or a
//! filter such as `offblocks::drift=off`), it costs one branch and one atomic load for each response.
//! Otherwise the body is read a second time, without building anything from it: a body without drift
//! allocates nothing, unless it holds a union. Medians on two cores of a Xeon in a virtual machine, from
//! `cargo bench -p offblocks-client --bench drift`:
//!
//! | | decoding alone | drift off | no drift | a new field and a new value in each |
//! |---|--:|--:|--:|--:|
//! | a card (0.5 kB) | 0.76 µs | 0.77 µs | 1.45 µs | 2.11 µs |
//! | 100 transactions (82 kB) | 184 µs | 184 µs | 311 µs | 342 µs |
//!
//! Signing one request costs 90 µs on the same machine.

mod event;
mod inspect;
mod locate;
mod place;
mod shape;
mod watch;

pub use crate::generated::shapes;
pub use event::{Drift, DriftKind, TARGET};
pub use inspect::{DriftFinding, inspect, inspect_slice};
pub use shape::{Documented, Shape};
pub use watch::DriftWatch;
pub(crate) use watch::{Callback, place};
