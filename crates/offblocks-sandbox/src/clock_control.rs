//! Setting and advancing the sandbox's clock, and what becomes due meanwhile.
//!
//! A clock that is moved goes from one due instant to the next. At each it stands still until every
//! step and every delivery that is due there is done. So each happens at its own time and in its order,
//! also when the clock is moved far at once.
//!
//! When several processes use one database, one at a time moves the clock. The others use the clock as it
//! was before until the move is done, and then show the same time.

mod moving;

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use tokio::sync::watch;

use crate::clock::{AdjustableClock, Clock as _, Hands, without_leap_second};
use crate::store::StoreError;
use crate::upkeep::{self, ClockTurn};
use crate::{Sandbox, World};
use moving::Move;

/// Whether the sandbox's clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockMode {
    /// It shows what the clock beneath shows: the one of [`Surroundings`](crate::Surroundings).
    System,
    /// It runs like the clock beneath, and shows another time.
    Running,
    /// It stands still until it is set or advanced.
    Frozen,
}

/// What the sandbox's clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockReading {
    /// The time.
    pub now: DateTime<Utc>,
    /// Whether it runs.
    pub mode: ClockMode,
    /// By how much it is ahead of the clock beneath; negative when it is behind.
    pub ahead: TimeDelta,
}

/// The clock cannot be set in this way.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClockError {
    /// It would go back.
    #[error(
        "the clock shows {now} and cannot go back to {asked}: what was written since would lie in \
         its future; set a later time, or start with another database",
        now = rfc3339(.now),
        asked = rfc3339(.asked)
    )]
    Backwards {
        /// What it shows.
        now: DateTime<Utc>,
        /// What it was to show.
        asked: DateTime<Utc>,
    },
    /// It would go so far that later expiry times could not be written.
    #[error("the clock cannot go further than the year 9000")]
    Beyond,
    /// A time was given for a clock that shows the system's.
    #[error("the mode `system` shows the machine's time: leave the time out")]
    TimeOfSystem,
    /// The database failed during the move. The clock stays where it was then, and runs if it ran before.
    #[error(
        "the database failed while the clock was moved from {from} to {target}: it has come to \
         {reached}, and {steps} steps have happened; once the database can be used, set the clock \
         to {target} to move it the rest of the way",
        from = rfc3339(.from),
        target = rfc3339(.target),
        reached = rfc3339(.reached)
    )]
    Interrupted {
        /// Where it was.
        from: DateTime<Utc>,
        /// Where it was to go.
        target: DateTime<Utc>,
        /// Where it has come to.
        reached: DateTime<Utc>,
        /// How many steps have happened.
        steps: u64,
        /// Why.
        #[source]
        error: StoreError,
    },
    /// [`Sandbox::set_clock`] stopped the move.
    #[error(
        "the clock was set while it was moved from {from} to {target}: it had come to {reached} by \
         then, and {steps} steps have happened",
        from = rfc3339(.from),
        target = rfc3339(.target),
        reached = rfc3339(.reached)
    )]
    Stopped {
        /// Where it was.
        from: DateTime<Utc>,
        /// Where it was to go.
        target: DateTime<Utc>,
        /// Where it had come to.
        reached: DateTime<Utc>,
        /// How many steps have happened.
        steps: u64,
    },
    /// The database failed before anything happened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The clock after it was set, and what happened on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockChange {
    /// What it shows now.
    pub clock: ClockReading,
    /// How many steps happened.
    pub steps: u64,
}

impl Sandbox {
    /// What the sandbox's clock shows.
    pub fn clock(&self) -> ClockReading {
        reading(&self.world.clock)
    }

    /// Sets the clock to `now`, or leaves it where it is, and sets whether it runs from there.
    /// All that becomes due meanwhile happens before this returns, including deliveries of webhooks
    /// where the sandbox serves. The database keeps the clock, and every process on it uses it.
    ///
    /// A move that is under way in this process stops where it is, before this one begins.
    ///
    /// A move that is cut off, because the process or the database ends, leaves the clock in the mode it
    /// had before, moved as far as it had come.
    ///
    /// # Errors
    /// When the clock would go back or beyond the year 9000, a time is given for
    /// [`ClockMode::System`], or the database fails.
    pub async fn set_clock(
        &self,
        mode: ClockMode,
        now: Option<DateTime<Utc>>,
    ) -> Result<ClockChange, ClockError> {
        let clock = &self.world.clock;
        if mode == ClockMode::System && now.is_some() {
            return Err(ClockError::TimeOfSystem);
        }
        self.world.halts.send_modify(|halts| *halts += 1);
        let turn = self.clock_turn().await?;
        // Read once, in this order: a clock that runs is later each time it is looked at.
        let from = clock.now();
        let target = match (mode, now) {
            (ClockMode::System, _) => clock.beneath(),
            (_, Some(target)) => without_leap_second(target),
            (_, None) => from,
        };
        // A clock of the system needs no travelling: steps happen as they always do.
        if mode == ClockMode::System && clock.hands() == Hands::SYSTEM {
            return Ok(unmoved(clock));
        }
        let halts = self.world.halts.subscribe();
        self.travel(turn, halts, mode, from, target).await
    }

    /// Moves the clock forward, as [`Sandbox::set_clock`] does. A clock that shows the system's time
    /// runs ahead of it from then on.
    ///
    /// # Errors
    /// When the clock would go beyond the year 9000, [`Sandbox::set_clock`] stops it, or the database
    /// fails.
    pub async fn advance_clock(&self, by: Duration) -> Result<ClockChange, ClockError> {
        let clock = &self.world.clock;
        // Whoever sets the clock while this waits for its turn stops it too.
        let halts = self.world.halts.subscribe();
        let turn = self.clock_turn().await?;
        let by = TimeDelta::from_std(by).map_err(|_| ClockError::Beyond)?;
        let from = clock.now();
        let target = from.checked_add_signed(by);
        let target = target.ok_or(ClockError::Beyond)?;
        let mode = match clock.hands() {
            Hands::Frozen { .. } => ClockMode::Frozen,
            Hands::Running { .. } => ClockMode::Running,
        };
        self.travel(turn, halts, mode, from, target).await
    }

    async fn clock_turn(&self) -> Result<ClockTurn, StoreError> {
        let world = World::clone(&self.world);
        let turn = async move { upkeep::clock_turn(&world).await };
        self.world.attempt(turn).await
    }

    /// Moves the clock in a task of its own, so that the move continues when the caller drops this.
    async fn travel(
        &self,
        turn: ClockTurn,
        halts: watch::Receiver<u64>,
        mode: ClockMode,
        now: DateTime<Utc>,
        target: DateTime<Utc>,
    ) -> Result<ClockChange, ClockError> {
        if target < now {
            return Err(ClockError::Backwards { now, asked: target });
        }
        if target > last_instant() {
            return Err(ClockError::Beyond);
        }
        let world = World::clone(&self.world);
        let travelling = async move {
            let moved = Move::new(&world, now, target, halts).run(mode).await;
            drop(turn);
            upkeep::reach_all(&world).await;
            Ok(moved)
        };
        self.world.attempt(travelling).await?
    }
}

fn reading(clock: &AdjustableClock) -> ClockReading {
    let (now, beneath) = (clock.now(), clock.beneath());
    let (mode, ahead) = match clock.hands() {
        Hands::SYSTEM => (ClockMode::System, TimeDelta::zero()),
        Hands::Running { ahead } => (ClockMode::Running, ahead),
        Hands::Frozen { .. } => (ClockMode::Frozen, now - beneath),
    };
    ClockReading { now, mode, ahead }
}

fn unmoved(clock: &AdjustableClock) -> ClockChange {
    let clock = reading(clock);
    ClockChange { clock, steps: 0 }
}

/// The last second of the year 9000. RFC 3339 can write a thousand years more, which leaves room for
/// tokens and challenges to expire in.
fn last_instant() -> DateTime<Utc> {
    DateTime::from_timestamp(221_876_927_999, 0).expect("it is within the calendar")
}

/// An instant as callers write one.
fn rfc3339(instant: &DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
