//! The rows of a job, read in parts and compared with those that the journal was made with.

use std::path::Path;

use futures_util::Stream;

use super::error::FileJournalError;
use super::read::{Lines, Next};
use super::record::Record;
use super::state::JobState;
use crate::bulk::parts::{digest, part};
use crate::bulk::row::CardRow;

/// How many rows are reserved at a time.
pub(crate) const PART: usize = 256;

/// Reads the rows that are in the journal, compares them with it, and returns those that are open.
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
