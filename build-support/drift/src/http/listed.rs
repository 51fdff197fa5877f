//! Parts that are written where they are used, or referred to there.

use crate::at::At;
use crate::schema::side::Side;

/// A part and where it is listed, which is elsewhere for a component.
#[derive(Debug, Clone)]
pub(super) struct Listed<'a> {
    /// The part itself, at the end of its references.
    pub at: At<'a>,
    /// Where it is listed.
    pub listed: At<'a>,
}

impl<'a> Listed<'a> {
    pub fn new(side: &Side<'a>, at: At<'a>) -> Self {
        Self {
            listed: at.clone(),
            at: side.follow(at.clone()).unwrap_or(at),
        }
    }

    /// A member of an object.
    pub fn member(side: &Side<'a>, of: &At<'a>, key: &str) -> Option<Self> {
        of.get(key).map(|at| Self::new(side, at))
    }

    /// The members of a map within an object, by name.
    pub fn all(side: &Side<'a>, of: &At<'a>, field: &str) -> Vec<(&'a str, Self)> {
        let map = of.get(field);
        let members = map.iter().flat_map(|at| at.members().collect::<Vec<_>>());
        members
            .map(|(name, at)| (name, Self::new(side, at)))
            .collect()
    }

    /// Whether its reference leads nowhere, so that nothing can be said of it. That it does is a
    /// finding of its own.
    pub fn is_open(&self) -> bool {
        self.at.text("$ref").is_some()
    }

    /// Where the reference leads, in words.
    pub fn reference(&self) -> Option<&'a str> {
        self.listed.text("$ref")
    }
}
