//! Schemas that must all hold, with a choice made among alternatives.

use super::types::Types;
use crate::at::At;
use std::rc::Rc;

/// The pick of a union, or of what a condition tests, that is not looked at.
pub(crate) const DROPPED: usize = usize::MAX;

/// Schemas that must all hold. None at all accepts everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Set<'a> {
    pub roots: Vec<At<'a>>,
    /// For some `oneOf` or `anyOf`, by identity: which member is looked at. In the order of the
    /// identities.
    pub picks: Vec<(usize, usize)>,
    /// Where a schema would stand, if there were one.
    pub home: Option<Rc<str>>,
    /// Whether null was compared already, for all alternatives together.
    pub null_settled: bool,
    /// The types that are looked at, where not all of them are.
    pub only: Option<Types>,
}

/// The identity of a set: for an empty one, only its place.
pub(crate) type SetKey = (
    Vec<usize>,
    Vec<(usize, usize)>,
    Option<Rc<str>>,
    bool,
    Option<Types>,
);

impl<'a> Set<'a> {
    /// One schema.
    pub fn one(at: At<'a>) -> Self {
        Self::all(vec![at])
    }

    /// Schemas that must all hold.
    pub fn all(roots: Vec<At<'a>>) -> Self {
        Self {
            roots,
            ..Self::default()
        }
    }

    /// The same, with the place to name where it holds no schema.
    pub fn within(mut self, home: &Rc<str>) -> Self {
        self.home = Some(Rc::clone(home));
        self
    }

    /// The same, null apart.
    pub fn without_null(&self) -> Self {
        Self {
            null_settled: true,
            ..self.clone()
        }
    }

    /// The same, as far as some types go.
    pub fn restricted(&self, only: Types) -> Self {
        Self {
            only: Some(only),
            ..self.clone()
        }
    }

    /// The same, with a member of a union chosen.
    pub fn pick(&self, union: usize, member: usize) -> Self {
        let mut set = self.clone();
        if let Err(at) = set.place(union) {
            set.picks.insert(at, (union, member));
        }
        set
    }

    /// The same, with unions that are not looked at.
    pub fn dropping(&self, unions: impl IntoIterator<Item = usize>) -> Self {
        let mut set = self.clone();
        let dropped = unions.into_iter().map(|union| (union, DROPPED));
        set.picks.extend(dropped);
        // What was chosen before stands first, and stays.
        set.picks.sort_by_key(|(union, _)| *union);
        set.picks.dedup_by_key(|(union, _)| *union);
        set
    }

    /// Where a union stands among those of which a member was chosen, or would stand.
    fn place(&self, union: usize) -> Result<usize, usize> {
        self.picks.binary_search_by_key(&union, |(of, _)| *of)
    }

    /// Where it stands, if it is one schema that is looked at as a whole.
    pub fn pointer(&self) -> Option<Rc<str>> {
        match self.roots.as_slice() {
            [only] if self.picks.is_empty() && self.only.is_none() => {
                Some(Rc::clone(&only.pointer))
            }
            _ => None,
        }
    }

    /// Where it stands, if it is one schema, whatever was chosen of it.
    pub fn home_pointer(&self) -> Option<Rc<str>> {
        match self.roots.as_slice() {
            [only] => Some(Rc::clone(&only.pointer)),
            _ => None,
        }
    }

    /// The member chosen of a union.
    pub fn picked(&self, union: usize) -> Option<usize> {
        let at = self.place(union).ok()?;
        Some(self.picks[at].1)
    }

    pub fn key(&self) -> SetKey {
        let home = self.home.clone().filter(|_| self.roots.is_empty());
        (
            self.roots.iter().map(At::id).collect(),
            self.picks.clone(),
            home,
            self.null_settled,
            self.only,
        )
    }
}
