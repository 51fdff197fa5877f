//! Values that a `oneOf` rejects because they fit several of its members.

use super::{Finder, Sought, Subject};
use crate::compared::Contract;
use crate::report::Polarity;
use contract::schema::{Direction, World};
use serde_json::Value;
use std::collections::BTreeSet;
use std::rc::Rc;

/// How many searches are made in one comparison. Each builds validators.
const MOST: usize = 200;

/// A member of a `oneOf`.
#[derive(Debug)]
pub(crate) struct Member {
    pub pointer: Rc<str>,
    /// The properties it lists.
    pub names: BTreeSet<String>,
}

impl Member {
    /// Whether it speaks of a value at all. An open object accepts those of any other, too.
    fn speaks_of(&self, value: &Value) -> bool {
        let Some(object) = value.as_object() else {
            return true;
        };
        self.names.is_empty() || object.keys().any(|name| self.names.contains(name))
    }
}

/// What came of a search.
#[derive(Debug)]
pub(crate) enum Searched {
    /// A value that shows it.
    Found(Value),
    /// No value was found.
    Nothing,
    /// As many searches were made as are made in one comparison.
    Skipped,
}

/// Finds values that come to fit several members of a `oneOf`.
#[derive(Debug)]
pub(crate) struct Overlaps<'a> {
    /// Objects as JSON Schema reads them: other properties are accepted.
    open: Finder<'a>,
    /// Objects as they are sent: with the properties that the schema lists.
    sent: Finder<'a>,
    left: usize,
}

impl<'a> Overlaps<'a> {
    pub fn new(base: &'a Contract, revision: &'a Contract) -> Self {
        Self {
            open: Finder::new(base, revision),
            sent: Finder::in_world(base, revision, World::Closed),
            left: MOST,
        }
    }

    /// A value that the schema of one document accepts, and that of the other rejects since it fits
    /// several of these members. An object holds only properties that its sender lists, and counts
    /// for a member only where it holds a property that the member lists. Anything fits an open
    /// object, and that is not what people mean.
    pub fn find(
        &mut self,
        (base, revision): (&str, &str),
        polarity: Polarity,
        sought: Sought,
        members: &[Member],
    ) -> Searched {
        let Some(left) = self.left.checked_sub(1) else {
            return Searched::Skipped;
        };
        self.left = left;
        let found = self.search((base, revision), polarity, sought, members);
        found.map_or(Searched::Nothing, Searched::Found)
    }

    fn search(
        &mut self,
        (base, revision): (&str, &str),
        polarity: Polarity,
        sought: Sought,
        members: &[Member],
    ) -> Option<Value> {
        let direction = direction(polarity);
        let receiver = self.open.pair(direction, sought);
        let judge = match sought {
            Sought::Narrowed => &mut receiver.revision,
            Sought::Widened => &mut receiver.base,
        };
        let numbers: Vec<usize> = members.iter().map(|it| judge.number(&it.pointer)).collect();
        let validators = numbers.into_iter().map(|number| judge.validator(number));
        let validators: Vec<_> = validators.collect::<Option<_>>()?;
        let sender = self.sent.pair(direction, sought);
        let (judge, pointer) = match sought {
            Sought::Narrowed => (&mut sender.base, base),
            Sought::Widened => (&mut sender.revision, revision),
        };
        let number = judge.number(pointer);
        let sender = judge.validator(number)?;
        let subject = Subject {
            base: base.to_owned(),
            revision: revision.to_owned(),
            focus: Vec::new(),
        };
        let overlaps = |value: &Value| {
            let speaking = members.iter().zip(&validators);
            let fitting = speaking
                .filter(|(member, validator)| member.speaks_of(value) && validator.is_valid(value));
            !value.is_null() && sender.is_valid(value) && fitting.take(2).count() == 2
        };
        let witness = self
            .open
            .tried(&subject, direction, sought, None, overlaps)?;
        Some(witness.value)
    }

    /// Whether a value shows that something fails for who consumes it; `None` where no more searches
    /// are made.
    pub fn fails(&mut self, (base, revision): (&str, &str), polarity: Polarity) -> Option<bool> {
        self.left = self.left.checked_sub(1)?;
        let direction = direction(polarity);
        let sought = Sought::failing(direction);
        let found = self.open.search(base, revision, direction, sought);
        Some(found.is_some())
    }

    /// Whether a value shows that less is accepted, and whether one shows that more is.
    pub fn shown(&mut self, (base, revision): (&str, &str), polarity: Polarity) -> (bool, bool) {
        let Some(left) = self.left.checked_sub(2) else {
            return (false, false);
        };
        self.left = left;
        let direction = direction(polarity);
        let mut search = |sought| {
            self.open
                .search(base, revision, direction, sought)
                .is_some()
        };
        (search(Sought::Narrowed), search(Sought::Widened))
    }
}

fn direction(polarity: Polarity) -> Direction {
    match polarity {
        Polarity::Response => Direction::Response,
        Polarity::Request | Polarity::Both => Direction::Request,
    }
}
