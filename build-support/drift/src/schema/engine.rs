//! Compares pairs of schemas, each pair once, and records which pair is part of which.

use super::compare;
use super::set::{Set, SetKey};
use super::side::Side;
use crate::compared::Contract;
use crate::finding::{Finding, join};
use crate::options::Options;
use crate::report::{Directions, Effect, Severity};
use crate::witness::{Overlaps, Proof};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// How a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Way {
    /// Which side consumes it.
    pub directions: Directions,
    /// Whether it travels as a text, as in a URL or a header, where 1 and "1" are the same.
    pub text: bool,
    /// Whether such a text may be left out. Null is not written at all, so that nothing new is sent where
    /// it is accepted. Source: RFC 6570, 2.3 and 3.2.1, to which OpenAPI refers for its styles.
    pub optional: bool,
    /// Whether no value meets what is around it on either side, so that nothing can fail.
    pub moot: bool,
    /// How sure it is that nothing around it rejects the changed values.
    pub doubt: Doubt,
}

/// How sure it is that a change within a schema makes a difference to what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Doubt {
    /// Nothing around it can reject the values, or a value shows the change.
    None,
    /// Only a value shows it that an open object accepts, or several members of a `oneOf`.
    Open,
    /// No value shows it.
    Whole,
}

/// A compared pair, by number.
pub(crate) type PairId = usize;

/// What comparing a pair gave.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub findings: Vec<Finding>,
    /// The pairs that are parts of it.
    pub parts: Vec<PairId>,
    /// Whether no value meets either side, so that nothing of it makes a difference.
    pub moot: bool,
    /// Whether its words do not tell all that it accepts and no value was searched for, since it is no
    /// schema that stands by itself. Who it is a part of has to search.
    pub unsearched: bool,
}

/// What is known of parts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Below {
    /// Whether anything of them is worse than compatible.
    pub reported: bool,
    /// Whether values have to be searched for outside of them.
    pub unsearched: bool,
}

/// A pair to be compared.
struct Pair<'a> {
    base: Set<'a>,
    revision: Set<'a>,
    way: Way,
    state: State,
}

/// How far comparing a pair has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// It is being compared, and its comparison led back to it.
    UnderWay,
    Done,
}

/// The two documents and every pair of schemas met so far.
pub(crate) struct Engine<'a> {
    pub base: Side<'a>,
    pub revision: Side<'a>,
    pub options: &'a Options,
    pub outcomes: Vec<Outcome>,
    pub overlaps: Overlaps<'a>,
    /// Whether a value shows that something fails, by where two schemas stand.
    proven: HashMap<(Rc<str>, Rc<str>, Directions), Option<Proof>>,
    pairs: Vec<Pair<'a>>,
    known: HashMap<(SetKey, SetKey, Way), PairId>,
    /// What pairs come to with all their parts, where nothing of them was under way.
    settled: HashMap<PairId, Effect>,
    depth: usize,
}

/// How deep comparing one pair may ask for another.
const DEEPEST: usize = 24;

impl<'a> Engine<'a> {
    pub fn new(base: &'a Contract, revision: &'a Contract, options: &'a Options) -> Self {
        Self {
            base: Side::new(base),
            revision: Side::new(revision),
            options,
            outcomes: Vec::new(),
            overlaps: Overlaps::new(base, revision),
            proven: HashMap::new(),
            pairs: Vec::new(),
            known: HashMap::new(),
            settled: HashMap::new(),
            depth: 0,
        }
    }

    /// The number of a pair, which is compared when it is needed.
    pub fn pair(&mut self, base: Set<'a>, revision: Set<'a>, way: Way) -> PairId {
        let base = self.base.followed(&base).into_owned();
        let revision = self.revision.followed(&revision).into_owned();
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
            state: State::New,
        });
        self.outcomes.push(Outcome::default());
        id
    }

    /// Whether a value shows that something fails between two schemas; `None` where no more values
    /// are searched for.
    pub fn proof(
        &mut self,
        base: &Rc<str>,
        revision: &Rc<str>,
        directions: Directions,
    ) -> Option<Proof> {
        let key = (Rc::clone(base), Rc::clone(revision), directions);
        let overlaps = &mut self.overlaps;
        *(self.proven.entry(key)).or_insert_with(|| overlaps.fails((base, revision), directions))
    }

    /// Compares pairs and everything that is part of them.
    pub fn finish(&mut self, pairs: impl IntoIterator<Item = PairId>) {
        let mut open: VecDeque<PairId> = pairs.into_iter().collect();
        let mut seen: HashSet<PairId> = open.iter().copied().collect();
        while let Some(id) = open.pop_front() {
            self.start(id);
            let parts = self.outcomes[id].parts.iter().copied();
            open.extend(parts.filter(|&part| seen.insert(part)));
        }
    }

    /// Compares a pair, unless that has begun.
    fn start(&mut self, id: PairId) {
        let pair = &mut self.pairs[id];
        if pair.state != State::New {
            return;
        }
        pair.state = State::UnderWay;
        let (base, revision, way) = (pair.base.clone(), pair.revision.clone(), pair.way);
        self.outcomes[id] = compare(self, &base, &revision, way);
        self.pairs[id].state = State::Done;
    }

    /// What a change from one set to another does to the accepted values, worked out at once. What
    /// is still being compared counts as equal, so that cycles end.
    pub fn effect(&mut self, base: &Set<'a>, revision: &Set<'a>, way: Way) -> Effect {
        self.joined(base, revision, way, false)
    }

    /// Whether a change from one set to another leaves the accepted values as they are. Stops at
    /// the first difference.
    pub fn is_equal(&mut self, base: &Set<'a>, revision: &Set<'a>, way: Way) -> bool {
        self.joined(base, revision, way, true) == Effect::Equal
    }

    /// What is known of some pairs and their parts.
    pub fn below(&mut self, pairs: &[PairId], directions: Directions) -> Below {
        let mut below = Below::default();
        if self.depth >= DEEPEST {
            below.reported = true;
            return below;
        }
        self.depth += 1;
        let mut open: VecDeque<PairId> = pairs.iter().copied().collect();
        let mut seen: HashSet<PairId> = open.iter().copied().collect();
        while let Some(id) = open.pop_front() {
            self.start(id);
            let outcome = &self.outcomes[id];
            let mut own = outcome.findings.iter();
            below.unsearched |= outcome.unsearched;
            below.reported |=
                own.any(|one| one.severity(Some(directions), false) > Severity::Compatible);
            if below.reported {
                break;
            }
            let parts = outcome.parts.iter().copied();
            open.extend(parts.filter(|&part| seen.insert(part)));
        }
        self.depth -= 1;
        below
    }

    /// The effects of a pair and its parts together; of the first that differ, if that is enough.
    fn joined(&mut self, base: &Set<'a>, revision: &Set<'a>, way: Way, first: bool) -> Effect {
        if self.depth >= DEEPEST {
            return Effect::Undecided;
        }
        let id = self.pair(base.clone(), revision.clone(), way);
        self.depth += 1;
        let mut effect = Effect::Equal;
        let mut is_whole = true;
        let mut open = VecDeque::from([id]);
        let mut seen = HashSet::from([id]);
        while let Some(id) = open.pop_front() {
            if let Some(settled) = self.settled.get(&id) {
                effect = join(effect, *settled);
            } else {
                self.start(id);
                is_whole &= self.pairs[id].state == State::Done;
                let outcome = &self.outcomes[id];
                if outcome.moot {
                    continue;
                }
                let own = outcome.findings.iter().filter_map(|finding| finding.effect);
                effect = own.fold(effect, join);
                let parts = outcome.parts.iter().copied();
                open.extend(parts.filter(|&part| seen.insert(part)));
            }
            if first && effect != Effect::Equal {
                is_whole = false;
                break;
            }
        }
        self.depth -= 1;
        if is_whole {
            self.settled.insert(id, effect);
        }
        effect
    }
}
