//! Values that show a change: accepted on the side that sends them, rejected on the other.
//!
//! For every breaking finding and every warning about a schema, a few hundred values are made from
//! the two schemas, at the limits of either. Validators of both schemas check each value. They are
//! independent of the comparison. The first value that the sender's schema accepts and the receiver's
//! schema rejects is the witness. So a witness is proof of a change. Its absence proves nothing.

mod converted;
mod generate;
mod judge;
mod measure;
mod meter;
mod overlap;
mod pattern;
mod several;
mod subject;
mod table;

use super::compared::Contract;
use super::report::{Change, Directions, DriftReport, Effect, Severity, Witness};
use contract::Node;
use contract::schema::{Absent, Options};
pub use contract::schema::{Direction, World};
use generate::Task;
use judge::{Check, Judge};
use meter::Meter;
pub(super) use overlap::{Member, Overlaps, Proof, Searched};
use serde_json::Value;
use several::Several;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use subject::{Subject, listed, subjects};

/// What happened to the accepted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sought {
    /// A value that the base accepts and the revision rejects.
    Narrowed,
    /// A value that the revision accepts and the base rejects.
    Widened,
}

impl Sought {
    /// What fails in a direction. In a request, which a client that follows the base sends to a
    /// server that follows the revision, it is a value that is rejected now; in a response, which
    /// goes the other way, it is a value that was rejected before.
    #[must_use]
    pub fn failing(direction: Direction) -> Self {
        match direction {
            Direction::Request => Self::Narrowed,
            Direction::Response => Self::Widened,
        }
    }
}

/// Finds a witness for every change that is not compatible and is about a schema.
pub fn attach(report: &mut DriftReport, base: &Contract, revision: &Contract) {
    let mut finder = Finder::new(base, revision);
    let open = report.changes.iter_mut().filter(|change| {
        change.severity != Severity::Compatible
            && change.effect.is_some_and(|one| one != Effect::Equal)
    });
    for change in open {
        change.witness = finder.find(change);
    }
}

/// Finds witnesses between two documents. What was built for one change serves the next.
#[derive(Debug)]
pub struct Finder<'a> {
    base: &'a Contract,
    revision: &'a Contract,
    pairs: BTreeMap<(Direction, Sought), Pair<'a>>,
    world: World,
    several: Several,
    meter: Meter,
}

#[derive(Debug)]
struct Pair<'a> {
    base: Judge<'a>,
    revision: Judge<'a>,
}

/// How many values are tried: a few, and where they show nothing, many.
const WIDTHS: [usize; 2] = [16, 320];

/// How many parts of values are made for one search.
const FUEL: usize = 4_000;

/// How many parts of values can be looked at while one is made.
const MAKING: usize = 20;

impl Pair<'_> {
    /// Says what the side accepts that sends, which follows the schema under its pointer.
    fn sender(&mut self, sought: Sought, (base, revision): (&str, &str)) -> Option<Rc<Check>> {
        let (judge, pointer) = match sought {
            Sought::Narrowed => (&mut self.base, base),
            Sought::Widened => (&mut self.revision, revision),
        };
        let number = judge.number(pointer);
        judge.check(number)
    }

    /// Says what the side accepts that receives.
    fn receiver(&mut self, sought: Sought, (base, revision): (&str, &str)) -> Option<Rc<Check>> {
        let (judge, pointer) = match sought {
            Sought::Narrowed => (&mut self.revision, revision),
            Sought::Widened => (&mut self.base, base),
        };
        let number = judge.number(pointer);
        judge.check(number)
    }

    /// Whether the two say the same, so that no value shows a difference.
    fn is_same(&self, base: usize, revision: usize) -> Option<bool> {
        let (base, revision) = (self.base.part(base)?, self.revision.part(revision)?);
        Some(generate::same(&[base], &[revision]))
    }

    fn task<'t>(
        &'t self,
        base: usize,
        revision: usize,
        sought: Sought,
        focus: &'t [generate::Step],
        fuel: &'t Cell<usize>,
    ) -> Option<Task<'t>> {
        let (base, revision) = (self.base.part(base)?, self.revision.part(revision)?);
        let (sender, receiver) = match sought {
            Sought::Narrowed => (base, revision),
            Sought::Widened => (revision, base),
        };
        Some(Task {
            sender: vec![sender],
            receiver: vec![receiver],
            focus,
            around: Vec::new(),
            fuel,
        })
    }
}

fn shows(witness: &Witness, sought: Sought) -> bool {
    match sought {
        Sought::Narrowed => witness.base_accepts && !witness.revision_accepts,
        Sought::Widened => witness.revision_accepts && !witness.base_accepts,
    }
}

/// Whether an effect leaves room for what is sought, so that no other change is taken for it.
fn can_show(effect: Option<Effect>, sought: Sought) -> bool {
    match effect {
        Some(Effect::Both | Effect::Undecided) => true,
        Some(Effect::Narrowed) => sought == Sought::Narrowed,
        Some(Effect::Widened) => sought == Sought::Widened,
        Some(Effect::Equal) | None => false,
    }
}

impl<'a> Finder<'a> {
    /// A finder between two documents.
    #[must_use]
    pub fn new(base: &'a Contract, revision: &'a Contract) -> Self {
        Self::in_world(base, revision, World::Open)
    }

    /// A finder that reads objects in one way or the other.
    #[must_use]
    pub fn in_world(base: &'a Contract, revision: &'a Contract, world: World) -> Self {
        Self {
            base,
            revision,
            pairs: BTreeMap::new(),
            world,
            several: Several::Rejected,
            meter: Meter::new(),
        }
    }

    /// The same, with another reading of what fits several members of a `oneOf`.
    fn reading(self, several: Several) -> Self {
        Self { several, ..self }
    }

    /// The same, counting what it looks at with others.
    fn metered(self, meter: &Meter) -> Self {
        let meter = meter.clone();
        Self { meter, ..self }
    }

    /// A witness for a change, in the directions that it names.
    pub fn find(&mut self, change: &Change) -> Option<Witness> {
        let directions: &[Direction] = match change.directions? {
            Directions::Request => &[Direction::Request],
            Directions::Response => &[Direction::Response],
            Directions::Both => &[Direction::Request, Direction::Response],
        };
        let telling = directions
            .iter()
            .filter(|direction| can_show(change.effect, Sought::failing(**direction)));
        let telling: Vec<Direction> = telling.copied().collect();
        let found = subjects(change, self.base.root(), self.revision.root());
        let mut each = found
            .iter()
            .flat_map(|subject| telling.iter().map(move |direction| (subject, *direction)));
        each.find_map(|(subject, direction)| {
            let sought = Sought::failing(direction);
            let named = self.named(change, sought);
            self.between(subject, direction, sought, named)
        })
    }

    /// The value that a change names: the best witness where it is one.
    fn named(&self, change: &Change, sought: Sought) -> Option<Value> {
        let (place, sender) = match sought {
            Sought::Narrowed => (&change.base, self.base),
            Sought::Widened => (&change.revision, self.revision),
        };
        listed(&place.as_ref()?.pointer, sender.root()).map(Node::to_json)
    }

    /// A value that shows what became of the schema under a pointer of the base in that under a
    /// pointer of the revision, both as they are read in a direction.
    pub fn search(
        &mut self,
        base: &str,
        revision: &str,
        direction: Direction,
        sought: Sought,
    ) -> Option<Witness> {
        let subject = Subject::of(base, revision);
        self.between(&subject, direction, sought, None)
    }

    /// Whether a value was found that its sender may send by each of these schemas, the innermost last;
    /// `None` where no validator can express one of them.
    fn occurs(&mut self, pointers: &[Rc<str>], direction: Direction) -> Option<bool> {
        let sought = Sought::failing(direction);
        let meter = self.meter.clone();
        let pair = self.pair(direction, sought);
        let judge = match sought {
            Sought::Narrowed => &mut pair.base,
            Sought::Widened => &mut pair.revision,
        };
        let numbers: Vec<usize> = pointers.iter().map(|one| judge.number(one)).collect();
        let checks = numbers.iter().map(|number| judge.check(*number));
        let checks: Vec<Rc<Check>> = checks.collect::<Option<_>>()?;
        let is_sent = |value: &Value| checks.iter().all(|one| one.accepts(value) == Some(true));
        for (number, width) in numbers
            .iter()
            .rev()
            .flat_map(|one| WIDTHS.map(|width| (one, width)))
        {
            let fuel = Cell::new(FUEL);
            let task = Task {
                sender: vec![judge.part(*number)?],
                receiver: Vec::new(),
                focus: &[],
                around: Vec::new(),
                fuel: &fuel,
            };
            let values = generate::values(&task, width);
            meter.spend((FUEL - fuel.get()).saturating_mul(MAKING));
            if values.iter().any(is_sent) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Whether the schemas under two pointers say the same word for word, references followed.
    fn is_same(
        &mut self,
        (base, revision): (&str, &str),
        direction: Direction,
        sought: Sought,
    ) -> bool {
        let pair = self.pair(direction, sought);
        let (base, revision) = (pair.base.number(base), pair.revision.number(revision));
        pair.is_same(base, revision) == Some(true)
    }

    fn between(
        &mut self,
        subject: &Subject,
        direction: Direction,
        sought: Sought,
        named: Option<Value>,
    ) -> Option<Witness> {
        self.tried(subject, direction, sought, named, |_| true)
    }

    /// The first value that shows what is sought and that somebody else agrees to.
    fn tried(
        &mut self,
        subject: &Subject,
        direction: Direction,
        sought: Sought,
        named: Option<Value>,
        mut agrees: impl FnMut(&Value) -> bool,
    ) -> Option<Witness> {
        let meter = self.meter.clone();
        let pair = self.pair(direction, sought);
        let base_number = pair.base.number(&subject.base);
        let revision_number = pair.revision.number(&subject.revision);
        if pair.is_same(base_number, revision_number)? {
            return None;
        }
        let old = pair.base.check(base_number)?;
        let new = pair.revision.check(revision_number)?;
        let judged = |value: Value| {
            Some(Witness {
                base_accepts: old.accepts(&value)?,
                revision_accepts: new.accepts(&value)?,
                value,
            })
        };
        let mut tells = |witness: &Witness| shows(witness, sought) && agrees(&witness.value);
        let named = named.and_then(judged).filter(&mut tells);
        named.or_else(|| {
            WIDTHS.iter().find_map(|width| {
                let fuel = Cell::new(FUEL);
                let task =
                    pair.task(base_number, revision_number, sought, &subject.focus, &fuel)?;
                let mut values = generate::values(&task, *width);
                meter.spend((FUEL - fuel.get()).saturating_mul(MAKING));
                // The shortest value is the clearest example.
                values.sort_by_cached_key(|value| value.to_string().len());
                let mut tried = values.into_iter().map_while(judged);
                tried.find(&mut tells)
            })
        })
    }

    fn pair(&mut self, direction: Direction, sought: Sought) -> &mut Pair<'a> {
        let (base, revision, world) = (self.base, self.revision, self.world);
        let (several, meter) = (self.several, self.meter.clone());
        let judge = |contract: &'a Contract, absent: Absent| {
            let options = Options {
                direction: Some(direction),
                absent,
                world,
                // The comparison reads schemas so, and a witness has to show what it says.
                as_meant: true,
                ..Options::new(contract.version())
            };
            Judge::new(contract.root(), options, several, meter.clone())
        };
        // What the direction does not carry is never sent, and ignored where it arrives.
        let roles = match sought {
            Sought::Narrowed => (Absent::Rejected, Absent::Ignored),
            Sought::Widened => (Absent::Ignored, Absent::Rejected),
        };
        let pair = self.pairs.entry((direction, sought));
        pair.or_insert_with(|| Pair {
            base: judge(base, roles.0),
            revision: judge(revision, roles.1),
        })
    }
}

#[cfg(test)]
mod tests;
