//! How much may be searched in one comparison.

use std::cell::Cell;
use std::rc::Rc;

/// How much is searched in one comparison, counted in the parts of schemas and of values that are looked
/// at. It is not counted in time, so that every run has the same result.
const MOST: usize = 6_000_000;

/// When less than this is left, no further search begins.
const LEAST: usize = MOST / 1_000;

/// Counts what is looked at. Clones count together.
#[derive(Debug, Clone)]
pub(super) struct Meter(Rc<Count>);

#[derive(Debug)]
struct Count {
    left: Cell<usize>,
    /// Whether something was not looked at.
    fell_short: Cell<bool>,
}

impl Meter {
    pub fn new() -> Self {
        Self(Rc::new(Count {
            left: Cell::new(MOST),
            fell_short: Cell::new(false),
        }))
    }

    /// Takes the cost of one look. `false` where less is left.
    pub fn take(&self, cost: usize) -> bool {
        let left = self.0.left.get().checked_sub(cost);
        match left {
            Some(left) => self.0.left.set(left),
            None => self.fall_short(),
        }
        left.is_some()
    }

    /// Takes the cost of what is done in any case, as far as it is left.
    pub fn spend(&self, cost: usize) {
        let left = self.0.left.get().saturating_sub(cost);
        self.0.left.set(left);
    }

    /// Notes that something is not looked at.
    pub fn fall_short(&self) {
        self.0.fell_short.set(true);
    }

    /// Whether no more is searched for.
    pub fn is_spent(&self) -> bool {
        self.0.left.get() < LEAST
    }

    /// A search begins.
    pub fn begin(&self) {
        self.0.fell_short.set(false);
    }

    /// Whether something was not looked at since the search began, so that having found nothing says
    /// nothing.
    pub fn fell_short(&self) -> bool {
        self.0.fell_short.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_gone_for_all() {
        let meter = Meter::new();
        let other = meter.clone();
        assert!(meter.take(MOST - 1) && other.is_spent());
        assert!(!other.fell_short(), "all of it was looked at");
        assert!(!other.take(2) && meter.fell_short(), "only one was left");
        meter.begin();
        assert!(meter.take(1) && !meter.fell_short());
    }
}
