//! Prints Rust from the model: pure functions from an [`Api`](crate::model::Api) to files.
//!
//! What every emitter needs stands here: the header of a generated file, documentation taken from
//! the contract's prose, the paths by which generated code names its types, and the printer.

pub mod checks;
pub mod client;
pub mod command;
mod docs;
mod error;
mod extent;
mod header;
mod json;
mod mentioned;
mod page;
mod passed;
mod paths;
mod pieces;
mod print;
pub mod server;
pub mod types;

pub use docs::{code_span, doc, documentation, inner_doc, prose};
pub use error::EmitError;
pub use extent::{Chosen, Extent};
pub use header::header;
pub use json::{layout, raw_string};
use mentioned::mentioned;
pub use passed::{FileContent, Sink, printed};
pub use paths::TypePaths;
pub(crate) use paths::parse_path;
pub use pieces::without_bodies;
use print::setter_name;
pub use print::{ident, print};
