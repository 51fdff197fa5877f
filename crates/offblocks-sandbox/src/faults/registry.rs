//! The faults in force, and which of them a call gets.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::fault::{Fault, FaultId, FaultKind, FaultReport};
use crate::random::{Random, RandomExt as _, SeededRandom};

/// The faults in force. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry(Arc<Mutex<Faults>>);

#[derive(Debug, Default)]
struct Faults {
    last: u64,
    all: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    report: FaultReport,
    seeded: Option<SeededRandom>,
}

impl Registry {
    /// Adds a fault.
    pub(crate) fn add(&self, fault: Fault) -> FaultReport {
        let mut faults = self.lock();
        faults.last += 1;
        let report = FaultReport {
            id: FaultId::new(faults.last),
            fault,
            matched: 0,
            applied: 0,
        };
        let seeded = report.fault.seed.map(SeededRandom::new);
        faults.all.push(Entry {
            report: report.clone(),
            seeded,
        });
        report
    }

    /// All of them, the oldest first.
    pub(crate) fn list(&self) -> Vec<FaultReport> {
        let faults = self.lock();
        faults
            .all
            .iter()
            .map(|entry| entry.report.clone())
            .collect()
    }

    /// Removes a fault. `false` where there is none of this number.
    pub(crate) fn remove(&self, id: FaultId) -> bool {
        let mut faults = self.lock();
        let before = faults.all.len();
        faults.all.retain(|entry| entry.report.id != id);
        faults.all.len() < before
    }

    /// Removes all of them.
    pub(crate) fn clear(&self) {
        self.lock().all.clear();
    }

    /// How a call of this operation fails, where it does.
    pub(crate) fn choose(
        &self,
        operation: &str,
        with_token: bool,
        random: &dyn Random,
    ) -> Option<(FaultId, FaultKind)> {
        let mut faults = self.lock();
        let matching = faults
            .all
            .iter_mut()
            .filter(|entry| entry.matches(operation, with_token));
        for entry in matching {
            if entry.applies(random) {
                return Some((entry.report.id, entry.report.fault.kind));
            }
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Faults> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn matches(&self, operation: &str, with_token: bool) -> bool {
        let fault = &self.report.fault;
        let named = fault.operation.as_deref().is_none_or(|it| it == operation);
        named && (with_token || fault.kind != FaultKind::ExpiredToken)
    }

    /// Counts a call, and decides whether it fails.
    fn applies(&mut self, random: &dyn Random) -> bool {
        let report = &mut self.report;
        report.matched += 1;
        let fault = &report.fault;
        let applies = fault.times.is_none_or(|times| report.applied < times)
            && fault.nth.is_none_or(|nth| report.matched == nth)
            && fault
                .percentage
                .is_none_or(|percentage| match &self.seeded {
                    Some(seeded) => is_drawn(percentage, seeded),
                    None => is_drawn(percentage, random),
                });
        report.applied += u64::from(applies);
        applies
    }
}

/// Whether a draw falls into so many per cent.
fn is_drawn(percentage: f64, random: &dyn Random) -> bool {
    let drawn = f64::from(u32::from_be_bytes(random.bytes()));
    drawn / (f64::from(u32::MAX) + 1.0) * 100.0 < percentage
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(change: impl FnOnce(&mut Fault), calls: usize) -> Vec<bool> {
        let registry = Registry::default();
        let mut fault = Fault::new(FaultKind::ResetBefore);
        change(&mut fault);
        registry.add(fault);
        let random = SeededRandom::new(1);
        let calls = (0..calls).map(|_| registry.choose("getCards", true, &random).is_some());
        calls.collect()
    }

    #[test]
    fn calls_are_chosen_by_number_times_and_operation() {
        assert_eq!(applied(|_| (), 3), [true; 3]);
        assert_eq!(applied(|it| it.nth = Some(2), 3), [false, true, false]);
        assert_eq!(applied(|it| it.times = Some(2), 3), [true, true, false]);
        let other = |it: &mut Fault| it.operation = Some("getCard".to_owned());
        assert_eq!(applied(other, 3), [false; 3]);
        let this = |it: &mut Fault| it.operation = Some("getCards".to_owned());
        assert_eq!(applied(this, 3), [true; 3]);
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
    fn the_oldest_that_applies_is_chosen_and_all_before_it_are_counted() {
        let registry = Registry::default();
        let mut second = Fault::new(FaultKind::ResetBefore);
        second.nth = Some(2);
        registry.add(second);
        registry.add(Fault::new(FaultKind::TruncatedBody));
        registry.add(Fault::new(FaultKind::ExtraField));
        let random = SeededRandom::new(1);
        let kind = || {
            registry
                .choose("getCards", true, &random)
                .map(|(_, kind)| kind)
        };
        assert_eq!(kind(), Some(FaultKind::TruncatedBody));
        assert_eq!(kind(), Some(FaultKind::ResetBefore));
        let counts = registry.list();
        let counts: Vec<_> = counts.iter().map(|it| (it.matched, it.applied)).collect();
        assert_eq!(counts, [(2, 1), (1, 1), (0, 0)]);
        assert!(registry.remove(FaultId::new(1)));
        assert!(!registry.remove(FaultId::new(1)));
        registry.clear();
        assert_eq!(registry.choose("getCards", true, &random), None);
    }

    #[test]
    fn a_call_without_a_token_has_none_that_expires() {
        let registry = Registry::default();
        registry.add(Fault::new(FaultKind::ExpiredToken));
        let random = SeededRandom::new(1);
        assert_eq!(registry.choose("getToken", false, &random), None);
        assert!(registry.choose("getCards", true, &random).is_some());
    }
}
