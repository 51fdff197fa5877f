//! The rows of a job, read in parts and compared with those that the journal was made with.

use std::path::Path;

use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};

use super::error::FileJournalError;
use super::read::{Lines, Next};
use super::record::Record;
use super::state::JobState;
use crate::bulk::row::CardRow;

/// How many rows are reserved at a time.
pub(crate) const PART: usize = 256;

/// Up to `most` further rows.
pub(crate) async fn part<S>(rows: &mut S, most: usize) -> Vec<CardRow>
where
    S: Stream<Item = CardRow> + Unpin,
{
    rows.take(most).collect().await
}

/// A digest of rows: their documents, each with its length before it.
pub(crate) fn digest(rows: &[CardRow]) -> String {
    let mut hash = Sha256::new();
    for row in rows {
        let document =
            serde_json::to_vec(row).expect("a row holds no map with keys that are not strings");
        hash.update((document.len() as u64).to_be_bytes());
        hash.update(document);
    }
    let digest = hash.finalize();
    let mut text = String::with_capacity(32);
    for byte in &digest[..16] {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// Reads the rows that the journal knows, compares them with it, and returns those that are open.
pub(crate) async fn known_rows<S>(
    path: &Path,
    state: &JobState,
    length: u64,
    rows: &mut S,
) -> Result<Vec<(u64, CardRow)>, FileJournalError>
where
    S: Stream<Item = CardRow> + Unpin,
{
    let mut lines = Lines::open(path)?;
    let mut open = Vec::new();
    while lines.end().0 < length {
        let Next::Record(record) = lines.next()? else {
            break;
        };
        let Record::Reserved {
            from,
            to,
            digest: known,
            ..
        } = record
        else {
            continue;
        };
        let count = usize::try_from(to - from).unwrap_or(usize::MAX);
        let part = part(rows, count).await;
        if part.len() != count || digest(&part) != known {
            let path = path.to_owned();
            return Err(FileJournalError::OtherRows { path, from, to });
        }
        let numbered = (from..to).zip(part);
        open.extend(numbered.filter(|(number, _)| state.is_open(*number)));
    }
    Ok(open)
}
