//! Working on one row until it has ended.

use std::collections::BTreeSet;
use std::future::pending;
use std::panic::resume_unwind;
use std::time::{Duration, SystemTime};

use offblocks_client::{Error, ErrorKind};
use offblocks_types::CardId;
use offblocks_types::uuid::Uuid;
use tokio::task::JoinSet;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::accounts::Accounts;
use super::error::BulkError;
use super::journal::{Claim, Finished, History, Journal, Round};
use super::key::idempotency_key;
use super::matching::candidates;
use super::options::BulkOptions;
use super::progress::Counters;
use super::row::{RowFailure, RowFailureKind, RowOutcome};
use crate::error::OrderError;
use crate::{Cards, PendingCard};

/// How much of a failure's text a journal keeps, in characters.
const LONGEST_MESSAGE: usize = 500;

/// What is needed to work on a row.
pub(crate) struct Worker<'a, J> {
    pub(crate) cards: &'a Cards,
    pub(crate) journal: &'a J,
    pub(crate) options: BulkOptions,
    pub(crate) accounts: &'a Accounts,
    pub(crate) counters: &'a Counters,
}

/// The result of working on a row.
pub(crate) enum Worked {
    /// It has ended, and its outcome is recorded.
    Ended(RowOutcome),
    /// Another worker has it by now.
    Lost,
}

/// The result of one attempt at a row.
enum Attempt {
    /// The row has ended, and its outcome is recorded.
    Ended(RowOutcome),
    /// Another worker has it by now.
    Lost,
    /// It failed temporarily.
    Passing(Error),
}

/// The result of a look at the account's cards.
enum LookUp {
    /// The row's card, which is recorded.
    Found(RowOutcome),
    Nothing,
    /// Another worker has the row by now.
    Lost,
    Failed(Error),
}

impl<J: Journal> Worker<'_, J> {
    /// Works on a row until it has ended and its outcome is recorded, or another worker has it.
    pub(crate) async fn work(&self, claim: &mut Claim) -> Result<Worked, BulkError> {
        let claimed_at = self.now();
        let _turn = self.accounts.enter(claim.row.account).await;
        let timer = self.cards.timer();
        let begun = timer.elapsed();
        let issued = self.counters.now().issued;
        let mut pause = self.options.first_pause;
        loop {
            let error = match self.attempt(claim, claimed_at).await? {
                Attempt::Ended(outcome) => return Ok(Worked::Ended(outcome)),
                Attempt::Lost => return Ok(Worked::Lost),
                Attempt::Passing(error) => error,
            };
            if timer.elapsed().saturating_sub(begun) >= self.options.patience {
                let others_succeed = self.counters.now().issued > issued;
                return self.give_up(claim, error, others_succeed).await;
            }
            timer.sleep(self.pause(&error, pause)).await;
            pause = pause.saturating_mul(2).min(self.options.longest_pause);
        }
    }

    async fn attempt(
        &self,
        claim: &mut Claim,
        claimed_at: SystemTime,
    ) -> Result<Attempt, BulkError> {
        if !self.key_is_known(claim, claimed_at) {
            match self.look_up(claim).await? {
                LookUp::Found(outcome) => return Ok(Attempt::Ended(outcome)),
                LookUp::Lost => return Ok(Attempt::Lost),
                LookUp::Failed(error) => return self.passing(claim, error),
                LookUp::Nothing => {}
            }
            if self.next_round(claim).await? == Round::ClaimLost {
                return Ok(Attempt::Lost);
            }
        }
        self.send(claim).await
    }

    /// Whether the server knows the row's key, if the key was ever sent.
    ///
    /// A key that was not sent when the row was claimed may have been sent since, by a worker that took
    /// the row over while this one was suspended.
    fn key_is_known(&self, claim: &Claim, claimed_at: SystemTime) -> bool {
        let since = match claim.history {
            History::Unsent => claimed_at,
            History::MaybeSent { since } => since,
        };
        // A clock that was set back says nothing about the key's age.
        let age = self.now().duration_since(since);
        age.is_ok_and(|age| age < self.options.key_lifetime)
    }

    async fn next_round(&self, claim: &mut Claim) -> Result<Round, BulkError> {
        let round = claim.round + 1;
        let begun = self.journal.begin_round(claim, round, self.now()).await?;
        if begun == Round::Begun {
            claim.round = round;
            claim.history = History::Unsent;
        }
        Ok(begun)
    }

    async fn send(&self, claim: &mut Claim) -> Result<Attempt, BulkError> {
        let key = idempotency_key(self.journal.job(), claim.number, claim.round);
        let first = claim.history == History::Unsent;
        if first {
            claim.history = History::MaybeSent { since: self.now() };
        }
        match self.order(claim, key).await {
            Ok(card) => self.issued(claim, card.id()).await,
            Err(OrderError::Rejected(rejection)) => {
                let failure = RowFailure::new(RowFailureKind::Rules, None, rejection.to_string());
                self.failed(claim, failure).await
            }
            Err(OrderError::Call(error)) => self.call_failed(claim, error, first).await,
        }
    }

    /// Orders the row's card in a task of its own, so that requests are signed, and responses read, on as
    /// many cores as the runtime has. The task ends when this future is dropped.
    async fn order(&self, claim: &Claim, key: Uuid) -> Result<PendingCard, OrderError> {
        let (cards, account) = (self.cards.clone(), claim.row.account);
        let order = claim.row.order.clone();
        let call = async move { cards.issue_with_key(account, order, key).await };
        let mut task = JoinSet::new();
        // It belongs to the trace of the job, and the job's subscriber records it.
        task.spawn(call.in_current_span().with_current_subscriber());
        match task.join_next().await {
            Some(Ok(ordered)) => ordered,
            Some(Err(ended)) if ended.is_panic() => resume_unwind(ended.into_panic()),
            // The runtime shuts down, and this future with it.
            Some(Err(_)) | None => pending().await,
        }
    }

    async fn call_failed(
        &self,
        claim: &Claim,
        error: Error,
        first: bool,
    ) -> Result<Attempt, BulkError> {
        match error.kind() {
            ErrorKind::Unprocessable => {
                self.failed(claim, failure(RowFailureKind::KeyReused, &error))
                    .await
            }
            // The card exists, though the response could not be read.
            ErrorKind::Decode => {
                self.find_or_fail(claim, error, RowFailureKind::OutcomeUnknown)
                    .await
            }
            _ if passes(&error) => Ok(Attempt::Passing(error)),
            _ if concerns_every_row(&error) => Err(stopped(claim, error)),
            // An earlier attempt, or an earlier run, may have ordered the card, which is then the
            // reason for the rejection.
            _ if !first => {
                self.find_or_fail(claim, error, RowFailureKind::Rejected)
                    .await
            }
            _ => {
                self.failed(claim, failure(RowFailureKind::Rejected, &error))
                    .await
            }
        }
    }

    async fn find_or_fail(
        &self,
        claim: &Claim,
        error: Error,
        kind: RowFailureKind,
    ) -> Result<Attempt, BulkError> {
        match self.look_up(claim).await? {
            LookUp::Found(outcome) => Ok(Attempt::Ended(outcome)),
            LookUp::Lost => Ok(Attempt::Lost),
            LookUp::Nothing => self.failed(claim, failure(kind, &error)).await,
            LookUp::Failed(error) => self.passing(claim, error),
        }
    }

    /// Looks for the row's card among the account's cards.
    async fn look_up(&self, claim: &Claim) -> Result<LookUp, BulkError> {
        let call = self.cards.client().get_account_cards(claim.row.account);
        let cards = match call.send().await {
            Ok(cards) => cards.into_inner(),
            // Without the account there is no card.
            Err(error) if error.is_not_found() => return Ok(LookUp::Nothing),
            Err(error) => return Ok(LookUp::Failed(error)),
        };
        let tolerance = self.options.clock_tolerance;
        let candidates = candidates(&claim.row.order, &cards, self.journal.began(), tolerance);
        let ids: BTreeSet<CardId> = candidates.iter().map(|card| card.id).collect();
        let taken = self.journal.taken(&ids).await?;
        for card in candidates.iter().filter(|card| !taken.contains(&card.id)) {
            let outcome = RowOutcome::Issued {
                card: card.id,
                found: true,
            };
            match self.journal.finish(claim, &outcome).await? {
                Finished::Recorded => return Ok(LookUp::Found(outcome)),
                Finished::ClaimLost => return Ok(LookUp::Lost),
                Finished::CardTaken => {}
            }
        }
        Ok(LookUp::Nothing)
    }

    async fn issued(&self, claim: &Claim, card: CardId) -> Result<Attempt, BulkError> {
        let outcome = RowOutcome::Issued { card, found: false };
        match self.journal.finish(claim, &outcome).await? {
            Finished::Recorded => Ok(Attempt::Ended(outcome)),
            Finished::ClaimLost => Ok(Attempt::Lost),
            Finished::CardTaken => {
                let message = format!(
                    "the order's card {card} was given to another row of the job for the same account; \
                     compare the account's cards with the rows"
                );
                let failure = RowFailure::new(RowFailureKind::OutcomeUnknown, None, message);
                self.failed(claim, failure).await
            }
        }
    }

    async fn failed(&self, claim: &Claim, failure: RowFailure) -> Result<Attempt, BulkError> {
        let outcome = RowOutcome::Failed(failure);
        Ok(match self.journal.finish(claim, &outcome).await? {
            Finished::ClaimLost => Attempt::Lost,
            _ => Attempt::Ended(outcome),
        })
    }

    /// A failure to look something up: it is temporary, or concerns every row.
    fn passing(&self, claim: &Claim, error: Error) -> Result<Attempt, BulkError> {
        match concerns_every_row(&error) {
            true => Err(stopped(claim, error)),
            false => Ok(Attempt::Passing(error)),
        }
    }

    /// The row's time is over. When other rows succeeded meanwhile, only this row fails, and the failure is
    /// recorded. Otherwise the failure concerns all rows, and the run stops.
    async fn give_up(
        &self,
        claim: &Claim,
        error: Error,
        others_succeed: bool,
    ) -> Result<Worked, BulkError> {
        if !others_succeed {
            return Err(stopped(claim, error));
        }
        match self.look_up(claim).await? {
            LookUp::Found(outcome) => return Ok(Worked::Ended(outcome)),
            LookUp::Lost => return Ok(Worked::Lost),
            LookUp::Nothing | LookUp::Failed(_) => {}
        }
        let outcome = RowOutcome::Failed(failure(RowFailureKind::OutcomeUnknown, &error));
        Ok(match self.journal.finish(claim, &outcome).await? {
            Finished::ClaimLost => Worked::Lost,
            _ => Worked::Ended(outcome),
        })
    }

    fn pause(&self, error: &Error, pause: Duration) -> Duration {
        let asked = error.retry_after();
        let fraction = self.cards.client().random().fraction();
        let pause = asked.unwrap_or_else(|| pause.mul_f64(0.5 + fraction / 2.0));
        pause.min(self.options.longest_pause)
    }

    fn now(&self) -> SystemTime {
        self.cards.client().clock().now()
    }
}

/// Whether the same call can succeed later.
fn passes(error: &Error) -> bool {
    error.is_retryable() || error.is_outcome_unknown() || error.is_still_running()
}

fn concerns_every_row(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Setup | ErrorKind::Unauthorised | ErrorKind::Forbidden
    )
}

fn stopped(claim: &Claim, error: Error) -> BulkError {
    BulkError::Call {
        row: claim.number,
        error,
    }
}

fn failure(kind: RowFailureKind, error: &Error) -> RowFailure {
    let message: String = error.to_string().chars().take(LONGEST_MESSAGE).collect();
    RowFailure::new(kind, error.status().map(|status| status.as_u16()), message)
}
