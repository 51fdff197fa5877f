//! The hand-written files that generated servers stand on, copied as they are.

use super::insert;
use crate::emit::{EmitError, header};
use crate::model::Source;
use files::FileSet;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("runtime/", $name, ".rs")))),*]
    };
}

const FILES: [(&str, &str); 19] = files![
    "body",
    "context",
    "dispatch",
    "formats",
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
];

/// `support/*.rs`.
pub(super) fn files(source: &Source) -> Result<FileSet, EmitError> {
    let header = header(source);
    let mut files = FileSet::new();
    for (name, text) in FILES {
        insert(
            &mut files,
            format!("support/{name}.rs"),
            format!("{header}{text}"),
        )?;
    }
    Ok(files)
}
