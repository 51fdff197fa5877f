//! Snapshots: the whole of a sandbox as lines of JSON, the same for every kind of database.
//!
//! The first line says that it is a snapshot, and of which version. Then comes each table: a line with
//! its name and columns, and a line with an array for each row. The last line has the number of rows
//! and the SHA-256 digest of every byte before it. Writing and reading take one row at a time, so a
//! snapshot may be larger than the memory.

mod cell;
mod content;
mod error;
mod read;
mod write;

pub use error::SnapshotError;
pub(crate) use read::{Item, Lines};
pub(crate) use write::Writer;

use serde::{Deserialize, Serialize};

/// The version of the format.
const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    offblocks_sandbox_snapshot: u32,
    /// The version of the schema that the tables are of.
    schema: u32,
}

/// The line before a table's rows. A column is its name and kind, such as `id:text`.
#[derive(Debug, Serialize, Deserialize)]
struct Section {
    table: String,
    columns: Vec<String>,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
struct Tail {
    end: End,
}

#[derive(Debug, Serialize, Deserialize)]
struct End {
    rows: u64,
    sha256: String,
}

#[cfg(test)]
mod tests;
