//! Which nodes of a graph lead to one another.

/// The nodes `0..count` in groups that lead to one another, where `next` says what a node leads to; a
/// group comes after those that it leads to. A node that leads to no other is a group of its own.
///
/// One walk, without recursion, since contracts can be deep. Source: Tarjan, "Depth-first search and
/// linear graph algorithms", 1972. It is written out here since petgraph 0.8 would bring a second version
/// of hashbrown into every build.
///
/// # Panics
/// When `next` names a node that is not below `count`.
pub fn groups<'a>(count: usize, next: impl Fn(usize) -> &'a [usize]) -> Vec<Vec<usize>> {
    let mut search = Search {
        next,
        number: vec![None; count],
        lowest: vec![0; count],
        is_open: vec![false; count],
        open: Vec::new(),
        groups: Vec::new(),
        met: 0,
    };
    for node in 0..count {
        if search.number[node].is_none() {
            search.from(node);
        }
    }
    search.groups
}

/// A search for groups under way.
struct Search<F> {
    next: F,
    /// In which order the nodes were met.
    number: Vec<Option<usize>>,
    /// The lowest number that a node leads back to.
    lowest: Vec<usize>,
    /// Whether the group of a node is not known yet.
    is_open: Vec<bool>,
    open: Vec<usize>,
    groups: Vec<Vec<usize>>,
    met: usize,
}

impl<'a, F: Fn(usize) -> &'a [usize]> Search<F> {
    fn from(&mut self, first: usize) {
        self.meet(first);
        let mut path = vec![(first, 0)];
        while let Some((node, at)) = path.last_mut() {
            let node = *node;
            let Some(&step) = (self.next)(node).get(*at) else {
                path.pop();
                self.leave(node);
                if let Some((before, _)) = path.last() {
                    self.lowest[*before] = self.lowest[*before].min(self.lowest[node]);
                }
                continue;
            };
            *at += 1;
            match self.number[step] {
                None => {
                    self.meet(step);
                    path.push((step, 0));
                }
                Some(number) if self.is_open[step] => {
                    self.lowest[node] = self.lowest[node].min(number);
                }
                Some(_) => {}
            }
        }
    }

    fn meet(&mut self, node: usize) {
        self.number[node] = Some(self.met);
        self.lowest[node] = self.met;
        self.met += 1;
        self.is_open[node] = true;
        self.open.push(node);
    }

    /// Leaves a node; where it leads back to none before it, it ends a group.
    fn leave(&mut self, node: usize) {
        if self.number[node] != Some(self.lowest[node]) {
            return;
        }
        // The node was met, and is open until here.
        let begin = self.open.iter().rposition(|&one| one == node);
        let group = self.open.split_off(begin.unwrap_or_default());
        group.iter().for_each(|one| self.is_open[*one] = false);
        self.groups.push(group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const NODES: usize = 8;

    /// The nodes that one leads to, itself included, by following every step.
    fn led_to(next: &[Vec<usize>], from: usize) -> BTreeSet<usize> {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            open.extend(next[node].iter().copied().filter(|step| seen.insert(*step)));
        }
        seen
    }

    proptest! {
        #[test]
        fn groups_lead_to_one_another_and_come_after_what_they_lead_to(
            steps in prop::collection::vec((0..NODES, 0..NODES), 0..20),
        ) {
            let mut next = vec![Vec::new(); NODES];
            for (from, to) in steps {
                next[from].push(to);
            }
            let groups = groups(NODES, |node| &next[node]);
            let place = |node: usize| groups.iter().position(|group| group.contains(&node)).unwrap();
            prop_assert_eq!(groups.iter().map(Vec::len).sum::<usize>(), NODES);
            for one in 0..NODES {
                for other in led_to(&next, one) {
                    let both = led_to(&next, other).contains(&one);
                    prop_assert_eq!(place(one) == place(other), both, "{} and {}", one, other);
                    prop_assert!(place(other) <= place(one), "{} before {}", other, one);
                }
            }
        }
    }
}
