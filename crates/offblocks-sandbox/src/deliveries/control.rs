//! The modes in force, and how the dispatcher learns that there is work.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use offblocks_types::WebhookId;
use tokio::sync::Notify;

use super::modes::DeliveryModes;

/// The modes in force, and how to wake the dispatcher.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control {
    modes: Arc<Mutex<Modes>>,
    pub(crate) wake: Arc<Notify>,
    /// How often everything in the database was replaced.
    generation: Arc<AtomicU64>,
}

#[derive(Debug, Default)]
struct Modes {
    all: DeliveryModes,
    of: HashMap<WebhookId, DeliveryModes>,
}

impl Control {
    /// Notes that other deliveries take the place of all that there are. Called by whoever holds the
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

    /// Sets the modes of one subscription, or of all that have none of their own.
    pub(crate) fn set(&self, id: Option<WebhookId>, modes: DeliveryModes) {
        let mut present = self.lock();
        match id {
            None => present.all = modes,
            Some(id) => drop(present.of.insert(id, modes)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Modes> {
        self.modes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
