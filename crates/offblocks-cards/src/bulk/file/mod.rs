//! A job's journal in a file: append-only, with a checksum for each line, for one process at a time.
//!
//! The file holds numbers of rows, ids of cards and texts of failures, but no addresses or names. The module
//! `record` describes the lines, and `state` the state that they give together. Rows are reserved in parts
//! before they are sent, so that one synchronisation of the file serves many rows.
//!
//! After a crash the end of the file may be an interrupted write. It is cut off, which loses nothing.
//! Within [`key_lifetime`](crate::bulk::BulkOptions::key_lifetime) of the last line, a row that is sent again
//! is sent with the same key. Later, each row is looked up before it is sent. So a file that was restored
//! from an older copy does not order a card twice either. Damage elsewhere is an error that names the place.

mod append;
mod error;
mod input;
mod open;
mod read;
mod recent;
mod record;
mod results;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use futures_util::Stream;
use offblocks_client::Clock;
use offblocks_types::CardId;
use offblocks_types::chrono::{DateTime, Utc};
use offblocks_types::uuid::Uuid;
use tokio::sync::{Mutex, Notify};

pub use error::FileJournalError;
pub use open::{FileJournalOptions, Recovery};
pub use results::Results;

use super::journal::{Claim, Finished, History, Journal, JournalError, Next, Round};
use super::parts::{digest, part};
use super::row::RowOutcome;
use append::{Appended, Appender};
use recent::Recent;
use record::Record;
use state::JobState;

/// How many rows may begin ahead of the oldest row that has not ended.
const WINDOW: u64 = 65_536;

/// A job's journal in a file, and the rows of the job.
///
/// Give the rows again whenever the job continues. They have to be the same rows: those that the journal has
/// are compared, and further rows may follow.
#[derive(Debug)]
pub struct FileJournal<S> {
    path: PathBuf,
    job: Uuid,
    began: SystemTime,
    recovery: Recovery,
    clock: Arc<dyn Clock>,
    appender: Appender,
    inner: Mutex<Inner<S>>,
    /// A row has ended, so that further rows may begin.
    ended: Notify,
}

#[derive(Debug)]
struct Inner<S> {
    state: JobState,
    /// The rows that were not read yet; `None` after the last one.
    rows: Option<S>,
    /// Reserved rows that no worker has.
    ready: VecDeque<Claim>,
    /// The cards that rows were given in this run and whose lines may not be in the file yet.
    recent: Recent,
    /// The history of rows that were never reserved.
    unreserved: History,
}

impl<S> FileJournal<S> {
    /// What was found in the file.
    #[must_use]
    pub const fn recovery(&self) -> Recovery {
        self.recovery
    }

    /// How many rows have their card, and how many failed, in all runs of the job.
    pub async fn ended(&self) -> (u64, u64) {
        let inner = self.inner.lock().await;
        (inner.state.issued, inner.state.failed)
    }

    /// Makes everything durable and closes the file. Dropping the journal does this too, but does not
    /// report a failure.
    ///
    /// # Errors
    /// When the last lines could not be written. No row is lost: run the job again.
    pub async fn close(self) -> Result<(), JournalError> {
        self.appender.flush().await
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now().into()
    }
}

impl<S: Stream<Item = super::CardRow> + Send + Unpin> FileJournal<S> {
    /// Reserves a further part of the rows, and makes that durable.
    async fn reserve(&self, inner: &mut Inner<S>) -> Result<(), JournalError> {
        let Some(rows) = &mut inner.rows else {
            return Ok(());
        };
        let part = part(rows, input::PART).await;
        if part.is_empty() {
            inner.rows = None;
            return Ok(());
        }
        let from = inner.state.reserved;
        let record = Record::Reserved {
            from,
            to: from + part.len() as u64,
            at: self.now(),
            digest: digest(&part),
        };
        self.record(inner, record).await?.wait().await?;
        let history = inner.unreserved;
        let claims = (from..).zip(part).map(|(number, row)| Claim {
            number,
            row,
            round: 0,
            history,
        });
        inner.ready.extend(claims);
        Ok(())
    }

    async fn record(&self, inner: &mut Inner<S>, record: Record) -> Result<Appended, JournalError> {
        inner.state.apply(&record).map_err(JournalError::new)?;
        self.appender.append(record).await
    }

    /// Searches the file for cards that rows were given.
    async fn search(&self, cards: &BTreeSet<CardId>) -> Result<BTreeSet<CardId>, JournalError> {
        self.appender.flush().await?;
        let (path, cards) = (self.path.clone(), cards.clone());
        let search = move || -> Result<_, FileJournalError> {
            let mut lines = read::Lines::open(&path)?;
            let mut found = BTreeSet::new();
            while let read::Next::Record(record) = lines.next()? {
                if let Record::Ended {
                    outcome: RowOutcome::Issued { card, .. },
                    ..
                } = record
                    && cards.contains(&card)
                {
                    found.insert(card);
                }
            }
            Ok(found)
        };
        let searched = tokio::task::spawn_blocking(search).await;
        searched
            .map_err(JournalError::new)?
            .map_err(JournalError::new)
    }
}

impl<S: Stream<Item = super::CardRow> + Send + Unpin> Journal for FileJournal<S> {
    fn job(&self) -> Uuid {
        self.job
    }

    fn began(&self) -> SystemTime {
        self.began
    }

    async fn claim(&self) -> Result<Next, JournalError> {
        loop {
            let ended = self.ended.notified();
            let mut inner = self.inner.lock().await;
            if let Some(claim) = inner.ready.pop_front() {
                return Ok(Next::Row(claim.into()));
            }
            if inner.rows.is_none() {
                return Ok(Next::Done);
            }
            if inner.state.reserved - inner.state.low < WINDOW {
                self.reserve(&mut inner).await?;
                continue;
            }
            drop(inner);
            ended.await;
        }
    }

    async fn finish(&self, claim: &Claim, outcome: &RowOutcome) -> Result<Finished, JournalError> {
        let mut inner = self.inner.lock().await;
        if let RowOutcome::Issued { card, .. } = outcome
            && !inner.recent.insert(*card)
        {
            return Ok(Finished::CardTaken);
        }
        let record = Record::Ended {
            row: claim.number,
            outcome: outcome.clone(),
        };
        inner.state.apply(&record).map_err(JournalError::new)?;
        // The outcome can be found out again, so no caller waits for the disk.
        self.appender.note(record).await?;
        drop(inner);
        self.ended.notify_waiters();
        Ok(Finished::Recorded)
    }

    async fn begin_round(
        &self,
        claim: &Claim,
        round: u32,
        now: SystemTime,
    ) -> Result<Round, JournalError> {
        let mut inner = self.inner.lock().await;
        let record = Record::Round {
            row: claim.number,
            round,
            at: now.into(),
        };
        let appended = self.record(&mut inner, record).await?;
        drop(inner);
        appended.wait().await?;
        Ok(Round::Begun)
    }

    async fn taken(&self, cards: &BTreeSet<CardId>) -> Result<BTreeSet<CardId>, JournalError> {
        match cards.is_empty() {
            true => Ok(BTreeSet::new()),
            false => self.search(cards).await,
        }
    }

    async fn release(&self, claim: Claim) -> Result<(), JournalError> {
        self.inner.lock().await.ready.push_front(claim);
        Ok(())
    }

    async fn flush(&self) -> Result<(), JournalError> {
        self.appender.flush().await
    }
}
