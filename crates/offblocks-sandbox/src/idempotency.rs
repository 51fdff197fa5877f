//! Calls under an idempotency key that still run, and the transactions they share.

use std::collections::HashSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use offblocks_server::Claim;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::store::{Connection, KeyLock, StoreError, Tx};

/// The transaction that the work of a call under a key shares with its response.
#[derive(Debug)]
pub(crate) enum Shared {
    /// It begins with the first statement, so that no other call waits while this one is decoded.
    NotBegun,
    Open(Tx),
    /// The caller may not call any more. Its response is not stored, so that a caller who may can use the
    /// key.
    Refused,
    Ended,
}

impl Shared {
    /// What to work with.
    pub(crate) fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        match self {
            Self::Open(transaction) => Ok(transaction),
            Self::NotBegun | Self::Refused | Self::Ended => Err(StoreError::Ended),
        }
    }
}

/// The transaction of a call under a key. Handlers find it in their request's extensions.
#[derive(Clone)]
pub(crate) struct Keyed {
    transaction: Arc<tokio::sync::Mutex<Shared>>,
    claim: Arc<Claim>,
    _slot: Arc<Slot>,
}

impl Keyed {
    /// The transaction, for the call that works on it now.
    pub(crate) async fn transaction(&self) -> OwnedMutexGuard<Shared> {
        Arc::clone(&self.transaction).lock_owned().await
    }

    /// A call that holds a key, with the transaction that its work and its response share.
    pub(crate) fn new(transaction: Shared, claim: Claim, slot: Slot) -> Self {
        Self {
            transaction: Arc::new(tokio::sync::Mutex::new(transaction)),
            claim: Arc::new(claim),
            _slot: Arc::new(slot),
        }
    }

    /// What the call claimed.
    pub(crate) fn claim(&self) -> &Claim {
        &self.claim
    }
}

/// The keys whose calls still run in this process. Where others work on the database too, a slot
/// holds a lock of the database besides. A crash leaves no key claimed permanently.
#[derive(Debug, Clone, Default)]
pub(crate) struct InFlight {
    names: Arc<Mutex<HashSet<Name>>>,
    /// The minute in which keys were forgotten last.
    forgotten: Arc<AtomicI64>,
}

type Name = (String, Uuid);

/// A key that no other call can claim until this is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    running: InFlight,
    name: Name,
    /// Keeps other processes from it.
    _lock: Option<KeyLock>,
}

impl Slot {
    /// What other processes know the key by.
    pub(crate) fn shared_name(&self) -> String {
        let (scope, key) = &self.name;
        format!("{scope} {key}")
    }

    /// Holds the lock as long as the key.
    pub(crate) fn holding(self, lock: Option<KeyLock>) -> Self {
        let mut slot = self;
        slot._lock = lock;
        slot
    }
}

impl InFlight {
    /// Claims a key, unless a call under it still runs.
    pub(crate) fn claim(&self, claim: &Claim) -> Option<Slot> {
        let name = (claim.scope.clone(), claim.key);
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(name.clone()).then(|| Slot {
            running: self.clone(),
            name,
            _lock: None,
        })
    }

    /// Whether this is the first question in a minute, by the clock that keys expire by: often enough to
    /// forget keys whose time is over, which are not found meanwhile.
    pub(crate) fn is_first_in_minute(&self, now: DateTime<Utc>) -> bool {
        let minute = now.timestamp().div_euclid(60);
        self.forgotten.swap(minute, Ordering::Relaxed) != minute
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut names = self
            .running
            .names
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        names.remove(&self.name);
    }
}
