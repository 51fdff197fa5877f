//! Which of the due deliveries go next: a bounded number at a time, shared fairly.

use std::collections::HashMap;
use std::hash::Hash;

/// How many subscriptions are remembered at most beside those with something under way: deleted ones
/// are among them. Those that are forgotten begin anew.
const MOST_KEPT: usize = 1_000;

/// How many deliveries are under way at most, in all and for one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) total: usize,
    pub(super) each: usize,
}

/// What is under way for one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) in_flight: usize,
    /// How many may be under way. One that has acknowledged nothing yet is tried with one delivery,
    /// and each acknowledgement lets twice as many go, so that receivers that hang from the beginning
    /// do not take the places of others.
    pub(super) width: usize,
    /// Whether its last attempt failed. Such a one is tried with one delivery at a time, and all
    /// of them together take half of the places at most, so that receivers that hang leave room
    /// for those that do not.
    pub(super) fails: bool,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            in_flight: 0,
            width: 1,
            fails: false,
        }
    }
}

/// What is under way.
#[derive(Debug, Clone)]
pub(super) struct Loads<K> {
    limits: Limits,
    of: HashMap<K, Load>,
}

impl<K: Copy + Eq + Hash> Loads<K> {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            of: HashMap::new(),
        }
    }

    /// How many more deliveries this subscription may have under way. While everybody waits for
    /// what is due now (`all_at_once`), those that fail have as many places as others.
    pub(super) fn room(&self, key: K, all_at_once: bool) -> usize {
        let load = self.of.get(&key).copied().unwrap_or_default();
        let free = self.limits.total.saturating_sub(self.in_flight(|_| true));
        if all_at_once {
            return free.min(self.limits.each.saturating_sub(load.in_flight));
        }
        if !load.fails {
            return free.min(load.width.saturating_sub(load.in_flight));
        }
        let half = (self.limits.total / 2).max(1);
        let free = free.min(half.saturating_sub(self.in_flight(|load| load.fails)));
        free.min(1_usize.saturating_sub(load.in_flight))
    }

    pub(super) fn begun(&mut self, key: K) {
        self.of.entry(key).or_default().in_flight += 1;
    }

    /// Takes back that one began.
    pub(super) fn given_up(&mut self, key: K) {
        let load = self.of.entry(key).or_default();
        load.in_flight = load.in_flight.saturating_sub(1);
    }

    /// Takes note of an attempt's end. Returns whether the subscription begins or ceases to fail
    /// with it.
    pub(super) fn ended(&mut self, key: K, failed: bool) -> bool {
        let load = self.of.entry(key).or_default();
        load.in_flight = load.in_flight.saturating_sub(1);
        let changed = load.fails != failed;
        load.fails = failed;
        load.width = match failed {
            true => 1,
            false => (load.width * 2).min(self.limits.each),
        };
        if self.of.len() > MOST_KEPT {
            self.of.retain(|_, load| load.in_flight > 0);
        }
        changed
    }

    fn in_flight(&self, counts: impl Fn(&Load) -> bool) -> usize {
        let counted = self.of.values().filter(|load| counts(load));
        counted.map(|load| load.in_flight).sum()
    }
}

/// Takes from each queue in turn, as long as `admit` has room for its subscription.
pub(super) fn round_robin<K: Copy, T>(
    queues: Vec<(K, Vec<T>)>,
    mut admit: impl FnMut(K) -> bool,
) -> Vec<T> {
    let mut queues: Vec<_> = queues
        .into_iter()
        .map(|(key, queue)| (key, queue.into_iter()))
        .collect();
    let mut taken = Vec::new();
    while !queues.is_empty() {
        queues.retain_mut(|(key, queue)| match queue.next() {
            Some(next) if admit(*key) => {
                taken.push(next);
                true
            }
            _ => false,
        });
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Subscriptions that have acknowledged so many that only the limits hold them back.
    fn proven<K: Copy + Eq + Hash>(limits: Limits, keys: impl Iterator<Item = K>) -> Loads<K> {
        let mut loads = Loads::new(limits);
        for key in keys {
            for _ in 0..limits.each {
                loads.begun(key);
                loads.ended(key, false);
            }
        }
        loads
    }

    fn filled(limits: Limits, queues: Vec<(char, Vec<u32>)>) -> Vec<u32> {
        let mut loads = proven(limits, queues.iter().map(|(key, _)| *key));
        round_robin(queues, |key| {
            let admitted = loads.room(key, false) > 0;
            if admitted {
                loads.begun(key);
            }
            admitted
        })
    }

    #[test]
    fn subscriptions_take_turns_within_both_limits() {
        let queues = || {
            vec![
                ('a', vec![10, 11, 12, 13]),
                ('b', vec![20]),
                ('c', vec![30, 31, 32]),
            ]
        };
        for (total, each, expected) in [
            (100, 100, &[10, 20, 30, 11, 31, 12, 32, 13][..]),
            (100, 2, &[10, 20, 30, 11, 31]),
            (4, 100, &[10, 20, 30, 11]),
            (1, 1, &[10]),
        ] {
            let limits = Limits { total, each };
            assert_eq!(filled(limits, queues()), expected, "{limits:?}");
        }
    }

    #[test]
    fn a_failing_subscription_has_one_place_until_it_works_again() {
        let mut loads = proven(Limits { total: 10, each: 4 }, "a".chars());
        assert_eq!(loads.room('a', false), 4);
        loads.begun('a');
        loads.begun('a');
        assert!(loads.ended('a', true), "it begins to fail");
        assert_eq!(loads.room('a', false), 0, "one is under way");
        assert!(!loads.ended('a', true), "it has failed before");
        assert_eq!(loads.room('a', false), 1);
        assert_eq!(loads.room('a', true), 4, "while everybody waits for it");
        loads.begun('a');
        assert!(loads.ended('a', false), "it ceases to fail");
        for width in [2, 4, 4] {
            assert_eq!(loads.room('a', false), width);
            loads.begun('a');
            loads.ended('a', false);
        }
    }

    #[test]
    fn subscriptions_that_have_acknowledged_nothing_have_one_place_each() {
        let mut loads = Loads::new(Limits { total: 10, each: 4 });
        for hanging in 0..9 {
            assert_eq!(loads.room(hanging, false), 1);
            loads.begun(hanging);
            assert_eq!(loads.room(hanging, false), 0);
        }
        assert_eq!(loads.room(9, false), 1, "nine that hang leave one place");
    }

    #[test]
    fn what_is_remembered_of_subscriptions_is_bounded() {
        let limits = Limits { total: 10, each: 4 };
        let loads = proven(limits, 0..MOST_KEPT * 3);
        assert!(loads.of.len() <= MOST_KEPT, "{}", loads.of.len());
    }

    #[test]
    fn failing_subscriptions_leave_half_of_the_places() {
        let mut loads = proven(Limits { total: 10, each: 4 }, 1_000..1_001);
        for key in 0..100 {
            loads.begun(key);
            loads.ended(key, true);
        }
        let begun = (0..100).filter(|key| {
            let room = loads.room(*key, false) > 0;
            if room {
                loads.begun(*key);
            }
            room
        });
        assert_eq!(begun.count(), 5);
        assert_eq!(
            loads.room(1_000, false),
            4,
            "others still have their places"
        );
    }
}
