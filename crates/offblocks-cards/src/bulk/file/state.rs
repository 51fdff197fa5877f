//! The state that the lines of a journal give, in memory that does not grow with the number of rows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::SystemTime;

use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;

use super::record::{FORMAT, Record};
use crate::bulk::row::RowOutcome;

/// The state of a job.
#[derive(Clone, Debug)]
pub(crate) struct JobState {
    pub(crate) id: Uuid,
    pub(crate) began: DateTime<Utc>,
    /// The latest time that a line names.
    pub(crate) latest: DateTime<Utc>,
    /// All rows below have ended.
    pub(crate) low: u64,
    /// The rows from `low` on that have ended.
    ended: BTreeSet<u64>,
    /// The first row that was never reserved.
    pub(crate) reserved: u64,
    /// The reservations that reach beyond `low`, and when they were made.
    reservations: VecDeque<(u64, u64, DateTime<Utc>)>,
    /// The rounds after the first of rows that have not ended.
    rounds: BTreeMap<u64, (u32, DateTime<Utc>)>,
    pub(crate) issued: u64,
    pub(crate) failed: u64,
}

impl JobState {
    /// The state after the first line.
    ///
    /// # Errors
    /// Why it cannot be a first line.
    pub(crate) fn first(record: &Record) -> Result<Self, String> {
        match record {
            Record::Job { format, id, began } if *format == FORMAT => Ok(Self {
                id: *id,
                began: *began,
                latest: *began,
                low: 0,
                ended: BTreeSet::new(),
                reserved: 0,
                reservations: VecDeque::new(),
                rounds: BTreeMap::new(),
                issued: 0,
                failed: 0,
            }),
            Record::Job { format, .. } => Err(format!(
                "the format is {format}, and this version knows {FORMAT}; install a newer version"
            )),
            _ => Err("the first line does not name a job".to_owned()),
        }
    }

    /// Takes in a further line.
    ///
    /// # Errors
    /// Why it cannot follow the lines before it.
    pub(crate) fn apply(&mut self, record: &Record) -> Result<(), String> {
        match record {
            Record::Job { .. } => return Err("a second line names a job".to_owned()),
            Record::Reserved { from, to, at, .. } => self.reserve(*from, *to, *at)?,
            Record::Round { row, round, at } => {
                if !self.is_open(*row) {
                    return Err(format!("row {row} is not open and begins a round"));
                }
                self.rounds.insert(*row, (*round, *at));
                self.latest = self.latest.max(*at);
            }
            Record::Ended { row, outcome } => self.end(*row, outcome)?,
        }
        Ok(())
    }

    /// Whether the row was reserved and has not ended.
    pub(crate) fn is_open(&self, row: u64) -> bool {
        (self.low..self.reserved).contains(&row) && !self.ended.contains(&row)
    }

    /// The row's round, and since when its key may have been sent.
    pub(crate) fn round(&self, row: u64) -> (u32, SystemTime) {
        let reserved = self.reservations.iter();
        let reserved = reserved
            .rev()
            .find(|(from, to, _)| (*from..*to).contains(&row));
        let since = reserved.map_or(self.began, |(_, _, at)| *at);
        match self.rounds.get(&row) {
            Some((round, at)) => (*round, (*at).into()),
            None => (0, since.into()),
        }
    }

    fn reserve(&mut self, from: u64, to: u64, at: DateTime<Utc>) -> Result<(), String> {
        if from != self.reserved || to <= from {
            let reserved = self.reserved;
            return Err(format!(
                "rows {from} to {to} do not follow on row {reserved}"
            ));
        }
        self.reserved = to;
        self.reservations.push_back((from, to, at));
        self.latest = self.latest.max(at);
        Ok(())
    }

    fn end(&mut self, row: u64, outcome: &RowOutcome) -> Result<(), String> {
        if !self.is_open(row) {
            return Err(format!("row {row} ends without being open"));
        }
        self.ended.insert(row);
        self.rounds.remove(&row);
        while self.ended.remove(&self.low) {
            self.low += 1;
        }
        while let Some((_, to, _)) = self.reservations.front()
            && *to <= self.low
        {
            self.reservations.pop_front();
        }
        match outcome {
            RowOutcome::Issued { .. } => self.issued += 1,
            RowOutcome::Failed(_) => self.failed += 1,
        }
        Ok(())
    }
}
