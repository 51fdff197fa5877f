//! The task that delivers.
//!
//! It waits until a commit adds a delivery, a delivery becomes due, or an attempt ends. Deliveries that are
//! due are read in batches, and stay in the database until their outcome is recorded, so a crash loses
//! nothing. Outcomes are recorded in batches too, while the next attempts are under way.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use offblocks_types::WebhookId;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use super::plan::{Limits, Loads, round_robin};
use super::request::{RequestError, Signers};
use super::sender::Sender;
use super::turn::Turn;
use super::waits::Waits;
use crate::clock::Clock;
use crate::deliveries::Control;
use crate::failure::Failure;
use crate::store::outbox::{self, Due};
use crate::store::{StoreError, webhooks};
use crate::world::World;

/// How many deliveries are under way at most.
const LIMITS: Limits = Limits {
    total: 128,
    each: 16,
};

/// How many outcomes may wait to be noted before nothing more is sent: while the database cannot
/// be written, everything would be sent again.
const UNNOTED: usize = 1024;

/// How many deliveries are settled before the log is pruned.
const PRUNE_EVERY: usize = 100;

/// How long to wait after a failure of the database; twice as long after each further one, up to
/// the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The running task. It ends when this is dropped.
pub(crate) struct Dispatcher {
    task: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
}

impl Dispatcher {
    pub(crate) fn start(world: Arc<World>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(Task::new(World::clone(&world)).run(stopped));
        Self {
            task,
            stop: Some(stop),
        }
    }

    /// Gives up what is under way, to be sent after the next start, and notes what has ended.
    pub(crate) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended already.
            let _ = stop.send(());
        }
        if let Err(error) = (&mut self.task).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the task that delivers webhooks ended unexpectedly"
            );
        }
    }
}

impl Drop for Dispatcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Noted = Result<Vec<Turn>, (Vec<Turn>, StoreError)>;

struct Task {
    world: World,
    sender: Arc<Sender>,
    signers: Option<Arc<Signers>>,
    turns: JoinSet<Turn>,
    loads: Loads<WebhookId>,
    waits: Waits,
    /// What is under way or not noted yet; the database still shows it as waiting.
    taken: HashMap<WebhookId, HashSet<i64>>,
    unnoted: Vec<Turn>,
    noting: Option<JoinHandle<Noted>>,
    settled: usize,
    pause: Duration,
    /// Until when the database is left alone.
    rest: Option<Instant>,
    /// The calls that wait until nothing that is due is left. Dropping these ends their waits.
    waiting: Vec<oneshot::Sender<()>>,
}

impl Drop for Task {
    /// In whatever way the task ends, the waits for it end too.
    fn drop(&mut self) {
        self.world.webhooks.end_dispatching();
    }
}

/// What the database holds beyond what is under way.
struct Ahead {
    next_due: Option<DateTime<Utc>>,
    /// Something is due and waits for a place.
    crowded: bool,
    /// Another process claimed what was seen here, so there may be more to see.
    missed: bool,
}

impl Ahead {
    /// Before anything was seen.
    const UNKNOWN: Self = Self {
        next_due: None,
        crowded: true,
        missed: false,
    };
}

impl Task {
    fn new(world: World) -> Self {
        let settings = &world.settings;
        let hosts = settings.allow_webhook_hosts.clone();
        let sender = Arc::new(Sender::new(hosts));
        world.webhooks.begin_dispatching();
        Self {
            world,
            sender,
            signers: None,
            turns: JoinSet::new(),
            loads: Loads::new(LIMITS),
            waits: Waits::default(),
            taken: HashMap::new(),
            unnoted: Vec::new(),
            noting: None,
            // The log may have grown before a restart.
            settled: PRUNE_EVERY,
            pause: FIRST_PAUSE,
            rest: None,
            waiting: Vec::new(),
        }
    }

    async fn run(mut self, mut stop: oneshot::Receiver<()>) {
        let mut deliveries = self.world.store.deliveries();
        let control = self.world.webhooks.clone();
        let clock = Arc::clone(&self.world.surroundings.clock);
        let mut ahead = Ahead::UNKNOWN;
        let mut look = true;
        loop {
            if look && self.rest.is_none() && self.unnoted.len() < UNNOTED {
                // Those who wait from here on wait for what the next look finds.
                self.waiting.extend(control.take_waiting());
                deliveries.borrow_and_update();
                ahead = self.begin_due().await.unwrap_or_else(|failure| {
                    self.failed(&failure);
                    Ahead::UNKNOWN
                });
                look = ahead.missed;
                if look {
                    continue;
                }
            }
            self.note();
            self.tell_waiting(ahead.crowded, &control);
            let due = ahead.next_due;
            let reached = reached(&*clock, due);
            look |= tokio::select! {
                changed = deliveries.changed() => match changed {
                    Ok(()) => true,
                    Err(_) => return,
                },
                () = control.changed.notified() => true,
                () = reached => true,
                Some(ended) = self.turns.join_next() => {
                    self.all_ended(ended);
                    ahead.crowded
                }
                noted = finished(&mut self.noting) => {
                    let retry = self.noted(noted);
                    ahead.next_due = ahead.next_due.into_iter().chain(retry).min();
                    ahead.crowded
                }
                () = until(self.rest) => {
                    self.rest = None;
                    true
                }
                _ = &mut stop => break,
            };
        }
        self.finish().await;
    }

    /// Tells those who wait, once nothing of what was found is left, or the database is left alone.
    fn tell_waiting(&mut self, crowded: bool, control: &Control) {
        if self.rest.is_some() {
            drop(control.take_waiting());
            self.waiting.clear();
            return;
        }
        let under_way = !self.turns.is_empty() || !self.unnoted.is_empty() || self.noting.is_some();
        if !crowded && !under_way {
            self.waiting.clear();
        }
    }

    /// Begins as many of the due deliveries as there is room for.
    async fn begin_due(&mut self) -> Result<Ahead, Failure> {
        let now = self.world.now();
        let generation = self.world.webhooks.generation();
        let (queues, mut ahead) = self.read_due(now).await?;
        let waiting: usize = queues.iter().map(|(_, queue)| queue.len()).sum();
        if waiting == 0 {
            return Ok(ahead);
        }
        let signers = self.signers().await?;
        let (loads, moved) = (&mut self.loads, self.world.webhooks.moved());
        let begun = round_robin(queues, |id| {
            let room = loads.room(id, moved.is_some()) > 0;
            if room {
                loads.begun(id);
            }
            room
        });
        ahead.crowded |= begun.len() < waiting;
        let begun = self.claim(begun, &mut ahead).await?;
        for due in begun {
            let taken = self.taken.entry(due.webhook_id).or_default();
            taken.insert(due.seq);
            let usual = self.world.settings.webhook_timeout;
            let turn = Turn::take(
                self.world.clone(),
                Arc::clone(&self.sender),
                Arc::clone(&signers),
                self.waits.patience(moved, due.webhook_id, usual),
                due,
                generation,
            );
            self.turns.spawn(turn);
        }
        Ok(ahead)
    }

    /// Claims deliveries whose places are taken already. Those that another process has claimed
    /// give their places back.
    async fn claim(&mut self, begun: Vec<Due>, ahead: &mut Ahead) -> Result<Vec<Due>, Failure> {
        let wanted = begun.iter().map(|due| due.seq).collect();
        let claimed = self.world.store.claim_deliveries(wanted).await;
        let is_ours = |due: &Due| matches!(&claimed, Ok(claimed) if claimed.contains(&due.seq));
        let (ours, lost): (Vec<_>, Vec<_>) = begun.into_iter().partition(is_ours);
        for due in &lost {
            self.loads.given_up(due.webhook_id);
        }
        claimed?;
        // There may be others behind those, which nobody has claimed.
        ahead.missed |= !lost.is_empty();
        Ok(ours)
    }

    /// What is due for each subscription, without what is under way: no more than there is room
    /// for, and a share of it where there are many subscriptions.
    async fn read_due(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(Vec<(WebhookId, Vec<Due>)>, Ahead), Failure> {
        let mut reader = self.world.store.read().await?;
        let (mut queues, mut crowded) = (Vec::new(), false);
        let ids = outbox::webhooks_with_due(&mut reader, now).await?;
        let moved = self.world.webhooks.moved().is_some();
        let share = (2 * LIMITS.total / ids.len().max(1)).max(1);
        for id in ids {
            let room = self.loads.room(id, moved).min(share);
            if room == 0 {
                crowded = true;
                continue;
            }
            let taken = self.taken.get(&id);
            let limit = room + taken.map_or(0, HashSet::len);
            let mut queue = outbox::due(&mut reader, id, now, limit).await?;
            crowded |= queue.len() == limit;
            queue.retain(|due| taken.is_none_or(|taken| !taken.contains(&due.seq)));
            if !queue.is_empty() {
                queues.push((id, queue));
            }
        }
        let next_due = outbox::next_due(&mut reader, now).await?;
        let missed = false;
        let ahead = Ahead {
            next_due,
            crowded,
            missed,
        };
        Ok((queues, ahead))
    }

    /// The keys in force, read again each time: the database could have been given another one.
    async fn signers(&mut self) -> Result<Arc<Signers>, Failure> {
        let mut reader = self.world.store.read().await?;
        let key = webhooks::key(&mut reader).await?;
        let key = key.ok_or(StoreError::NoWebhookKey)?;
        if let Some(signers) = &self.signers
            && signers.key_id == key.id
        {
            return Ok(Arc::clone(signers));
        }
        let signers = match Signers::new(&key) {
            Ok(signers) => Arc::new(signers),
            Err(RequestError::Key(error)) => return Err(StoreError::WebhookKey(error).into()),
            Err(_) => return Err(StoreError::NoWebhookKey.into()),
        };
        self.signers = Some(Arc::clone(&signers));
        Ok(signers)
    }

    /// One turn ended, and others may have by now.
    fn all_ended(&mut self, first: Result<Turn, tokio::task::JoinError>) {
        self.ended(first);
        while let Some(ended) = self.turns.try_join_next() {
            self.ended(ended);
        }
    }

    fn ended(&mut self, ended: Result<Turn, tokio::task::JoinError>) {
        match ended {
            Ok(turn) => {
                for attempt in &turn.attempts {
                    self.world.metrics.attempted(attempt);
                }
                if !turn.attempts.is_empty() {
                    let (id, patience) = (turn.webhook_id, turn.patience);
                    self.waits.ended(id, patience, turn.silence());
                }
                let failed = turn.attempts.last();
                let failed = failed.is_some_and(|last| !last.outcome.is_acknowledged());
                if self.loads.ended(turn.webhook_id, failed) {
                    turn.report(failed);
                }
                self.unnoted.push(turn);
            }
            // Its delivery still waits in the database, and is sent after the next start.
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "an attempt at a delivery ended without an outcome"
            ),
        }
    }

    /// Starts to record what has ended, unless this runs already.
    fn note(&mut self) {
        if self.noting.is_some() || self.unnoted.is_empty() || self.rest.is_some() {
            return;
        }
        let turns = std::mem::take(&mut self.unnoted);
        self.settled += turns.len();
        let prune = self.settled >= PRUNE_EVERY;
        if prune {
            self.settled = 0;
        }
        self.noting = Some(tokio::spawn(note(self.world.clone(), turns, prune)));
    }

    /// Lets go of what has been noted. Returns when the first of it is due again.
    fn noted(&mut self, noted: Noted) -> Option<DateTime<Utc>> {
        match noted {
            Ok(turns) => {
                self.pause = FIRST_PAUSE;
                let next_due = turns.iter().filter_map(|turn| turn.decision.due_at()).min();
                let generation = self.world.webhooks.generation();
                if turns.iter().any(|turn| turn.generation != generation) {
                    // Others may wait under the same numbers.
                    self.world.webhooks.changed.notify_one();
                }
                for turn in turns {
                    if let Some(taken) = self.taken.get_mut(&turn.webhook_id) {
                        taken.remove(&turn.seq);
                        if taken.is_empty() {
                            self.taken.remove(&turn.webhook_id);
                        }
                    }
                }
                next_due
            }
            Err((turns, error)) => {
                self.unnoted.splice(0..0, turns);
                self.failed(&error.into());
                None
            }
        }
    }

    fn failed(&mut self, failure: &Failure) {
        self.rest = Some(Instant::now() + self.pause);
        self.pause = (2 * self.pause).min(LONGEST_PAUSE);
        failure.log("webhooks cannot be delivered");
    }

    async fn finish(mut self) {
        while let Some(ended) = self.turns.try_join_next() {
            self.ended(ended);
        }
        if self.noting.is_some() {
            let noted = finished(&mut self.noting).await;
            self.noted(noted);
        }
        self.rest = None;
        self.note();
        if self.noting.is_some()
            && let Err((turns, _)) = finished(&mut self.noting).await
        {
            let number = turns.len();
            tracing::warn!(
                number,
                "deliveries will be sent once more after the next start"
            );
        }
    }
}

/// Records the outcomes of deliveries, in one transaction.
async fn note(world: World, turns: Vec<Turn>, prune: bool) -> Noted {
    let noting = world.clone();
    let (kept, noted) = (turns.clone(), turns);
    let unit_of_work = async move {
        let mut transaction = noting.store.begin().await?;
        if prune {
            let keep = noting.settings.delivery_log;
            for status in ["delivered", "discarded"] {
                outbox::prune(&mut transaction, status, keep).await?;
            }
        }
        let generation = noting.webhooks.generation();
        for turn in noted.iter().filter(|turn| turn.generation == generation) {
            for attempt in &turn.attempts {
                outbox::log(&mut transaction, turn.seq, attempt).await?;
            }
            outbox::decide(&mut transaction, turn.seq, &turn.decision, turn.now).await?;
        }
        Ok(transaction.commit().await?)
    };
    match world.attempt(unit_of_work).await {
        Ok(()) => Ok(kept),
        Err(error) => Err((kept, error)),
    }
}

/// The end of noting, once it goes on.
async fn finished(noting: &mut Option<JoinHandle<Noted>>) -> Noted {
    let Some(task) = noting else {
        return std::future::pending().await;
    };
    let noted = task.await;
    *noting = None;
    match noted {
        Ok(noted) => noted,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Ok(Vec::new()),
        },
    }
}

/// When the clock shows an instant; never without one.
async fn reached(clock: &dyn Clock, due: Option<DateTime<Utc>>) {
    match due {
        Some(due) => clock.reaches(due).await,
        None => std::future::pending().await,
    }
}

async fn until(rest: Option<Instant>) {
    match rest {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
