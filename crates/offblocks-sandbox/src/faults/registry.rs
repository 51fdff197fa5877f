//! A process's copy of the faults in force, and its counts that are not in the database yet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::fault::{Counts, Fault, FaultId, FaultReport};
use crate::random::Random;

/// The faults in force. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry {
    entries: Arc<Mutex<Vec<Entry>>>,
    counted: Arc<Notify>,
}

#[derive(Debug)]
struct Entry {
    id: FaultId,
    fault: Arc<Fault>,
    /// The counts that are not in the database yet.
    pending: Counts,
}

impl Registry {
    /// Takes over the faults that the database keeps, the oldest first. What was counted for them
    /// stays.
    pub(crate) fn replace(&self, kept: Vec<FaultReport>) {
        let mut entries = self.lock();
        let replaced = kept.into_iter().map(|report| {
            let known = entries.iter().find(|entry| entry.id == report.id);
            Entry {
                id: report.id,
                fault: Arc::new(report.fault),
                pending: known.map_or_else(Counts::default, |entry| entry.pending),
            }
        });
        *entries = replaced.collect();
    }

    /// The faults for calls of this operation, the oldest first.
    pub(super) fn matching(&self, operation: &str, with_token: bool) -> Vec<(FaultId, Arc<Fault>)> {
        self.lock()
            .iter()
            .filter(|entry| entry.fault.matches(operation, with_token))
            .map(|entry| (entry.id, Arc::clone(&entry.fault)))
            .collect()
    }

    /// Counts a call, and says whether it fails. Counts do not decide about such a fault. One that may
    /// change nothing is counted as applied once it has.
    pub(super) fn meet(&self, id: FaultId, random: &dyn Random) -> bool {
        let mut entries = self.lock();
        let Some(entry) = entries.iter_mut().find(|entry| entry.id == id) else {
            // It was removed meanwhile.
            return false;
        };
        let before = entry.pending.applied;
        let applies = entry.fault.meets(&mut entry.pending, random);
        if entry.fault.kind.may_change_nothing() {
            entry.pending.applied = before;
        }
        self.counted.notify_one();
        applies
    }

    /// Counts a call that an older fault lets fail.
    pub(super) fn pass(&self, id: FaultId) {
        if let Some(entry) = self.lock().iter_mut().find(|entry| entry.id == id) {
            entry.pending.matched += 1;
            self.counted.notify_one();
        }
    }

    /// Counts that a fault changed something that may change nothing.
    pub(super) fn changed(&self, id: FaultId) {
        if let Some(entry) = self.lock().iter_mut().find(|entry| entry.id == id) {
            entry.pending.applied += 1;
            self.counted.notify_one();
        }
    }

    /// Completes when something was counted that the database does not know.
    pub(crate) async fn counted(&self) {
        self.counted.notified().await;
    }

    /// What the database does not know yet.
    pub(crate) fn pending(&self) -> Vec<(FaultId, Counts)> {
        let entries = self.lock();
        let pending = entries.iter().map(|entry| (entry.id, entry.pending));
        pending
            .filter(|(_, it)| it.matched > 0 || it.applied > 0)
            .collect()
    }

    /// Records that these counts are in the database.
    pub(crate) fn written(&self, written: &[(FaultId, Counts)]) {
        let mut entries = self.lock();
        for (id, counts) in written {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.id == *id) {
                entry.pending.matched -= counts.matched;
                entry.pending.applied -= counts.applied;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::FaultKind;
    use crate::random::SeededRandom;

    fn kept(number: u64, fault: Fault) -> FaultReport {
        FaultReport {
            id: FaultId::new(number),
            fault,
            matched: 0,
            applied: 0,
        }
    }

    fn applied(change: impl FnOnce(&mut Fault), calls: usize) -> Vec<bool> {
        let mut fault = Fault::new(FaultKind::ResetBefore);
        change(&mut fault);
        let (mut counts, random) = (Counts::default(), SeededRandom::new(1));
        let calls = (0..calls).map(|_| fault.meets(&mut counts, &random));
        calls.collect()
    }

    #[test]
    fn calls_are_chosen_by_number_and_times() {
        assert_eq!(applied(|_| (), 3), [true; 3]);
        assert_eq!(applied(|it| it.nth = Some(2), 3), [false, true, false]);
        assert_eq!(applied(|it| it.times = Some(2), 3), [true, true, false]);
    }

    #[test]
    fn a_share_is_about_as_large_as_asked_and_a_seed_repeats_it() {
        let share = |seed| {
            applied(
                |it| {
                    it.percentage = Some(25.0);
                    it.seed = seed;
                },
                2_000,
            )
        };
        for seed in [None, Some(7)] {
            let hit = share(seed).into_iter().filter(|hit| *hit).count();
            assert!((400..600).contains(&hit), "{hit} of 2000 with {seed:?}");
        }
        assert_eq!(share(Some(7)), share(Some(7)));
        assert_ne!(share(Some(7)), share(Some(8)));
        let all = applied(|it| it.percentage = Some(100.0), 100);
        assert!(all.into_iter().all(|hit| hit));
    }

    #[test]
    fn different_faults_of_one_seed_let_different_calls_fail() {
        let share = |change: fn(&mut Fault)| {
            applied(
                |it| {
                    (it.percentage, it.seed) = (Some(25.0), Some(7));
                    change(it);
                },
                200,
            )
        };
        let first = share(|_| ());
        assert_ne!(first, share(|it| it.kind = FaultKind::TruncatedBody));
        assert_ne!(
            first,
            share(|it| it.operation = Some("getCards".to_owned()))
        );
        let more = share(|it| it.percentage = Some(50.0));
        let stay = first.iter().zip(&more).all(|(less, more)| !less || *more);
        assert!(stay, "a larger share lets further calls fail");
    }

    #[test]
    fn faults_match_by_operation_and_one_of_tokens_needs_a_token() {
        let registry = Registry::default();
        let mut named = Fault::new(FaultKind::TruncatedBody);
        named.operation = Some("getCards".to_owned());
        let expired = Fault::new(FaultKind::ExpiredToken);
        registry.replace(vec![kept(3, named), kept(5, expired)]);
        let matching = |operation, with_token| {
            let found = registry.matching(operation, with_token).into_iter();
            found.map(|(id, _)| id.number()).collect::<Vec<_>>()
        };
        assert_eq!(matching("getCards", true), [3, 5]);
        assert_eq!(matching("getCard", true), [5]);
        assert!(matching("getToken", false).is_empty());
    }

    #[test]
    fn what_was_counted_stays_until_the_database_knows_it() {
        let registry = Registry::default();
        let (one, random) = (FaultId::new(1), SeededRandom::new(1));
        let fault = || kept(1, Fault::new(FaultKind::ExtraField));
        registry.replace(vec![fault()]);
        let meet = || {
            assert!(registry.meet(one, &random));
            registry.changed(one);
        };
        meet();
        let pending = registry.pending();
        meet();
        registry.replace(vec![fault()]);
        registry.written(&pending);
        let counts = |number| Counts {
            matched: number,
            applied: number,
        };
        assert_eq!(registry.pending(), [(one, counts(1))]);
        registry.replace(Vec::new());
        assert!(!registry.meet(one, &random), "it was removed");
        assert!(registry.pending().is_empty());
    }

    #[test]
    fn every_kind_is_read_back_as_it_was_kept() {
        use http::StatusCode;
        use std::time::Duration;
        for kind in [
            FaultKind::Status(StatusCode::BAD_GATEWAY),
            FaultKind::StatusAfterCommit(StatusCode::INTERNAL_SERVER_ERROR),
            FaultKind::Latency(Duration::from_millis(1_500)),
            FaultKind::TooManyRequests(7),
            FaultKind::ExpiredToken,
            FaultKind::ResetBefore,
            FaultKind::ResetInside,
            FaultKind::Timeout(Duration::from_secs(60)),
            FaultKind::TruncatedBody,
            FaultKind::UnknownValue,
            FaultKind::ExtraField,
        ] {
            let fault = Fault {
                percentage: Some(12.5),
                seed: Some(u64::MAX),
                ..Fault::new(kind)
            };
            let text = crate::faults::kept(&fault);
            assert_eq!(
                serde_json::from_str::<Fault>(&text).unwrap(),
                fault,
                "{text}"
            );
        }
    }
}
