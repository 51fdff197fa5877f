//! The latest entries, in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::LoggedRequest;

/// The latest requests, up to a number and an amount of memory.
///
/// Followers receive the number of the last entry, and read the entries that they have not seen. A slow
/// follower misses entries and does not delay anything.
#[derive(Debug)]
pub(crate) struct Journal {
    limits: Limits,
    kept: Mutex<Kept>,
    last: watch::Sender<Last>,
    /// Tells this start of the sandbox from others.
    run: String,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    entries: usize,
    bytes: usize,
}

/// What followers receive.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Last {
    /// The number of the last entry.
    pub(crate) number: u64,
    /// Whether the sandbox stops, and following ends.
    pub(crate) closed: bool,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<LoggedRequest>>,
    bytes: usize,
    last: u64,
}

impl Journal {
    /// A journal of so many entries that take about so many bytes. `run` tells it from those of
    /// other starts.
    pub(crate) fn new(entries: usize, bytes: usize, run: String) -> Self {
        Self {
            limits: Limits { entries, bytes },
            kept: Mutex::default(),
            last: watch::Sender::default(),
            run,
        }
    }

    /// Whether anything is kept.
    pub(crate) const fn is_on(&self) -> bool {
        self.limits.entries > 0 && self.limits.bytes > 0
    }

    /// Tells this start of the sandbox from others.
    pub(crate) fn run(&self) -> &str {
        &self.run
    }

    /// Adds an entry and gives it its number.
    pub(super) fn add(&self, mut entry: LoggedRequest) {
        let weight = entry.weight();
        let mut kept = self.kept();
        kept.last += 1;
        entry.number = kept.last;
        let number = kept.last;
        kept.bytes += weight;
        kept.entries.push_back(Arc::new(entry));
        let mut forgotten = Vec::new();
        while kept.entries.len() > self.limits.entries || kept.bytes > self.limits.bytes {
            let Some(oldest) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= oldest.weight();
            forgotten.push(oldest);
        }
        drop(kept);
        // Followers may be told out of order, so the number never goes back.
        self.last.send_if_modified(|last| {
            let later = number > last.number;
            last.number = number.max(last.number);
            later
        });
    }

    /// The first `limit` entries after this number, the oldest first.
    pub(crate) fn after(&self, number: u64, limit: usize) -> Vec<Arc<LoggedRequest>> {
        let kept = self.kept();
        let start = kept.entries.partition_point(|entry| entry.number <= number);
        kept.entries.range(start..).take(limit).cloned().collect()
    }

    /// The latest `limit` entries before this number, the latest first.
    pub(crate) fn before(&self, number: u64, limit: usize) -> Vec<Arc<LoggedRequest>> {
        let kept = self.kept();
        let end = kept.entries.partition_point(|entry| entry.number < number);
        let newest = kept.entries.range(..end).rev();
        newest.take(limit).cloned().collect()
    }

    /// The entry of this number, while it is kept.
    pub(crate) fn get(&self, number: u64) -> Option<Arc<LoggedRequest>> {
        let entry = self.after(number.checked_sub(1)?, 1).pop()?;
        (entry.number == number).then_some(entry)
    }

    /// The number of the last entry, as it changes.
    pub(crate) fn follow(&self) -> watch::Receiver<Last> {
        self.last.subscribe()
    }

    /// Ends all streams that follow the log, because the sandbox stops.
    pub(crate) fn close(&self) {
        self.last.send_modify(|last| last.closed = true);
    }

    /// Clears all entries. Later ones continue with the next number.
    pub(crate) fn clear(&self) {
        let mut kept = self.kept();
        let forgotten = std::mem::take(&mut kept.entries);
        kept.bytes = 0;
        drop(kept);
        drop(forgotten);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry;
    use super::*;

    fn numbers(entries: &[Arc<LoggedRequest>]) -> Vec<u64> {
        entries.iter().map(|entry| entry.number).collect()
    }

    #[test]
    fn the_latest_entries_are_kept() {
        let journal = Journal::new(3, usize::MAX, String::new());
        for _ in 0..5 {
            journal.add(entry::tests::entry());
        }
        assert_eq!(numbers(&journal.after(0, 10)), [3, 4, 5]);
        assert_eq!(numbers(&journal.after(3, 1)), [4]);
        assert_eq!(numbers(&journal.before(u64::MAX, 2)), [5, 4]);
        assert_eq!(numbers(&journal.before(4, 9)), [3]);
        assert_eq!(journal.get(4).map(|entry| entry.number), Some(4));
        for forgotten in [0, 2, 9] {
            assert_eq!(journal.get(forgotten), None);
        }
        assert_eq!(journal.follow().borrow().number, 5);
        journal.clear();
        assert!(journal.after(0, 10).is_empty());
        journal.add(entry::tests::entry());
        assert_eq!(numbers(&journal.after(0, 10)), [6]);
    }

    #[test]
    fn entries_are_bounded_in_bytes() {
        let weight = entry::tests::entry().weight();
        let journal = Journal::new(100, 3 * weight, String::new());
        for _ in 0..50 {
            journal.add(entry::tests::entry());
        }
        assert_eq!(numbers(&journal.after(0, 100)), [48, 49, 50]);
        let mut heavy = entry::tests::entry();
        heavy.response_body.excerpt = vec![0; 4 * weight];
        journal.add(heavy);
        assert!(
            journal.after(0, 100).is_empty(),
            "it is heavier than the bound"
        );
    }
}
