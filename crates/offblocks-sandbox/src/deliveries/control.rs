//! The modes in force, and how the dispatcher is notified of work.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use offblocks_types::WebhookId;
use tokio::sync::{Notify, oneshot};

use super::modes::DeliveryModes;

/// The modes in force, and how the dispatcher is notified of changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control {
    modes: Arc<Mutex<Modes>>,
    /// Notified when there may be something new to deliver.
    pub(crate) changed: Arc<Notify>,
    waiting: Arc<Mutex<Waiting>>,
    /// How often everything in the database was replaced.
    generation: Arc<AtomicU64>,
    /// How often a move of the clock began or ended.
    moves: Arc<AtomicU64>,
}

/// A move of the clock that is under way.
#[derive(Debug)]
pub(crate) struct Moving(Arc<AtomicU64>);

impl Drop for Moving {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// The calls that wait until all that is due was delivered or tried.
#[derive(Debug, Default)]
struct Waiting {
    /// `None` while no dispatcher runs.
    told: Option<Vec<oneshot::Sender<()>>>,
}

#[derive(Debug, Default)]
struct Modes {
    all: DeliveryModes,
    of: BTreeMap<WebhookId, DeliveryModes>,
}

impl Control {
    /// Records that all deliveries are replaced by others. Called by the task that holds the
    /// connection that writes, before the commit.
    pub(crate) fn replaced(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Tells deliveries from those that had their numbers before they were replaced.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    pub(crate) fn modes(&self, id: WebhookId) -> DeliveryModes {
        let modes = self.lock();
        modes.of.get(&id).unwrap_or(&modes.all).clone()
    }

    /// Takes over the modes that the database keeps: those of all subscriptions, and of those that
    /// have some of their own.
    pub(crate) fn replace_modes(&self, all: DeliveryModes, of: BTreeMap<WebhookId, DeliveryModes>) {
        *self.lock() = Modes { all, of };
    }

    /// The modes of all subscriptions, and of those that have some of their own.
    pub(crate) fn all_modes(&self) -> (DeliveryModes, BTreeMap<WebhookId, DeliveryModes>) {
        let modes = self.lock();
        (modes.all.clone(), modes.of.clone())
    }

    /// Completes once everything that is due now was delivered or tried; at once while no
    /// dispatcher runs.
    pub(crate) async fn settled(&self) {
        let settled = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(told) = &mut waiting.told else {
                return;
            };
            let (sender, receiver) = oneshot::channel();
            told.push(sender);
            receiver
        };
        self.changed.notify_one();
        // The dispatcher may end meanwhile, and then nothing is delivered.
        let _ = settled.await;
    }

    /// Notes that the clock is moved, until what this returns is dropped. Only one call moves it at
    /// a time.
    pub(crate) fn begin_move(&self) -> Moving {
        self.moves.fetch_add(1, Ordering::SeqCst);
        Moving(Arc::clone(&self.moves))
    }

    /// Which move of the clock is under way, if one is.
    pub(crate) fn moved(&self) -> Option<u64> {
        let moves = self.moves.load(Ordering::SeqCst);
        (moves % 2 == 1).then_some(moves)
    }

    /// Whether a dispatcher runs.
    pub(crate) fn is_dispatching(&self) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.told.is_some()
    }

    /// A dispatcher runs from now on.
    pub(crate) fn begin_dispatching(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.told.get_or_insert_default();
    }

    /// The dispatcher has ended. The waits for it end too.
    pub(crate) fn end_dispatching(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.told = None;
    }

    /// Takes over the calls that wait. Dropping them ends their waits.
    pub(crate) fn take_waiting(&self) -> Vec<oneshot::Sender<()>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting
            .told
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Modes> {
        self.modes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
