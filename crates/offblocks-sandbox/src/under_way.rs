//! Long calls that are under way, and how far each of them is.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What a long call does, and what is counted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WorkKind {
    /// The clock is moved: milliseconds of the sandbox's time.
    Clock,
    /// Cards are added: cards.
    Cards,
    /// A snapshot is written: rows.
    Snapshot,
    /// A snapshot is restored: rows.
    Restore,
}

/// A long call that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Work {
    /// Identifies it until the sandbox stops. Later ones have higher numbers.
    pub id: u64,
    /// What is done.
    pub kind: WorkKind,
    /// How much of it is done.
    pub done: u64,
    /// How much there is to do, where that is known.
    pub total: Option<u64>,
}

/// All long calls of a sandbox. Clones are the same list.
#[derive(Debug, Clone, Default)]
pub(crate) struct UnderWay(Arc<Mutex<Listed>>);

#[derive(Debug, Default)]
struct Listed {
    last: u64,
    work: BTreeMap<u64, Work>,
}

/// A caller that waits for a call whose work is in another task. Dropping it ends the wait.
#[derive(Debug, Default)]
pub(crate) struct Caller(Arc<()>);

/// Whether the [`Caller`] that this is of still waits.
#[derive(Debug)]
pub(crate) struct Attended(Weak<()>);

/// What the parts of a long call, which run in a task of its own, can read of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LongCall<'a> {
    /// Where it says how far it is.
    pub(crate) under_way: &'a UnderWay,
    /// Whether a caller waits for it. The end of the sandbox drops the callers that wait.
    pub(crate) attended: &'a Attended,
}

impl Caller {
    /// What the task that works on the call looks at.
    pub(crate) fn attended(&self) -> Attended {
        Attended(Arc::downgrade(&self.0))
    }
}

impl Attended {
    pub(crate) fn is_true(&self) -> bool {
        self.0.strong_count() > 0
    }
}

impl UnderWay {
    /// Lists a call until what this returns is dropped.
    pub(crate) fn begin(&self, kind: WorkKind, total: Option<u64>) -> Progress {
        let mut listed = self.lock();
        listed.last += 1;
        let id = listed.last;
        let work = Work {
            id,
            kind,
            done: 0,
            total,
        };
        listed.work.insert(id, work);
        Progress {
            id,
            under_way: self.clone(),
        }
    }

    /// All of them, the oldest first.
    pub(crate) fn list(&self) -> Vec<Work> {
        self.lock().work.values().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Listed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a call is. Dropped, the call is not listed any more.
#[derive(Debug)]
pub(crate) struct Progress {
    id: u64,
    under_way: UnderWay,
}

impl Progress {
    /// So much is done in all.
    pub(crate) fn reach(&self, done: u64) {
        if let Some(work) = self.under_way.lock().work.get_mut(&self.id) {
            work.done = done;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.under_way.lock().work.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_listed_with_its_progress_until_it_ends() {
        let under_way = UnderWay::default();
        let cards = under_way.begin(WorkKind::Cards, Some(10));
        let clock = under_way.begin(WorkKind::Clock, None);
        cards.reach(4);
        let shown = under_way.list();
        assert_eq!((shown[0].kind, shown[0].done), (WorkKind::Cards, 4));
        assert_eq!((shown[1].id, shown[1].total), (2, None));
        drop(cards);
        assert_eq!(under_way.list().len(), 1);
        drop(clock);
        assert!(under_way.list().is_empty());
    }

    #[test]
    fn a_call_is_attended_until_its_caller_is_dropped() {
        let caller = Caller::default();
        let attended = caller.attended();
        assert!(attended.is_true());
        drop(caller);
        assert!(!attended.is_true());
    }
}
