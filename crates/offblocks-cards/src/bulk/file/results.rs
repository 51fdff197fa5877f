//! The outcomes in a journal's file, in the order of the rows.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::FileJournalError;
use super::read::{Lines, Next};
use super::record::Record;
use crate::bulk::row::RowOutcome;

/// The outcomes of a job, read from its file in the order of its rows.
///
/// Memory does not grow with the number of rows. Rows end nearly in their order, and only the outcomes of
/// rows that ended ahead of the next one are kept.
#[derive(Debug)]
pub struct Results {
    lines: Lines,
    ahead: BTreeMap<u64, RowOutcome>,
    next: u64,
}

impl Results {
    /// The outcomes in this file. It may be in use: lines that are written later may be missed.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileJournalError> {
        Ok(Self {
            lines: Lines::open(path.as_ref())?,
            ahead: BTreeMap::new(),
            next: 0,
        })
    }

    /// The outcome of the next row, from the first one on: `None` when it has not ended, or the job
    /// has no such row.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged.
    pub fn next_outcome(&mut self) -> Result<Option<RowOutcome>, FileJournalError> {
        let wanted = self.next;
        self.next += 1;
        if let Some(outcome) = self.ahead.remove(&wanted) {
            return Ok(Some(outcome));
        }
        while let Next::Record(record) = self.lines.next()? {
            match record {
                Record::Ended { row, outcome } if row == wanted => return Ok(Some(outcome)),
                Record::Ended { row, outcome } => drop(self.ahead.insert(row, outcome)),
                _ => {}
            }
        }
        Ok(None)
    }
}
