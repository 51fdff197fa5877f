//! Which uses lead to which pairs of schemas.

use super::{List, Lists};
use crate::http::Walk;
use crate::report::Polarity;
use std::collections::{BTreeSet, HashMap};

/// Who consumes a value, and whether only errors are affected.
type Class = (Polarity, bool);

/// For each pair that leads to a finding, the uses that lead to it.
pub(super) struct Reached {
    /// By pair.
    lists: HashMap<Class, Vec<Option<List>>>,
}

impl Reached {
    /// Of a finished walk.
    pub fn of(walk: &Walk<'_>, lists: &mut Lists) -> Self {
        let parts = parts(walk);
        let order = groups(&parts);
        let mut classes: HashMap<Class, Vec<BTreeSet<List>>> = HashMap::new();
        for root in &walk.roots {
            let class = classes.entry((root.polarity, root.soft));
            let own = class.or_insert_with(|| vec![BTreeSet::new(); parts.len()]);
            own[root.pair].insert(lists.only(&root.used_by));
        }
        let each = classes.into_iter();
        let each = each.map(|(class, own)| (class, handed_on(&parts, &order, own, lists)));
        Self {
            lists: each.collect(),
        }
    }

    /// The uses of a class that lead to a pair; none where nothing of it was found.
    pub fn by(&self, class: Class, pair: usize) -> Option<List> {
        self.lists.get(&class)?[pair]
    }
}

/// The parts of each pair, as far as they have a finding in them or lead to one.
fn parts(walk: &Walk<'_>) -> Vec<Option<Vec<usize>>> {
    let outcomes = &walk.engine.outcomes;
    let mut holders: Vec<Vec<usize>> = vec![Vec::new(); outcomes.len()];
    for (id, outcome) in outcomes.iter().enumerate() {
        for &part in &outcome.parts {
            holders[part].push(id);
        }
    }
    let own = outcomes.iter().enumerate();
    let own = own.filter(|(_, outcome)| !outcome.findings.is_empty());
    let mut open: Vec<usize> = own.map(|(id, _)| id).collect();
    let mut is_changed = vec![false; outcomes.len()];
    open.iter().for_each(|id| is_changed[*id] = true);
    while let Some(id) = open.pop() {
        for &holder in &holders[id] {
            if !std::mem::replace(&mut is_changed[holder], true) {
                open.push(holder);
            }
        }
    }
    let changed = |id: usize| is_changed[id];
    let each = outcomes.iter().enumerate().map(|(id, outcome)| {
        let parts = || {
            let mut parts: Vec<usize> = outcome.parts.clone();
            parts.retain(|part| changed(*part));
            parts.sort_unstable();
            parts.dedup();
            parts
        };
        changed(id).then(parts)
    });
    each.collect()
}

/// Hands the uses of every pair to its parts; a group of pairs that lead to one another shares them.
fn handed_on(
    parts: &[Option<Vec<usize>>],
    groups: &[Vec<usize>],
    mut own: Vec<BTreeSet<List>>,
    lists: &mut Lists,
) -> Vec<Option<List>> {
    let mut found = vec![None; parts.len()];
    // The groups that others lead to come first.
    for group in groups.iter().rev() {
        let together = group
            .iter()
            .flat_map(|pair| std::mem::take(&mut own[*pair]));
        let together: BTreeSet<List> = together.collect();
        if together.is_empty() {
            continue;
        }
        let list = lists.join(together.into_iter().collect());
        for &pair in group {
            found[pair] = Some(list);
            for &part in parts[pair].iter().flatten() {
                own[part].insert(list);
            }
        }
    }
    found
}

/// The pairs that lead to a finding in groups that lead to one another; a group comes after those that
/// it leads to. Source: Tarjan, "Depth-first search and linear graph algorithms", 1972. It is written out
/// here since petgraph 0.8 would bring a second version of hashbrown into every build.
fn groups(parts: &[Option<Vec<usize>>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        number: vec![None; parts.len()],
        lowest: vec![0; parts.len()],
        is_open: vec![false; parts.len()],
        open: Vec::new(),
        groups: Vec::new(),
        next: 0,
    };
    for (pair, inner) in parts.iter().enumerate() {
        if inner.is_some() && search.number[pair].is_none() {
            search.from(pair, parts);
        }
    }
    search.groups
}

/// A search for groups under way.
struct Search {
    /// In which order the pairs were met.
    number: Vec<Option<usize>>,
    /// The lowest number that a pair leads back to.
    lowest: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    groups: Vec<Vec<usize>>,
    next: usize,
}

impl Search {
    fn from(&mut self, first: usize, parts: &[Option<Vec<usize>>]) {
        self.meet(first);
        let mut path = vec![(first, 0)];
        while let Some((pair, at)) = path.last_mut() {
            let (pair, inner) = (*pair, parts[*pair].as_deref().unwrap_or_default());
            let Some(&part) = inner.get(*at) else {
                path.pop();
                self.leave(pair);
                if let Some((holder, _)) = path.last() {
                    self.lowest[*holder] = self.lowest[*holder].min(self.lowest[pair]);
                }
                continue;
            };
            *at += 1;
            match self.number[part] {
                None => {
                    self.meet(part);
                    path.push((part, 0));
                }
                Some(number) if self.is_open[part] => {
                    self.lowest[pair] = self.lowest[pair].min(number);
                }
                Some(_) => {}
            }
        }
    }

    fn meet(&mut self, pair: usize) {
        self.number[pair] = Some(self.next);
        self.lowest[pair] = self.next;
        self.next += 1;
        self.is_open[pair] = true;
        self.open.push(pair);
    }

    /// Closes a pair; where it leads back to none before it, it ends a group.
    fn leave(&mut self, pair: usize) {
        if self.number[pair] != Some(self.lowest[pair]) {
            return;
        }
        let begin = self.open.iter().rposition(|&one| one == pair);
        let group = self.open.split_off(begin.unwrap_or_default());
        group.iter().for_each(|one| self.is_open[*one] = false);
        self.groups.push(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Use;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const PAIRS: usize = 8;

    fn used(number: usize) -> Use {
        Use {
            operation: format!("o{number}"),
            side: "response 200".to_owned(),
        }
    }

    /// The pairs that one leads to, by following every step.
    fn led_to(parts: &[Option<Vec<usize>>], from: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(pair) = open.pop() {
            let inner = parts[pair].iter().flatten().copied();
            open.extend(inner.filter(|part| seen.insert(*part)));
        }
        seen
    }

    proptest! {
        #[test]
        fn every_use_reaches_what_it_leads_to(
            steps in prop::collection::vec((0..PAIRS, 0..PAIRS), 0..20),
            roots in prop::collection::vec(0..PAIRS, 1..6),
        ) {
            let mut parts = vec![Some(Vec::new()); PAIRS];
            for (from, to) in steps {
                parts[from].get_or_insert_with(Vec::new).push(to);
            }
            let uses: Vec<Use> = (0..roots.len()).map(used).collect();
            let mut lists = Lists::new(&uses.iter().collect());
            let mut own = vec![BTreeSet::new(); PAIRS];
            for (root, used) in roots.iter().zip(&uses) {
                own[*root].insert(lists.only(used));
            }
            let found = handed_on(&parts, &groups(&parts), own, &mut lists);
            for (pair, list) in found.into_iter().enumerate() {
                let expected = roots.iter().zip(&uses);
                let expected = expected.filter(|(root, _)| led_to(&parts, **root).contains(&pair));
                let expected: BTreeSet<&str> = expected.map(|(_, it)| it.operation.as_str()).collect();
                let uses = lists.uses(&list.into_iter().collect());
                let reached: BTreeSet<&str> = uses.iter().map(|it| it.operation.as_str()).collect();
                prop_assert_eq!(reached, expected, "pair {}", pair);
            }
        }
    }
}
