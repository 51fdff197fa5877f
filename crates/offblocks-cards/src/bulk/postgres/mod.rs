//! A job's journal in PostgreSQL: any number of workers on any number of machines.
//!
//! # How workers share a job
//! The first worker writes the job's rows. The others compare their own with them, by a digest for each
//! part. A worker claims a few rows at a time (`FOR UPDATE SKIP LOCKED`) and renews its lease every few
//! seconds (a heartbeat). When it does not, the lease ends, and the next worker that looks for rows opens
//! the rows of that lease. What the first worker writes after that changes nothing, because every write names
//! the claim that it belongs to. Rows of one account are worked on one after the other, over all workers.
//!
//! A row that is taken over within the key's hour is sent with the same key. So it does not matter whether
//! the earlier worker sent it, or is still sending it. After the hour the account's cards are read first,
//! as with a file. A worker that was suspended checks how long ago it claimed a row before it sends the row.
//!
//! The clocks of the machines must agree within a few minutes, because they measure the age of a key:
//! [`BulkOptions::key_lifetime`](crate::bulk::BulkOptions::key_lifetime) leaves 15 minutes of the hour.
//! Leases are measured by the clock of the database alone.
//!
//! # What the tables hold
//! A row's order, which has an address in it, is deleted when the row ends. Reference, account, card and
//! failure stay until [`PostgresJob::delete`].
//!
//! # Why there is no job queue underneath
//! Two were examined. Their strong points (claims that skip locked rows, a heartbeat for each worker and
//! not for each row) are here too. A bulk job also needs what they do not offer:
//!
//! - apalis-postgres 1.0 (a release candidate) accepts a result from any worker that holds a task's lock by
//!   the worker's name. It does not keep the time at which a task was first handed out, and does not order
//!   tasks by a key. A row needs that time, because the age of its idempotency key decides whether it is
//!   sent or looked up. It also needs its round, one owner for each card, and the rows of one account in
//!   order.
//! - graphile_worker recovers the tasks of crashed workers only where that is switched on. It deletes tasks
//!   that are done, so results need tables of their own. It orders by named queues with one lock each. With
//!   an account for each row, that is a queue for each row.
//!
//! Both add tables, functions and a runtime for workers. They would replace only the five statements of
//! `claims.rs`.

mod claims;
mod connect;
mod error;
mod job;
mod lease;
mod load;
mod options;
mod recorder;
mod schema;
mod whole;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use offblocks_client::{Clock, Random, Timer};
use offblocks_types::CardId;
use offblocks_types::uuid::Uuid;
use tokio::task::JoinHandle;

pub use connect::connect;
pub use error::PostgresJournalError;
pub use job::{JobCommand, JobProgress, JobResult, PostgresJob};
pub use options::PostgresJournalOptions;
/// The connections that workers use.
pub use sqlx::PgPool as Pool;

use super::journal::{Claim, Finished, Journal, JournalError, Next, Round};
use super::row::RowOutcome;
use claims::{End, Rest};
use recorder::Recorder;

/// The pauses before a worker that found no open row looks again: the first one, and the longest. Each
/// is twice the one before, until a row is found.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// A worker's part in a job whose journal is in PostgreSQL; see the module `postgres` of
/// [`bulk`](crate::bulk).
///
/// Call [`close`](Self::close) at the end: a worker that is only dropped keeps its rows until its
/// lease ends.
pub struct PostgresJournal {
    member: Arc<Member>,
    clock: Arc<dyn Clock>,
    /// How many rows are claimed at a time.
    batch: u32,
    /// Held while a call looks for further rows, so that only one looks at a time.
    looking: tokio::sync::Mutex<()>,
    recorder: Recorder,
    heartbeat: Heartbeat,
}

/// The task that renews the lease. It ends when this is dropped.
struct Heartbeat(JoinHandle<()>);

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a worker and its heartbeat share.
struct Member {
    job: PostgresJob,
    lease: Duration,
    timer: Arc<dyn Timer>,
    random: Arc<dyn Random>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The worker's name in the table; none before it has joined, and after its lease has ended.
    worker: Option<Arc<str>>,
    /// When its lease was last known to hold, by the timer.
    confirmed: Duration,
    /// Claimed rows that were not handed out.
    ready: VecDeque<Claim>,
    /// Claimed rows that were, with the worker that claimed them.
    held: BTreeMap<u64, Arc<str>>,
    /// No row was open; look again at this time.
    look_at: Duration,
    /// The pause after that; zero while rows are found.
    pause: Duration,
}

impl PostgresJournal {
    /// The job as a whole: pausing, progress, results.
    #[must_use]
    pub fn job_handle(&self) -> &PostgresJob {
        &self.member.job
    }

    /// Leaves the job, and gives back the rows that were not ended.
    ///
    /// # Errors
    /// When the database fails. No row is lost: others take them over when the lease has ended.
    pub async fn close(self) -> Result<(), JournalError> {
        drop(self.heartbeat);
        self.recorder.close().await;
        match self.member.forget() {
            Some(worker) => Ok(self.member.job.leave(&worker).await?),
            None => Ok(()),
        }
    }

    /// A row that was claimed before, unless the lease may have ended meanwhile.
    async fn ready(&self) -> Result<Option<Claim>, JournalError> {
        if !self.member.is_fresh() {
            self.member.heartbeat().await?;
        }
        let mut state = self.member.state();
        let Some(worker) = state.worker.clone() else {
            return Ok(None);
        };
        let claim = state.ready.pop_front();
        if let Some(claim) = &claim {
            state.held.insert(claim.number, worker);
        }
        Ok(claim)
    }

    /// Claims further rows before the last ones are handed out, while other callers work. So one caller
    /// waits for the database, and not all of them.
    async fn look_ahead(&self) {
        if !self.member.is_low(self.batch) {
            return;
        }
        if let Ok(_looking) = self.looking.try_lock() {
            // There are rows to work on. A call that finds none meets the failure, and reports it.
            let _ = self.look().await;
        }
    }

    /// Claims further rows, and returns whether there are any. When there are none, the next look is
    /// delayed.
    async fn look(&self) -> Result<bool, JournalError> {
        let worker = self.member.worker().await?;
        let job = &self.member.job;
        let mut rows = job.claim(&worker, self.batch, self.clock.now()).await?;
        if rows.is_empty() && job.sweep().await? > 0 {
            rows = job.claim(&worker, self.batch, self.clock.now()).await?;
        }
        if rows.is_empty() {
            // A worker whose lease has ended claims nothing. It joins again.
            self.member.heartbeat().await?;
            self.member.put_off();
            return Ok(false);
        }
        let mut state = self.member.state();
        state.pause = Duration::ZERO;
        // When the lease has ended meanwhile, others have these rows already.
        if state.worker.as_ref() == Some(&worker) {
            state.ready.extend(rows);
        }
        Ok(true)
    }

    /// The worker that claimed the row, as long as it is not known to have lost it.
    fn holder(&self, row: u64) -> Option<Arc<str>> {
        self.member.state().held.get(&row).cloned()
    }

    fn let_go(&self, row: u64) -> Option<Arc<str>> {
        self.member.state().held.remove(&row)
    }
}

impl Member {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the lease cannot have ended, by this machine's timer.
    fn is_fresh(&self) -> bool {
        let state = self.state();
        let age = self.timer.elapsed().saturating_sub(state.confirmed);
        state.worker.is_some() && age < self.lease * 2 / 3
    }

    /// Whether it is time to claim further rows while some are left: fewer than half of what is claimed at
    /// a time.
    fn is_low(&self, batch: u32) -> bool {
        let now = self.timer.elapsed();
        let state = self.state();
        let left = u32::try_from(state.ready.len()).unwrap_or(u32::MAX);
        (1..batch / 2).contains(&left) && now >= state.look_at
    }

    /// Delays the next look for rows, because no row was open.
    fn put_off(&self) {
        let now = self.timer.elapsed();
        let (first, longest) = LOOK_AGAIN;
        let mut state = self.state();
        state.pause = (state.pause * 2).clamp(first, longest.min(self.lease / 3).max(first));
        state.look_at = now + state.pause;
    }

    /// Lets the next call look at once, because a row became open or no row will become open.
    fn look_at_once(&self) {
        self.state().look_at = Duration::ZERO;
    }

    /// The worker's name; joins the job where it has none.
    async fn worker(&self) -> Result<Arc<str>, PostgresJournalError> {
        if let Some(worker) = self.state().worker.clone() {
            return Ok(worker);
        }
        let asked = self.timer.elapsed();
        let worker: Arc<str> = self.random.uuid().to_string().into();
        self.job.join(&worker, self.lease).await?;
        let mut state = self.state();
        state.worker = Some(Arc::clone(&worker));
        state.confirmed = asked;
        Ok(worker)
    }

    /// Renews the lease, and drops the rows where it has ended.
    async fn heartbeat(&self) -> Result<(), PostgresJournalError> {
        let Some(worker) = self.state().worker.clone() else {
            return Ok(());
        };
        let asked = self.timer.elapsed();
        if self.job.renew(&worker, self.lease).await? {
            self.state().confirmed = asked;
        } else {
            self.forget();
        }
        Ok(())
    }

    /// Drops the worker's name and its rows.
    fn forget(&self) -> Option<Arc<str>> {
        let mut state = self.state();
        state.ready.clear();
        state.held.clear();
        state.worker.take()
    }

    /// Renews the lease until it is stopped. When the database fails, it tries again. When the database
    /// fails for too long, the lease ends.
    async fn keep_lease(&self) {
        loop {
            self.timer.sleep(self.lease / 3).await;
            // The next call of the journal meets the failure too, and reports it.
            let _ = self.heartbeat().await;
            // Rows of workers whose lease has ended are opened before their keys grow old.
            let _ = self.job.sweep().await;
        }
    }
}

impl Journal for PostgresJournal {
    fn job(&self) -> Uuid {
        self.member.job.id
    }

    fn began(&self) -> SystemTime {
        claims::instant(self.member.job.began)
    }

    async fn claim(&self) -> Result<Next, JournalError> {
        self.look_ahead().await;
        if let Some(claim) = self.ready().await? {
            return Ok(Next::Row(claim.into()));
        }
        let _looking = self.looking.lock().await;
        loop {
            // Another call may have looked meanwhile.
            if let Some(claim) = self.ready().await? {
                return Ok(Next::Row(claim.into()));
            }
            let now = self.member.timer.elapsed();
            let look_at = self.member.state().look_at;
            if now < look_at {
                return Ok(Next::Wait(look_at - now));
            }
            if self.look().await? {
                continue;
            }
            return match self.member.job.rest().await? {
                Rest::Later => Ok(Next::Wait(self.member.state().pause)),
                Rest::Nothing => {
                    // The others that share this journal find it out at once, and not one after the other's
                    // pause.
                    self.member.look_at_once();
                    Ok(Next::Done)
                }
            };
        }
    }

    async fn finish(&self, claim: &Claim, outcome: &RowOutcome) -> Result<Finished, JournalError> {
        let Some(worker) = self.holder(claim.number) else {
            return Ok(Finished::ClaimLost);
        };
        let (row, outcome) = (claim.number, outcome.clone());
        let end = End {
            row,
            worker,
            outcome,
        };
        let (finished, opened) = self.recorder.record(end).await?;
        if finished != Finished::CardTaken {
            self.let_go(row);
        }
        if opened > 0 {
            self.member.look_at_once();
        }
        Ok(finished)
    }

    async fn begin_round(
        &self,
        claim: &Claim,
        round: u32,
        now: SystemTime,
    ) -> Result<Round, JournalError> {
        let Some(worker) = self.holder(claim.number) else {
            return Ok(Round::ClaimLost);
        };
        let job = &self.member.job;
        Ok(job.begin_round(&worker, claim.number, round, now).await?)
    }

    async fn taken(&self, cards: &BTreeSet<CardId>) -> Result<BTreeSet<CardId>, JournalError> {
        match cards.is_empty() {
            true => Ok(BTreeSet::new()),
            false => Ok(self.member.job.taken(cards).await?),
        }
    }

    async fn release(&self, claim: Claim) -> Result<(), JournalError> {
        match self.let_go(claim.number) {
            Some(worker) => Ok(self.member.job.release(&worker, claim.number).await?),
            None => Ok(()),
        }
    }

    /// Nothing is kept back.
    async fn flush(&self) -> Result<(), JournalError> {
        Ok(())
    }
}

impl fmt::Debug for PostgresJournal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PostgresJournal")
            .field("job", &self.member.job)
            .field("lease", &self.member.lease)
            .finish_non_exhaustive()
    }
}
