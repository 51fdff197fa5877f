//! The hand-written files that generated servers stand on, copied as they are.

use crate::emit::passed::copied;
use crate::emit::{EmitError, Sink};
use crate::model::Source;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("runtime/", $name, ".rs")))),*]
    };
}

const FILES: [(&str, &str); 21] = files![
    "body",
    "context",
    "dispatch",
    "formats",
    "headers",
    "incoming",
    "json",
    "mod",
    "nearest",
    "operation",
    "parameters",
    "paths",
    "percent",
    "problem",
    "reason",
    "rejection",
    "respond",
    "router",
    "schema",
    "status",
    "styles",
];

/// Passes on `support/*.rs`.
pub(super) fn emit(source: &Source, sink: &mut Sink<'_>) -> Result<(), EmitError> {
    copied(source, FILES, sink)
}
