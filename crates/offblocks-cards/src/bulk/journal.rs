//! What a journal of a job has to do.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::future::Future;
use std::time::{Duration, SystemTime};

use offblocks_types::CardId;
use offblocks_types::uuid::Uuid;

use super::row::{CardRow, RowOutcome};

/// The record of a job: which rows there are, which may have been sent, and how they ended.
///
/// [`FileJournal`](super::FileJournal) keeps it in a file for one process at a time. Implement the
/// trait to keep it elsewhere. Several workers may share one journal.
pub trait Journal: Send + Sync {
    /// The job. Together with a row's number and round it gives the row's idempotency key.
    fn job(&self) -> Uuid;

    /// When the job began. No older card belongs to it.
    fn began(&self) -> SystemTime;

    /// The next row to work on. A row of a worker that has crashed is returned again.
    ///
    /// Before this returns, the journal has durably recorded that the row may be sent from now on.
    fn claim(&self) -> impl Future<Output = Result<Next, JournalError>> + Send;

    /// Records how a row ended. A card that belongs to another row of the job already is
    /// [`Finished::CardTaken`], and a row that another worker has by now is [`Finished::ClaimLost`];
    /// nothing is recorded then.
    fn finish(
        &self,
        claim: &Claim,
        outcome: &RowOutcome,
    ) -> impl Future<Output = Result<Finished, JournalError>> + Send;

    /// Begins another round of a row, with a key that was never sent. It is durable before this
    /// returns, unless another worker has the row by now.
    fn begin_round(
        &self,
        claim: &Claim,
        round: u32,
        now: SystemTime,
    ) -> impl Future<Output = Result<Round, JournalError>> + Send;

    /// Which of these cards belong to rows of the job.
    fn taken(
        &self,
        cards: &BTreeSet<CardId>,
    ) -> impl Future<Output = Result<BTreeSet<CardId>, JournalError>> + Send;

    /// Gives a claimed row back that did not end.
    fn release(&self, claim: Claim) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Makes everything durable that was recorded so far.
    fn flush(&self) -> impl Future<Output = Result<(), JournalError>> + Send;
}

/// What a worker has to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Work on this row.
    Row(Box<Claim>),
    /// Ask again after so long: others work on the last rows, or the job is paused.
    Wait(Duration),
    /// End: no row is left, or the job is cancelled.
    Done,
}

impl Next {
    /// The row, where there is one.
    #[must_use]
    pub fn row(self) -> Option<Claim> {
        match self {
            Self::Row(claim) => Some(*claim),
            _ => None,
        }
    }
}

/// A row that a worker works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The row's number in the job, from zero.
    pub number: u64,
    /// The row.
    pub row: CardRow,
    /// How many keys the row had before this one.
    pub round: u32,
    /// Whether the key of this round may have been sent.
    pub history: History,
}

/// Whether the key of a row's round may have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// It was not.
    Unsent,
    /// It may have been, at this time or later.
    MaybeSent {
        /// The earliest time.
        since: SystemTime,
    },
}

/// The result of a request to record an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// It is recorded.
    Recorded,
    /// The card belongs to another row of the job; nothing is recorded.
    CardTaken,
    /// Another worker has the row by now; nothing is recorded.
    ClaimLost,
}

/// The result of a request to begin a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// It has begun.
    Begun,
    /// Another worker has the row by now; nothing is recorded.
    ClaimLost,
}

/// The journal cannot be read or written. No row is lost: run the job again when the cause is removed.
#[derive(Debug, thiserror::Error)]
#[error("the journal of the job failed: {0}")]
pub struct JournalError(#[source] Box<dyn StdError + Send + Sync>);

impl JournalError {
    /// A failure for this reason.
    pub fn new(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(reason.into())
    }

    /// The reason.
    #[must_use]
    pub fn reason(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self.0.as_ref()
    }
}
