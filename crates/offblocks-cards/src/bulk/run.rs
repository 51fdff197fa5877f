//! Running a job: a number of workers that share one journal.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use futures_util::future::{join_all, select};

use super::accounts::Accounts;
use super::control::BulkControl;
use super::error::BulkError;
use super::journal::{Claim, Journal, Next};
use super::options::BulkOptions;
use super::progress::{Counters, Progress, Summary};
use super::work::{Worked, Worker};
use crate::Cards;

type OnProgress = Box<dyn Fn(Progress) + Send + Sync>;

/// A job to run, made by [`Cards::bulk`].
#[must_use = "a job does nothing until it is run"]
pub struct BulkRun {
    cards: Cards,
    options: BulkOptions,
    control: BulkControl,
    on_progress: Option<OnProgress>,
}

impl Cards {
    /// Orders a card for each row of the journal, each exactly once, with the default
    /// [`BulkOptions`]; see [`bulk`](crate::bulk).
    ///
    /// # Errors
    /// When the run stops before all rows have ended. Rows whose order fails are not an error: the
    /// journal holds their failures.
    pub async fn issue_many(&self, journal: &impl Journal) -> Result<Summary, BulkError> {
        self.bulk().run(journal).await
    }

    /// A job with options, a control and progress of its own; see [`bulk`](crate::bulk).
    pub fn bulk(&self) -> BulkRun {
        BulkRun {
            cards: self.clone(),
            options: BulkOptions::default(),
            control: BulkControl::default(),
            on_progress: None,
        }
    }
}

impl BulkRun {
    /// How the job is run.
    pub fn options(mut self, options: BulkOptions) -> Self {
        self.options = options;
        self
    }

    /// Lets this control pause, resume and cancel the run.
    pub fn control(mut self, control: BulkControl) -> Self {
        self.control = control;
        self
    }

    /// Sets a callback for the beginning and the end of each row. It is called often, and has to return at
    /// once.
    pub fn on_progress(mut self, callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Box::new(callback));
        self
    }

    /// Works on the journal's rows until none is left or the run is cancelled.
    ///
    /// The future can be dropped at any time: rows in flight stay open, and the next run finds out
    /// what became of them.
    ///
    /// # Errors
    /// When a failure concerns every row, or the journal fails. Rows in flight are finished first.
    pub async fn run(self, journal: &impl Journal) -> Result<Summary, BulkError> {
        let shared = Shared::default();
        let worker = Worker {
            cards: &self.cards,
            journal,
            options: self.options,
            accounts: &shared.accounts,
            counters: &shared.counters,
        };
        let workers = (0..self.options.concurrency.max(1)).map(|_| self.work(&worker, &shared));
        join_all(workers).await;
        let flushed = journal.flush().await;
        if let Some(error) = shared.failure() {
            return Err(error);
        }
        flushed?;
        Ok(Summary {
            progress: shared.counters.now(),
            cancelled: self.control.is_cancelled(),
        })
    }

    async fn work<J: Journal>(&self, worker: &Worker<'_, J>, shared: &Shared) {
        while self.control.proceeds().await && !shared.has_failed() {
            match worker.journal.claim().await {
                Ok(Next::Row(claim)) => self.row(worker, shared, *claim).await,
                Ok(Next::Wait(pause)) => {
                    let pause = self.cards.timer().sleep(pause);
                    let cancelled = std::pin::pin!(self.control.cancelled());
                    select(pause, cancelled).await;
                }
                Ok(Next::Done) => return,
                Err(error) => return shared.fail(error.into()),
            }
        }
    }

    async fn row<J: Journal>(&self, worker: &Worker<'_, J>, shared: &Shared, mut claim: Claim) {
        self.report(shared.counters.begun());
        match worker.work(&mut claim).await {
            Ok(Worked::Ended(outcome)) => self.report(shared.counters.ended(&outcome)),
            Ok(Worked::Lost) => self.report(shared.counters.left()),
            Err(error) => {
                shared.fail(error);
                self.report(shared.counters.left());
                if let Err(error) = worker.journal.release(claim).await {
                    shared.fail(error.into());
                }
            }
        }
    }

    fn report(&self, progress: Progress) {
        if let Some(callback) = &self.on_progress {
            callback(progress);
        }
    }
}

impl fmt::Debug for BulkRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BulkRun")
            .field("cards", &self.cards)
            .field("options", &self.options)
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}

/// What the workers of a run share.
#[derive(Default)]
struct Shared {
    accounts: Accounts,
    counters: Counters,
    /// The first failure that stops the run.
    failure: Mutex<Option<BulkError>>,
}

impl Shared {
    fn fail(&self, error: BulkError) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert(error);
    }

    fn has_failed(&self) -> bool {
        let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.is_some()
    }

    fn failure(&self) -> Option<BulkError> {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.take()
    }
}
