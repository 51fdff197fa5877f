//! The lines of a journal's file.
//!
//! A line is a checksum, a space and a JSON document: `5a3f09c1 {"ended":…}`. The checksum (CRC-32,
//! eight hexadecimal digits) is taken over the checksum of the line before and the document, so that
//! a line that was changed, lost, doubled or moved is noticed where it happened.

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use serde::{Deserialize, Serialize};

use crate::bulk::row::RowOutcome;

/// The version of the format.
pub(crate) const FORMAT: u32 = 1;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Record {
    /// The first line.
    Job {
        format: u32,
        id: Uuid,
        began: DateTime<Utc>,
    },
    /// Rows that may be sent from this time on.
    Reserved {
        from: u64,
        to: u64,
        at: DateTime<Utc>,
        /// Of the rows, so that another input is noticed.
        digest: String,
    },
    /// A row begins another round, with a key that was never sent.
    Round {
        row: u64,
        round: u32,
        at: DateTime<Utc>,
    },
    /// A row has ended.
    Ended { row: u64, outcome: RowOutcome },
}

/// The checksum before the first line.
pub(crate) const START: u32 = 0;

/// The line for a record, its end included, and the checksum for the next one.
pub(crate) fn encode(previous: u32, record: &Record) -> (String, u32) {
    let document = serde_json::to_string(record)
        .expect("a record holds no map with keys that are not strings");
    let checksum = checksum(previous, document.as_bytes());
    (format!("{checksum:08x} {document}\n"), checksum)
}

/// Reads a line without its end: the record, and the checksum for the next one.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn decode(previous: u32, line: &[u8]) -> Result<(Record, u32), String> {
    let (stated, document) = match (line.get(..8), line.get(8), line.get(9..)) {
        (Some(stated), Some(b' '), Some(document)) => (stated, document),
        _ => return Err("it is not a checksum followed by a document".to_owned()),
    };
    let checksum = checksum(previous, document);
    if stated != format!("{checksum:08x}").as_bytes() {
        return Err("the checksum does not match".to_owned());
    }
    let record = serde_json::from_slice(document).map_err(|error| {
        format!("this version does not know such a line ({error}); install a newer version")
    })?;
    Ok((record, checksum))
}

fn checksum(previous: u32, document: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&previous.to_be_bytes());
    hasher.update(document);
    hasher.finalize()
}
