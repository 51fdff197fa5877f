//! What generated traits and routers stand on: routing, decoding, validation and problem responses.
//!
//! Nothing here knows a particular contract; [`Operation`] tables and handlers are generated.

mod body;
mod choices;
mod context;
mod deep;
mod dispatch;
mod formats;
mod headers;
mod incoming;
mod integers;
mod json;
mod nearest;
mod operation;
mod parameters;
mod paths;
mod percent;
mod problem;
mod reason;
mod rejection;
pub mod respond;
mod router;
mod schema;
mod status;
mod styles;
mod values;

pub use body::{BodyLimit, BodyStop, check_declared_body, collect_body};
pub use context::{RequestContext, RequestId, hyphenated, idempotency_key};
pub use headers::{HeaderRule, with_headers};
pub use incoming::Incoming;
pub use operation::{BodyRule, KeyHeader, Location, Operation, ParameterRule, Shape, Style};
pub use problem::{Problem, Violation};
pub use rejection::{ParameterFault, Rejection};
pub use router::{ApiRouter, ApiService, DEFAULT_BODY_LIMIT};
pub use schema::{SchemaError, Schemas};
pub use status::StatusIn;
