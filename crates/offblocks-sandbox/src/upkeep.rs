//! Keeps the settings of the control plane the same in the database and in each process that uses it.
//!
//! The database keeps the clock, the faults and the modes of deliveries, so that they hold after a restart.
//! A process has a copy, and reads it again when a commit changed what is kept. After its own commit it
//! reads at once. After a commit of another process it reads when the notice arrives, which takes
//! milliseconds, or some seconds where the notice was lost with a connection. Whoever changes a setting
//! waits until every process uses it. How often faults were met is written back a moment later.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Sleep;

use crate::domain::kept::{self, KeptClock};
use crate::failure::Failure;
use crate::faults;
use crate::store::{self, StoreError};
use crate::world::World;

/// How long counts are gathered before they are written.
const GATHER: Duration = Duration::from_secs(1);

/// How long to wait after a failure, or while another process moves the clock.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a change waits for the other processes. One that is stopped, or whose network is cut, may take
/// much longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long to wait before the database is asked again whether every process uses a change; twice as long
/// after each time, up to the longest.
const FIRST_LOOK: Duration = Duration::from_millis(1);
const LONGEST_LOOK: Duration = Duration::from_millis(32);

/// What only one process at a time may do with the clock.
const CLOCK: &str = "control clock";

/// What else depends on what is kept.
pub(crate) type Dependent =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>> + Send + Sync>;

/// The running task. It ends when this is dropped.
pub(crate) struct Upkeep {
    task: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
}

impl Upkeep {
    /// Starts it. After each change, `dependent` is called.
    pub(crate) fn start(world: Arc<World>, dependent: Option<Dependent>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self {
            task: tokio::spawn(run(World::clone(&world), dependent, stopped)),
            stop: Some(stop),
        }
    }

    /// Writes what was counted, and ends the task.
    pub(crate) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended already.
            let _ = stop.send(());
        }
        // A panic was logged where it happened.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(world: World, dependent: Option<Dependent>, mut stop: oneshot::Receiver<()>) {
    let mut changes = world.store.control();
    // What was kept when the sandbox was built was read by then, but others may have written since.
    changes.mark_changed();
    let (mut again, mut gathered) = (None, None);
    loop {
        tokio::select! {
            biased;
            _ = &mut stop => break,
            changed = changes.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = passed(&mut again) => {}
            // Changes are read while counts are gathered: whoever clears faults waits for it.
            () = world.faults.counted(), if gathered.is_none() => {
                gathered = Some(Box::pin(tokio::time::sleep(GATHER)));
                continue;
            }
            () = passed(&mut gathered) => {
                gathered = None;
                note(&world, write_counts(&world).await);
                continue;
            }
        }
        let revision = *changes.borrow_and_update();
        let look = look(&world, dependent.as_ref()).await;
        if look.is_read {
            world.store.uses(Some(revision));
        }
        again = (!look.is_settled).then(|| Box::pin(tokio::time::sleep(PAUSE)));
    }
    world.store.uses(None);
    note(&world, write_counts(&world).await);
}

/// What came of reading everything again.
struct Look {
    /// This process uses what is kept.
    is_read: bool,
    /// Nothing is left to look for.
    is_settled: bool,
}

/// Waits for the end of a pause, for ever where there is none.
async fn passed(pause: &mut Option<Pin<Box<Sleep>>>) {
    match pause {
        Some(pause) => pause.await,
        None => std::future::pending().await,
    }
}

/// Reads everything again.
async fn look(world: &World, dependent: Option<&Dependent>) -> Look {
    let mut is_read = note(world, load_faults(world).await);
    is_read &= note(world, load_modes(world).await);
    let clock = load_clock(world).await;
    let is_moved = matches!(clock, Ok(false));
    is_read &= note(world, clock.map(drop));
    if let Some(dependent) = dependent {
        is_read &= note(world, dependent().await);
    }
    Look {
        is_read,
        is_settled: is_read && !is_moved,
    }
}

/// Takes note of an outage. Returns whether there was none.
fn note(world: &World, done: Result<(), StoreError>) -> bool {
    if let Err(error) = &done {
        world.store.health().failed(error);
    }
    done.is_ok()
}

/// Reads the faults.
pub(crate) async fn load_faults(world: &World) -> Result<(), StoreError> {
    // Whoever reads last has read the latest.
    let _turn = world.loading.lock().await;
    let mut reader = world.store.read().await?;
    let kept = store::faults::list(&mut reader).await?;
    let reports = kept.iter().filter_map(faults::report);
    world.faults.replace(reports.collect());
    Ok(())
}

/// Reads the modes of deliveries.
pub(crate) async fn load_modes(world: &World) -> Result<(), StoreError> {
    let _turn = world.loading.lock().await;
    let mut reader = world.store.read().await?;
    let (all, of) = kept::modes(&mut reader).await?;
    world.webhooks.replace_modes(all, of.into_iter().collect());
    Ok(())
}

/// Writes how often faults were met since the last time.
pub(crate) async fn write_counts(world: &World) -> Result<(), StoreError> {
    let _turn = world.loading.lock().await;
    let pending = world.faults.pending();
    if pending.is_empty() {
        return Ok(());
    }
    let mut transaction = world.store.begin().await?;
    for (id, counts) in &pending {
        let (matched, applied) = (counts.matched, counts.applied);
        store::faults::count(&mut transaction, faults::seq(*id), matched, applied).await?;
    }
    transaction.commit().await?;
    world.faults.written(&pending);
    Ok(())
}

/// Waits until every process uses what this one has changed, and for two seconds at most. The change is
/// committed by then, so what fails here does not fail the change.
pub(crate) async fn reach_all(world: &World) {
    let mut pause = FIRST_LOOK;
    let all = async {
        while world.store.is_one_behind().await? {
            tokio::time::sleep(pause).await;
            pause = (2 * pause).min(LONGEST_LOOK);
        }
        Ok(())
    };
    match tokio::time::timeout(PATIENCE, all).await {
        Ok(reached) => drop(note(world, reached)),
        Err(_) => tracing::warn!(
            "another process on the database does not use a change of the control plane yet: it \
             will, once it runs and reaches the database again"
        ),
    }
}

/// Reads the clock, unless this process moves it at the moment. Returns whether it is not being moved.
async fn load_clock(world: &World) -> Result<bool, StoreError> {
    // Moving it can take long, and what else changes is not to wait for that.
    if world.webhooks.moved().is_some() {
        return Ok(false);
    }
    let turn = tokio::time::timeout(PAUSE, world.travelling.lock());
    let Ok(_turn) = turn.await else {
        return Ok(false);
    };
    let mut kept = read_kept(world).await?;
    if let KeptClock::Moving(_) = kept {
        let Some(_turn) = world.store.claim_key(CLOCK).await? else {
            // Another process moves it. Until it is there, the clock goes on here as it does.
            return Ok(false);
        };
        // Whoever moved it is there by now, or has ended on the way: then it goes on from where it
        // had come to.
        kept = read_kept(world).await?;
        if let KeptClock::Moving(reached) = kept {
            let mut transaction = world.store.begin().await?;
            kept::keep_clock(&mut transaction, KeptClock::At(reached)).await?;
            transaction.commit().await?;
        }
    }
    let hands = kept.hands();
    if world.clock.hands() != hands {
        world.clock.set(hands);
    }
    Ok(true)
}

/// How the clock stands. One that was never set stands as at the start.
pub(crate) async fn read_kept(world: &World) -> Result<KeptClock, StoreError> {
    let mut reader = world.store.read().await?;
    let kept = kept::clock(&mut reader).await?;
    Ok(kept.unwrap_or(KeptClock::At(world.clock.first())))
}

/// The right to move the clock, among all processes.
#[derive(Debug)]
pub(crate) struct ClockTurn {
    _here: tokio::sync::OwnedMutexGuard<()>,
    _everywhere: Option<store::KeyLock>,
}

/// Waits until no other process moves the clock, and shows what it shows by then.
pub(crate) async fn clock_turn(world: &World) -> Result<ClockTurn, Failure> {
    let (here, everywhere) = loop {
        let here = Arc::clone(&world.travelling).lock_owned().await;
        if let Some(everywhere) = world.store.claim_key(CLOCK).await? {
            break (here, everywhere);
        }
        // Meanwhile this process uses the clock as the others set it.
        drop(here);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    if world.store.is_shared() {
        let hands = read_kept(world).await?.hands();
        if world.clock.hands() != hands {
            world.clock.set(hands);
        }
    }
    Ok(ClockTurn {
        _here: here,
        _everywhere: everywhere,
    })
}
