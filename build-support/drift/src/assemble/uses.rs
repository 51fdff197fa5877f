//! Lists of uses, each kept once: what many findings have in common is not written down for each.

use crate::http::Walk;
use crate::report::{Use, Uses};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// A list of uses, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct List(usize);

/// All lists of a comparison.
pub(super) struct Lists {
    /// The uses, sorted.
    uses: Vec<Arc<Use>>,
    places: HashMap<Arc<Use>, usize>,
    /// Each list as the places of its uses, in their order.
    lists: Vec<Rc<[usize]>>,
    known: HashMap<Rc<[usize]>, List>,
    /// What lists come to together.
    joined: HashMap<Vec<List>, List>,
    shared: HashMap<List, Uses>,
}

impl Lists {
    /// Of the uses of a finished walk.
    pub fn of(walk: &Walk<'_>) -> Self {
        let hits = walk.hits.iter().filter_map(|hit| hit.used_by.as_ref());
        let roots = walk.roots.iter().map(|root| &root.used_by);
        Self::new(&hits.chain(roots).collect())
    }

    /// Of some uses.
    pub fn new(uses: &BTreeSet<&Use>) -> Self {
        let uses: Vec<Arc<Use>> = uses.iter().copied().cloned().map(Arc::new).collect();
        let places = uses.iter().enumerate();
        Self {
            places: places.map(|(at, used)| (Arc::clone(used), at)).collect(),
            uses,
            lists: Vec::new(),
            known: HashMap::new(),
            joined: HashMap::new(),
            shared: HashMap::new(),
        }
    }

    /// The list of one use.
    pub fn only(&mut self, used: &Use) -> List {
        let place = self.places[used];
        self.list(vec![place])
    }

    /// What is in any of some lists, which are sorted, each once.
    pub fn join(&mut self, lists: Vec<List>) -> List {
        if let [only] = lists.as_slice() {
            return *only;
        }
        if let Some(known) = self.joined.get(&lists) {
            return *known;
        }
        let places = lists.iter().flat_map(|list| self.lists[list.0].iter());
        let mut places: Vec<usize> = places.copied().collect();
        places.sort_unstable();
        places.dedup();
        let found = self.list(places);
        self.joined.insert(lists, found);
        found
    }

    /// What is in any of some lists, for a report.
    pub fn uses(&mut self, lists: &BTreeSet<List>) -> Uses {
        let list = self.join(lists.iter().copied().collect());
        let places = &self.lists[list.0];
        let shared = self.shared.entry(list);
        let all = &self.uses;
        let made = || Uses::sorted(places.iter().map(|place| Arc::clone(&all[*place])));
        shared.or_insert_with(made).clone()
    }

    fn list(&mut self, places: Vec<usize>) -> List {
        let places: Rc<[usize]> = Rc::from(places);
        if let Some(known) = self.known.get(&places) {
            return *known;
        }
        let list = List(self.lists.len());
        self.lists.push(Rc::clone(&places));
        self.known.insert(places, list);
        list
    }
}
