//! Which uses lead to which pairs of schemas.

use super::{List, Lists};
use crate::http::Walk;
use crate::report::Directions;
use std::collections::{BTreeSet, HashMap};

/// Who consumes a value, and whether only errors are affected.
type Class = (Directions, bool);

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
            let class = classes.entry((root.directions, root.soft));
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
/// it leads to.
fn groups(parts: &[Option<Vec<usize>>]) -> Vec<Vec<usize>> {
    let next = |pair: usize| parts[pair].as_deref().unwrap_or_default();
    let mut groups = contract::groups(parts.len(), next);
    // A pair that leads to no finding is a group of its own.
    groups.retain(|group| group.iter().all(|pair| parts[*pair].is_some()));
    groups
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
