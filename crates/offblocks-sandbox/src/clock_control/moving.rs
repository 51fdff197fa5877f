//! A move of the clock, from one due instant to the next.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::{ClockChange, ClockError, ClockMode, reading};
use crate::World;
use crate::clock::Hands;
use crate::deliveries::Moving;
use crate::domain::kept::{self, KeptClock};
use crate::failure::Failure;
use crate::store::{StoreError, outbox};
use crate::under_way::{Progress, WorkKind};

/// The clock on its way.
pub(super) struct Move<'a> {
    world: &'a World,
    /// How it stood before.
    began: Hands,
    from: DateTime<Utc>,
    /// Where it has come to.
    reached: DateTime<Utc>,
    target: DateTime<Utc>,
    /// How many steps have happened.
    steps: u64,
    progress: Progress,
    /// Changes when the move is to stop.
    halts: watch::Receiver<u64>,
    _moving: Moving,
}

/// Why a move does not reach its end.
enum Cut {
    Failed(StoreError),
    Stopped,
}

impl From<StoreError> for Cut {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl<'a> Move<'a> {
    /// A move that stops when `halts` changes.
    pub(super) fn new(
        world: &'a World,
        from: DateTime<Utc>,
        target: DateTime<Utc>,
        halts: watch::Receiver<u64>,
    ) -> Self {
        let whole = Some(milliseconds(target - from));
        Self {
            world,
            began: world.clock.hands(),
            from,
            reached: from,
            target,
            steps: 0,
            progress: world.under_way.begin(WorkKind::Clock, whole),
            halts,
            _moving: world.webhooks.begin_move(),
        }
    }

    /// Moves the clock, and leaves it in this mode, or in its previous mode where the move is cut off.
    pub(super) async fn run(mut self, mode: ClockMode) -> Result<ClockChange, ClockError> {
        let cut = match self.go(mode).await {
            Ok(()) => return Ok(self.change()),
            Err(cut) => cut,
        };
        let stands = self.stands_at(self.reached);
        let left = match cut {
            Cut::Stopped => self.leave(stands).await,
            Cut::Failed(error) => Err(error),
        };
        match left {
            Ok(()) => Err(self.stopped()),
            Err(error) => {
                self.world.clock.set(stands);
                self.world.store.health().failed(&error);
                Err(self.interrupted(error))
            }
        }
    }

    fn change(&self) -> ClockChange {
        ClockChange {
            clock: reading(&self.world.clock),
            steps: self.steps,
        }
    }

    async fn go(&mut self, mode: ClockMode) -> Result<(), Cut> {
        let mut at = self.from;
        loop {
            self.reach(at).await?;
            self.steps += self.world.settle().await.map_err(Failure::of_store)?;
            tokio::select! {
                biased;
                // The world, which is borrowed, holds the sender.
                _ = self.halts.changed() => return Err(Cut::Stopped),
                () = self.world.webhooks.settled() => {}
            }
            match self.next_due().await? {
                Some(due) if due <= self.target => at = due,
                _ if at == self.target => break,
                _ => at = self.target,
            }
        }
        let hands = match mode {
            ClockMode::System => Hands::SYSTEM,
            ClockMode::Frozen => Hands::Frozen { at: self.target },
            ClockMode::Running => match self.began {
                // The time that the move took passes here too, as it would have without the move.
                Hands::Running { .. } => self.stands_at(self.target),
                Hands::Frozen { .. } => Hands::Running {
                    ahead: self.target - self.world.clock.beneath(),
                },
            },
        };
        self.leave(hands).await?;
        Ok(())
    }

    /// Sets the clock to this from now on.
    async fn leave(&self, hands: Hands) -> Result<(), StoreError> {
        let kept = keep(self.world, KeptClock::At(hands)).await;
        if kept.is_ok() {
            self.world.clock.set(hands);
        }
        kept
    }

    /// Shows an instant, after the database has stored it. So after a crash the clock is not behind what
    /// was written at this instant.
    async fn reach(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        keep(self.world, KeptClock::Moving(self.stands_at(at))).await?;
        self.world.clock.set(Hands::Frozen { at });
        self.reached = at;
        self.progress.reach(milliseconds(at - self.from));
        Ok(())
    }

    /// How the clock shows the time when the move is cut off at this instant.
    fn stands_at(&self, at: DateTime<Utc>) -> Hands {
        match self.began {
            Hands::Frozen { .. } => Hands::Frozen { at },
            Hands::Running { ahead } => Hands::Running {
                ahead: ahead + (at - self.from),
            },
        }
    }

    /// When something is due next, after what is due now has happened.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let (store, at) = (&self.world.store, self.reached);
        let step = store.next_due_now().await?;
        // Nothing is delivered while the sandbox does not serve.
        let delivery = match self.world.webhooks.is_dispatching() {
            true => outbox::next_due(&mut *store.read().await?, at).await?,
            false => None,
        };
        let due = step.into_iter().chain(delivery);
        Ok(due.filter(|due| *due > at).min())
    }

    fn stopped(self) -> ClockError {
        ClockError::Stopped {
            from: self.from,
            target: self.target,
            reached: self.reached,
            steps: self.steps,
        }
    }

    fn interrupted(self, error: StoreError) -> ClockError {
        if self.reached == self.from && self.steps == 0 {
            return ClockError::Store(error);
        }
        ClockError::Interrupted {
            from: self.from,
            target: self.target,
            reached: self.reached,
            steps: self.steps,
            error,
        }
    }
}

fn milliseconds(span: TimeDelta) -> u64 {
    span.num_milliseconds().unsigned_abs()
}

async fn keep(world: &World, clock: KeptClock) -> Result<(), StoreError> {
    let mut transaction = world.store.begin().await?;
    kept::keep_clock(&mut transaction, clock).await?;
    transaction.commit().await
}
