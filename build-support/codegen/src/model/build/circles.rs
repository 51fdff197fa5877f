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
    /// Finds the circles of names by the names that each leads to, in one walk (Tarjan's strongly
    /// connected components), so that the work grows with the contract and no faster.
    pub(super) fn of(steps: &BTreeMap<String, BTreeSet<String>>) -> Self {
        let places = steps.keys().enumerate();
        let places: BTreeMap<&str, usize> = places.map(|(at, name)| (name.as_str(), at)).collect();
        let next = steps.values().map(|names| {
            let known = names.iter().filter_map(|name| places.get(name.as_str()));
            known.copied().collect()
        });
        let next: Vec<Vec<usize>> = next.collect();
        let numbers = Walk::through(&next);
        let round = next
            .iter()
            .enumerate()
            .filter(|(at, next)| next.iter().any(|step| numbers[*step] == numbers[*at]));
        Self {
            round: round.map(|(at, _)| numbers[at]).collect(),
            numbers: steps.keys().cloned().zip(numbers.iter().copied()).collect(),
        }
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

/// A walk in depth through everything, without recursion: contracts can be deep.
struct Walk<'a> {
    next: &'a [Vec<usize>],
    /// When a place was reached first.
    reached: Vec<Option<usize>>,
    /// The earliest open place that can be reached from a place.
    earliest: Vec<usize>,
    /// Places whose circle is not known yet.
    open: Vec<usize>,
    numbers: Vec<Option<usize>>,
    time: usize,
    circles: usize,
}

impl<'a> Walk<'a> {
    fn through(next: &'a [Vec<usize>]) -> Vec<usize> {
        let mut walk = Self {
            next,
            reached: vec![None; next.len()],
            earliest: vec![0; next.len()],
            open: Vec::new(),
            numbers: vec![None; next.len()],
            time: 0,
            circles: 0,
        };
        for start in 0..next.len() {
            if walk.reached[start].is_none() {
                walk.from(start);
            }
        }
        // Every place was reached and left.
        walk.numbers
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect()
    }

    fn from(&mut self, start: usize) {
        let mut way = vec![(start, 0)];
        self.enter(start);
        while let Some((place, taken)) = way.last_mut() {
            let place = *place;
            let Some(&step) = self.next[place].get(*taken) else {
                way.pop();
                self.leave(place);
                if let Some((before, _)) = way.last() {
                    self.earliest[*before] = self.earliest[*before].min(self.earliest[place]);
                }
                continue;
            };
            *taken += 1;
            match self.reached[step] {
                None => {
                    self.enter(step);
                    way.push((step, 0));
                }
                Some(time) if self.numbers[step].is_none() => {
                    self.earliest[place] = self.earliest[place].min(time);
                }
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, place: usize) {
        self.reached[place] = Some(self.time);
        self.earliest[place] = self.time;
        self.time += 1;
        self.open.push(place);
    }

    /// Closes the circle that began at a place, if one did.
    fn leave(&mut self, place: usize) {
        if self.reached[place] != Some(self.earliest[place]) {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.numbers[member] = Some(self.circles);
            if member == place {
                break;
            }
        }
        self.circles += 1;
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
