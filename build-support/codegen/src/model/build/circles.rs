//! Which names lead back to themselves.

use std::collections::{BTreeMap, BTreeSet};

/// Names, each with the number of the circle that it is in: names that lead to each other have the
/// same one.
pub(super) struct Circles {
    numbers: BTreeMap<String, usize>,
    /// The numbers of circles in which a name leads to itself.
    round: BTreeSet<usize>,
}

impl Circles {
    /// Finds the circles of names by the names that each leads to.
    pub(super) fn of(steps: &BTreeMap<String, BTreeSet<String>>) -> Self {
        let names: Vec<&String> = steps.keys().collect();
        let places = names.iter().enumerate();
        let places: BTreeMap<&str, usize> = places.map(|(at, name)| (name.as_str(), at)).collect();
        let next = steps.values().map(|names| {
            let known = names.iter().filter_map(|name| places.get(name.as_str()));
            known.copied().collect()
        });
        let next: Vec<Vec<usize>> = next.collect();
        let (mut numbers, mut round) = (BTreeMap::new(), BTreeSet::new());
        let groups = contract::groups(next.len(), |at| &next[at]);
        for (number, group) in groups.into_iter().enumerate() {
            // One that stands alone leads back to itself only in one step.
            if group.len() > 1 || next[group[0]].contains(&group[0]) {
                round.insert(number);
            }
            numbers.extend(group.into_iter().map(|at| (names[at].clone(), number)));
        }
        Self { numbers, round }
    }

    /// Whether two names lead to each other.
    pub(super) fn joins(&self, one: &str, other: &str) -> bool {
        let number = |name| self.numbers.get(name);
        number(one).is_some_and(|found| number(other) == Some(found))
    }

    /// Whether a name leads back to itself.
    pub(super) fn has(&self, name: &str) -> bool {
        let number = self.numbers.get(name);
        number.is_some_and(|number| self.round.contains(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps(pairs: &[(u8, u8)]) -> BTreeMap<String, BTreeSet<String>> {
        let mut steps: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in pairs {
            let to = format!("n{to}");
            steps.entry(to.clone()).or_default();
            steps.entry(format!("n{from}")).or_default().insert(to);
        }
        steps
    }

    /// Whether one name leads to another in one step or more, the slow way.
    fn leads(steps: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![from.to_owned()];
        while let Some(name) = waiting.pop() {
            for next in &steps[&name] {
                if seen.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        seen.contains(to)
    }

    proptest! {
        #[test]
        fn circles_are_what_leads_back(pairs in prop::collection::vec((0_u8..8, 0_u8..8), 0..16)) {
            let steps = steps(&pairs);
            let circles = Circles::of(&steps);
            for one in steps.keys() {
                prop_assert_eq!(circles.has(one), leads(&steps, one, one), "{}", one);
                for other in steps.keys().filter(|other| *other != one) {
                    let both = leads(&steps, one, other) && leads(&steps, other, one);
                    prop_assert_eq!(circles.joins(one, other), both, "{} and {}", one, other);
                }
            }
        }
    }
}
