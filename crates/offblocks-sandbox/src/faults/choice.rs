//! Which fault a call gets.
//!
//! Where counts decide about it (only the nth call, a maximum number, a seed), the database counts and
//! decides in one transaction. So all processes agree, and a restart changes nothing. Every other fault is
//! decided here, and its counts are written to the database a moment later.

use std::sync::Arc;

use offblocks_server::Operation;

use super::fault::{Counts, Fault, FaultId, FaultReport};
use super::registry::Registry;
use crate::random::Random;
use crate::store::faults::{self, Kept};
use crate::store::{Store, StoreError};

/// The faults in force, what draws among them, and where they are counted.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) faults: Registry,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) store: Store,
}

impl Source {
    /// How a call of this operation fails, where it does: as the oldest fault says that applies. The younger
    /// ones that match count the call too.
    pub(super) async fn choose(&self, operation: &Operation) -> Option<(FaultId, Arc<Fault>)> {
        let with_token = !operation.security.is_empty();
        let mut chosen = None;
        for (id, fault) in self.faults.matching(operation.id, with_token) {
            if chosen.is_some() {
                self.pass(id, &fault).await;
            } else if self.applies(id, &fault).await {
                chosen = Some((id, fault));
            }
        }
        chosen
    }

    /// Counts a call that an older fault lets fail.
    async fn pass(&self, id: FaultId, fault: &Fault) {
        if !fault.is_decided_by_counts() {
            return self.faults.pass(id);
        }
        let counted = async {
            let mut transaction = self.store.begin().await?;
            faults::count(&mut transaction, seq(id), 1, 0).await?;
            transaction.commit().await
        };
        if let Err(error) = counted.await {
            self.store.health().failed(&error);
        }
    }

    /// Takes note of whether a fault that may change nothing changed anything.
    pub(super) async fn note(&self, id: FaultId, fault: &Fault, changed: bool) {
        if !fault.kind.may_change_nothing() {
            return;
        }
        match (fault.is_decided_by_counts(), changed) {
            (false, true) => self.faults.changed(id),
            // The next call may have what it changes.
            (true, false) => {
                if let Err(error) = self.take_back(id).await {
                    self.store.health().failed(&error);
                }
            }
            _ => {}
        }
    }

    async fn take_back(&self, id: FaultId) -> Result<(), StoreError> {
        let mut transaction = self.store.begin().await?;
        faults::take_back(&mut transaction, seq(id)).await?;
        transaction.commit().await
    }

    async fn applies(&self, id: FaultId, fault: &Fault) -> bool {
        if !fault.is_decided_by_counts() {
            return self.faults.meet(id, &*self.random);
        }
        match self.count(id, fault).await {
            Ok(applies) => applies,
            // The call itself meets the same outage, and says so.
            Err(error) => {
                self.store.health().failed(&error);
                false
            }
        }
    }

    /// Counts a call where every process counts.
    async fn count(&self, id: FaultId, fault: &Fault) -> Result<bool, StoreError> {
        let seq = seq(id);
        let mut transaction = self.store.begin().await?;
        let Some(kept) = faults::find(&mut transaction, seq).await? else {
            // It was removed meanwhile.
            return Ok(false);
        };
        let mut counts = Counts {
            matched: kept.matched,
            applied: kept.applied,
        };
        let applies = fault.meets(&mut counts, &*self.random);
        faults::count(&mut transaction, seq, 1, applies.into()).await?;
        transaction.commit().await?;
        Ok(applies)
    }
}

/// The number under which the database keeps a fault.
pub(crate) fn seq(id: FaultId) -> i64 {
    i64::try_from(id.number()).unwrap_or(i64::MAX)
}

/// A fault as the database keeps it.
pub(crate) fn kept(fault: &Fault) -> String {
    serde_json::to_string(fault).expect("names and numbers are JSON")
}

/// A fault that the database keeps. `None` for one of another version, which this one cannot carry
/// out.
pub(crate) fn report(kept: &Kept) -> Option<FaultReport> {
    let Ok(fault) = serde_json::from_str(&kept.fault) else {
        tracing::warn!(
            fault = kept.seq,
            "a fault of another version is not applied"
        );
        return None;
    };
    Some(FaultReport {
        id: FaultId::new(kept.seq.unsigned_abs()),
        fault,
        matched: kept.matched,
        applied: kept.applied,
    })
}
