//! Compares pairs of schemas, each pair once, and remembers which pair is part of which.

use super::finding::{Finding, join};
use super::options::Options;
use super::report::{Effect, Polarity};
use super::schema;
use super::schema::set::{Set, SetKey};
use super::side::Side;
use std::collections::{HashMap, HashSet, VecDeque};

/// How a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// Who consumes it.
    pub polarity: Polarity,
    /// Whether it travels as a text, as in a URL or a header, where 1 and "1" are the same.
    pub text: bool,
}

/// A compared pair, by number.
pub(super) type PairId = usize;

/// What comparing a pair gave.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub findings: Vec<Finding>,
    /// The pairs that are parts of it.
    pub parts: Vec<PairId>,
}

/// A pair to be compared.
struct Pair<'a> {
    base: Set<'a>,
    revision: Set<'a>,
    way: Way,
    /// Whether comparing it has begun.
    started: bool,
}

/// The two documents and every pair of schemas compared so far.
pub(super) struct Engine<'a> {
    pub base: Side<'a>,
    pub revision: Side<'a>,
    pub options: &'a Options,
    pub outcomes: Vec<Outcome>,
    pairs: Vec<Pair<'a>>,
    known: HashMap<(SetKey, SetKey, Way), PairId>,
    waiting: VecDeque<PairId>,
    depth: usize,
}

impl<'a> Engine<'a> {
    pub fn new(base: Side<'a>, revision: Side<'a>, options: &'a Options) -> Self {
        Self {
            base,
            revision,
            options,
            outcomes: Vec::new(),
            pairs: Vec::new(),
            known: HashMap::new(),
            waiting: VecDeque::new(),
            depth: 0,
        }
    }

    /// The number of a pair, which is compared sooner or later.
    pub fn pair(&mut self, base: Set<'a>, revision: Set<'a>, way: Way) -> PairId {
        let key = (base.key(), revision.key(), way);
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let id = self.pairs.len();
        self.known.insert(key, id);
        self.pairs.push(Pair {
            base,
            revision,
            way,
            started: false,
        });
        self.outcomes.push(Outcome::default());
        self.waiting.push_back(id);
        id
    }

    /// Compares what waits.
    pub fn run(&mut self) {
        while let Some(id) = self.waiting.pop_front() {
            let pair = &mut self.pairs[id];
            if std::mem::replace(&mut pair.started, true) {
                continue;
            }
            let (base, revision, way) = (pair.base.clone(), pair.revision.clone(), pair.way);
            self.outcomes[id] = schema::compare(self, &base, &revision, way);
        }
    }

    /// What a change from one set to another does to the accepted values, worked out at once. What
    /// is still being compared counts as equal, so that cycles end.
    pub fn effect(&mut self, base: &Set<'a>, revision: &Set<'a>, way: Way) -> Effect {
        const DEEPEST: usize = 24;
        if self.depth >= DEEPEST {
            return Effect::Undecided;
        }
        self.depth += 1;
        let others = std::mem::take(&mut self.waiting);
        let id = self.pair(base.clone(), revision.clone(), way);
        self.run();
        self.finish(id);
        self.waiting = others;
        self.depth -= 1;
        self.joined(id)
    }

    /// Compares the parts of a pair that wait elsewhere.
    fn finish(&mut self, id: PairId) {
        loop {
            let reached = self.reachable(id).into_iter();
            let mut left: Vec<PairId> = reached.filter(|&id| !self.pairs[id].started).collect();
            if left.is_empty() {
                return;
            }
            left.sort_unstable();
            self.waiting = left.into();
            self.run();
        }
    }

    fn joined(&self, id: PairId) -> Effect {
        let reached = self.reachable(id);
        let findings = reached.iter().flat_map(|&id| &self.outcomes[id].findings);
        findings
            .filter_map(|finding| finding.effect)
            .fold(Effect::Equal, join)
    }

    /// A pair and everything that is part of it.
    pub fn reachable(&self, id: PairId) -> HashSet<PairId> {
        let mut reached = HashSet::from([id]);
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let parts = self.outcomes[id].parts.iter().copied();
            open.extend(parts.filter(|&part| reached.insert(part)));
        }
        reached
    }
}
