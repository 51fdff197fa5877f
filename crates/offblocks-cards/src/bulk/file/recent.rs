//! The cards that rows were given last.

use std::collections::BTreeSet;

use offblocks_types::CardId;

/// How many cards are remembered at least; at most it is twice as many.
const AT_LEAST: usize = 4096;

/// The last cards of this run, in memory that does not grow. Rows of one account end one after the
/// other, and older cards are searched for in the file.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    now: BTreeSet<CardId>,
    before: BTreeSet<CardId>,
}

impl Recent {
    /// Remembers a card. `false` when it is remembered already.
    pub(crate) fn insert(&mut self, card: CardId) -> bool {
        if self.before.contains(&card) || !self.now.insert(card) {
            return false;
        }
        if self.now.len() >= AT_LEAST {
            self.before = std::mem::take(&mut self.now);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use offblocks_types::uuid::Uuid;

    use super::*;

    #[test]
    fn the_last_cards_are_remembered_and_no_more_than_twice_as_many() {
        let mut recent = Recent::default();
        let card = |number: usize| CardId::from(Uuid::from_u128(number as u128));
        for number in 0..10 * AT_LEAST {
            assert!(recent.insert(card(number)));
            assert!(recent.now.len() + recent.before.len() <= 2 * AT_LEAST);
            for last in [number, (number + 1).saturating_sub(AT_LEAST)] {
                assert!(!recent.insert(card(last)), "{last} after {number}");
            }
        }
    }
}
