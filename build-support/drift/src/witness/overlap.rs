//! Values that a `oneOf` rejects because they fit several of its members.

use super::meter::Meter;
use super::several::Several;
use super::{Finder, Sought, Subject};
use crate::compared::Contract;
use crate::report::Directions;
use contract::schema::{Direction, World};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How many searches of each kind are made in one comparison. Each builds validators.
const MOST: usize = 200;

/// How many searches may still be made.
#[derive(Debug)]
struct Left(usize);

impl Left {
    /// Takes so many; none where fewer are left.
    fn take(&mut self, count: usize) -> Option<()> {
        self.0 = self.0.checked_sub(count)?;
        Some(())
    }
}

/// A member of a `oneOf`.
#[derive(Debug)]
pub(crate) struct Member {
    pub pointer: Rc<str>,
    /// The properties it lists.
    pub names: BTreeSet<String>,
    /// The property by which a discriminator names it, and the values that stand for it.
    pub tags: Option<(String, Vec<String>)>,
}

impl Member {
    /// Whether it speaks of a value at all. An open object accepts those of any other, too. Where a
    /// discriminator names the members, a value is about those that it names.
    fn speaks_of(&self, value: &Value) -> bool {
        let Some(object) = value.as_object() else {
            return true;
        };
        if let Some((property, tags)) = &self.tags {
            let named = object.get(property).and_then(Value::as_str);
            return named.is_some_and(|named| tags.iter().any(|tag| tag == named));
        }
        self.names.is_empty() || object.keys().any(|name| self.names.contains(name))
    }
}

/// What shows that something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// A value that its sender means.
    Meant,
    /// Only one that an open object accepts, or several members of a `oneOf`.
    Open,
    /// No value.
    Nothing,
}

/// The result of a search.
#[derive(Debug, Clone)]
pub(crate) enum Searched {
    /// A value that shows it.
    Found(Value),
    /// No value was found.
    Nothing,
    /// The maximum number of searches in one comparison is reached.
    Skipped,
}

/// Finds values that come to fit several members of a `oneOf`.
#[derive(Debug)]
pub(crate) struct Overlaps<'a> {
    /// Objects as JSON Schema reads them: other properties are accepted.
    open: Finder<'a>,
    /// Objects as they are sent: with the properties that the schema lists.
    sent: Finder<'a>,
    /// As they are read by somebody to whom a value may fit several members of a `oneOf`.
    lenient: Finder<'a>,
    /// As they are read by somebody to whom it may, unless several of those speak of it.
    meant: Finder<'a>,
    /// Counts what all four look at.
    meter: Meter,
    /// Searches for what fits several members, for proof of what was found, for what was not, and for
    /// any value at all.
    members_left: Left,
    proofs_left: Left,
    missed_left: Left,
    samples_left: Left,
    /// Whether values were found of schemas.
    occurring: BTreeMap<(Vec<Rc<str>>, Directions), Option<bool>>,
    /// What came of the searches, by what was searched.
    known: BTreeMap<(String, String, Directions, Sought), Searched>,
}

impl<'a> Overlaps<'a> {
    pub fn new(base: &'a Contract, revision: &'a Contract) -> Self {
        let meter = Meter::new();
        let finder = |world| Finder::in_world(base, revision, world).metered(&meter);
        Self {
            open: finder(World::Open),
            sent: finder(World::Closed),
            lenient: finder(World::Open).reading(Several::Accepted),
            meant: finder(World::Open).reading(Several::RejectedIfMeant),
            meter,
            members_left: Left(MOST),
            proofs_left: Left(MOST),
            missed_left: Left(MOST),
            samples_left: Left(MOST),
            occurring: BTreeMap::new(),
            known: BTreeMap::new(),
        }
    }

    /// A value that the schema of one document accepts, and that of the other rejects since it fits
    /// several of these members. An object holds only properties that its sender lists, and counts
    /// for a member only where it holds a property that the member lists. Anything fits an open
    /// object, and that is not what people mean.
    pub fn find(
        &mut self,
        (base, revision): (&str, &str),
        directions: Directions,
        sought: Sought,
        members: &[Member],
    ) -> Searched {
        let key = (base.to_owned(), revision.to_owned(), directions, sought);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = self.searched((base, revision), directions, sought, members);
        self.known.insert(key, found.clone());
        found
    }

    fn searched(
        &mut self,
        (base, revision): (&str, &str),
        directions: Directions,
        sought: Sought,
        members: &[Member],
    ) -> Searched {
        if self.meter.is_spent() || self.members_left.take(1).is_none() {
            return Searched::Skipped;
        }
        self.meter.begin();
        let found = self.search((base, revision), directions, sought, members);
        self.came_of(found)
    }

    fn search(
        &mut self,
        (base, revision): (&str, &str),
        directions: Directions,
        sought: Sought,
        members: &[Member],
    ) -> Option<Value> {
        let direction = direction(directions);
        let receiver = self.open.pair(direction, sought);
        let judge = match sought {
            Sought::Narrowed => &mut receiver.revision,
            Sought::Widened => &mut receiver.base,
        };
        let numbers: Vec<usize> = members.iter().map(|it| judge.number(&it.pointer)).collect();
        let checks = numbers.into_iter().map(|number| judge.check(number));
        let checks: Vec<_> = checks.collect::<Option<_>>()?;
        let pair = self.sent.pair(direction, sought);
        let sender = pair.sender(sought, (base, revision))?;
        let subject = Subject::of(base, revision);
        let overlaps = |value: &Value| {
            let speaking = members.iter().zip(&checks);
            let fitting = speaking.filter(|(member, check)| {
                member.speaks_of(value) && check.accepts(value) == Some(true)
            });
            !value.is_null() && sender.accepts(value) == Some(true) && fitting.take(2).count() == 2
        };
        let witness = self
            .open
            .tried(&subject, direction, sought, None, overlaps)?;
        Some(witness.value)
    }

    /// A value that fails for who consumes it. An object holds only properties that its sender lists,
    /// and that a value fits several members of a `oneOf` is not why it fails.
    pub fn failing(&mut self, places: (&str, &str), directions: Directions) -> Searched {
        self.missed(places, directions, false)
    }

    /// The same for a value that fails because it fits several members of a `oneOf` that speak of it.
    pub fn overlapping(&mut self, places: (&str, &str), directions: Directions) -> Searched {
        self.missed(places, directions, true)
    }

    /// Whether two schemas say the same word for word, with all that they lead to.
    pub fn is_same(&mut self, places: (&str, &str), directions: Directions) -> bool {
        let direction = direction(directions);
        (self.open).is_same(places, direction, Sought::failing(direction))
    }

    /// Whether a value was found that its sender may send by each of these schemas; `None` where that
    /// cannot be said, or no more is searched for.
    pub fn occurs(&mut self, pointers: &[Rc<str>], directions: Directions) -> Option<bool> {
        let key = (pointers.to_vec(), directions);
        if let Some(known) = self.occurring.get(&key) {
            return *known;
        }
        if self.meter.is_spent() {
            return None;
        }
        self.samples_left.take(1)?;
        self.meter.begin();
        let found = self.open.occurs(pointers, direction(directions));
        let is_whole = !self.meter.fell_short();
        let found = found.filter(|found| *found || is_whole);
        self.occurring.insert(key, found);
        found
    }

    fn missed(&mut self, places: (&str, &str), directions: Directions, several: bool) -> Searched {
        if self.is_same(places, directions) {
            return Searched::Nothing;
        }
        let direction = direction(directions);
        if self.meter.is_spent() || self.missed_left.take(1).is_none() {
            return Searched::Skipped;
        }
        self.meter.begin();
        let found = self.meant(places, direction, several);
        self.came_of(found)
    }

    /// Nothing is not found where no more was looked at.
    fn came_of(&self, found: Option<Value>) -> Searched {
        let is_whole = !self.meter.fell_short();
        match found {
            Some(value) => Searched::Found(value),
            None if !is_whole => Searched::Skipped,
            None => Searched::Nothing,
        }
    }

    /// A value that fails and that its sender means. `several`: it fails too because it fits several
    /// members of a `oneOf` that speak of it, as all do of a value without an object.
    fn meant(
        &mut self,
        (base, revision): (&str, &str),
        direction: Direction,
        several: bool,
    ) -> Option<Value> {
        let sought = Sought::failing(direction);
        let pair = self.sent.pair(direction, sought);
        let sender = pair.sender(sought, (base, revision))?;
        let reader = match several {
            true => &mut self.meant,
            false => &mut self.lenient,
        };
        let pair = reader.pair(direction, sought);
        let receiver = pair.receiver(sought, (base, revision))?;
        let subject = Subject::of(base, revision);
        let is_plain = |value: &Value| several && !value.to_string().contains('{');
        let agrees = |value: &Value| {
            sender.accepts(value) == Some(true)
                && (is_plain(value) || receiver.accepts(value) == Some(false))
        };
        let found = self.open.tried(&subject, direction, sought, None, agrees);
        Some(found?.value)
    }

    /// What shows that something fails for who consumes it; `None` where no more searches are made.
    pub fn fails(&mut self, places: (&str, &str), directions: Directions) -> Option<Proof> {
        if self.meter.is_spent() {
            return None;
        }
        self.proofs_left.take(1)?;
        let direction = direction(directions);
        self.meter.begin();
        if self.meant(places, direction, true).is_some() {
            return Some(Proof::Meant);
        }
        let sought = Sought::failing(direction);
        let open = self.open.search(places.0, places.1, direction, sought);
        // An open object accepts nearly every other, and that is not what people mean.
        match open.is_some() || self.is_sent(places, direction) {
            true => Some(Proof::Open),
            false => (!self.meter.fell_short()).then_some(Proof::Nothing),
        }
    }

    /// Whether a value fails that is made where both sides hold only the properties that they list. It
    /// fails by the letter too: a condition that other properties decide shows nothing.
    fn is_sent(&mut self, (base, revision): (&str, &str), direction: Direction) -> bool {
        let sought = Sought::failing(direction);
        let pair = self.open.pair(direction, sought);
        let sender = pair.sender(sought, (base, revision));
        let receiver = pair.receiver(sought, (base, revision));
        let Some((sender, receiver)) = sender.zip(receiver) else {
            return false;
        };
        let subject = Subject::of(base, revision);
        let agrees = |value: &Value| {
            sender.accepts(value) == Some(true) && receiver.accepts(value) == Some(false)
        };
        let found = self.sent.tried(&subject, direction, sought, None, agrees);
        found.is_some()
    }

    /// Whether a value shows that less is accepted, and whether one shows that more is.
    pub fn shown(
        &mut self,
        (base, revision): (&str, &str),
        directions: Directions,
    ) -> (bool, bool) {
        if self.meter.is_spent() || self.proofs_left.take(2).is_none() {
            return (false, false);
        }
        let direction = direction(directions);
        let mut search = |sought| {
            self.open
                .search(base, revision, direction, sought)
                .is_some()
        };
        (search(Sought::Narrowed), search(Sought::Widened))
    }
}

fn direction(directions: Directions) -> Direction {
    match directions {
        Directions::Response => Direction::Response,
        Directions::Request | Directions::Both => Direction::Request,
    }
}
