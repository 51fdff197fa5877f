//! Values that show a change: accepted on the side that sends them, refused on the other.
//!
//! For every breaking finding and every warning about a schema a few hundred values are made from
//! the two schemas, at the limits that either draws. Each is given to validators of both, which
//! know nothing of the comparison; the first that the sender's accepts and the receiver's refuses
//! is the witness. So a witness is proof, and its absence is none.

mod convert;
mod generate;
mod judge;
mod pattern;
mod subject;
mod table;

use super::contract::Contract;
use super::report::{Change, Effect, Polarity, Report, Severity, Witness};
use convert::Reading;
use generate::{Step, Task};
use judge::{Judge, accepts};
use subject::{Subject, subjects};

/// Who sends and who receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// A client that follows the base sends to a server that follows the revision.
    Request,
    /// A server that follows the revision sends to a client that follows the base.
    Response,
}

/// What becomes of members that no schema lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum World {
    /// They are accepted, as JSON Schema has it.
    #[default]
    Open,
    /// They are refused wherever an object lists its members and says nothing of others.
    Closed,
}

/// Finds a witness for every change that is not compatible and is about a schema.
pub fn attach(report: &mut Report, base: &Contract, revision: &Contract) {
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
    request: Option<Pair<'a>>,
    response: Option<Pair<'a>>,
    world: World,
}

#[derive(Debug)]
struct Pair<'a> {
    base: Judge<'a>,
    revision: Judge<'a>,
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
            request: None,
            response: None,
            world,
        }
    }

    /// A witness for a change, in the direction its polarity names.
    pub fn find(&mut self, change: &Change) -> Option<Witness> {
        let directions: &[Direction] = match change.polarity? {
            Polarity::Request => &[Direction::Request],
            Polarity::Response => &[Direction::Response],
            Polarity::Both => &[Direction::Request, Direction::Response],
        };
        let found = subjects(change, self.base.root(), self.revision.root());
        let mut each = found
            .iter()
            .flat_map(|subject| directions.iter().map(move |way| (subject, way)));
        each.find_map(|(subject, direction)| self.between(subject, *direction))
    }

    /// A value that is sent and refused between the schemas under two pointers.
    pub fn search(&mut self, base: &str, revision: &str, direction: Direction) -> Option<Witness> {
        let subject = Subject {
            base: base.to_owned(),
            revision: revision.to_owned(),
            focus: Vec::<Step>::new(),
        };
        self.between(&subject, direction)
    }

    fn between(&mut self, subject: &Subject, direction: Direction) -> Option<Witness> {
        let pair = self.pair(direction);
        let (base, base_validator) = pair.base.of(&subject.base)?;
        let (revision, revision_validator) = pair.revision.of(&subject.revision)?;
        let (base, revision) = (pair.base.part(base)?, pair.revision.part(revision)?);
        let (sender, receiver) = match direction {
            Direction::Request => (base, revision),
            Direction::Response => (revision, base),
        };
        let task = Task {
            sender: vec![sender],
            receiver: vec![receiver],
            focus: &subject.focus,
            depth: 0,
        };
        let witnesses = generate::values(&task).into_iter().map(|value| Witness {
            base_accepts: accepts(&base_validator, &value),
            revision_accepts: accepts(&revision_validator, &value),
            value,
        });
        let mut witnesses = witnesses;
        witnesses.find(|witness| match direction {
            Direction::Request => witness.base_accepts && !witness.revision_accepts,
            Direction::Response => witness.revision_accepts && !witness.base_accepts,
        })
    }

    fn pair(&mut self, direction: Direction) -> &mut Pair<'a> {
        let (base, revision, world) = (self.base, self.revision, self.world);
        let judge = |contract: &'a Contract| {
            let version = contract.version();
            let reading = Reading {
                version,
                direction,
                world,
            };
            Judge::new(contract.root(), reading)
        };
        let slot = match direction {
            Direction::Request => &mut self.request,
            Direction::Response => &mut self.response,
        };
        slot.get_or_insert_with(|| Pair {
            base: judge(base),
            revision: judge(revision),
        })
    }
}

#[cfg(test)]
mod tests;
