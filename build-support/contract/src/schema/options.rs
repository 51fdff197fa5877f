//! The options of a conversion.

use crate::version::SpecVersion;

/// Which way values travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From a client to a server.
    Request,
    /// From a server to a client.
    Response,
}

/// What becomes of a property that a direction does not carry: `readOnly` in a request,
/// `writeOnly` in a response. It is never required there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Absent {
    /// Its schema applies: a sender who sends it nevertheless has to send a valid value.
    #[default]
    Kept,
    /// An object that has it is rejected.
    Rejected,
    /// Any value of it is accepted, since it is ignored.
    Ignored,
}

/// What becomes of properties that an object does not list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum World {
    /// They are accepted, as JSON Schema has it.
    #[default]
    Open,
    /// They are rejected wherever an object lists its properties and says nothing of others.
    Closed,
}

/// What becomes of keywords that accept and reject nothing: prose, hints, identifiers, extensions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rest {
    /// They are left out.
    #[default]
    Dropped,
    /// They stay where they are, so that pointers into the contract lead to the same things.
    Kept,
}

/// What becomes of alternatives that a discriminator chooses from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unions {
    /// They stay alternatives: what a discriminator chooses, they accept or reject themselves.
    #[default]
    AsWritten,
    /// The tag is checked first and then the one schema it names, so that a violation names
    /// the alternative that was meant and not all of them.
    ByTag,
}

/// The options of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The version a schema is written in. In 3.0 `nullable` lets null pass, the exclusiveness of
    /// a bound is a flag, and `$ref` silences what stands beside it.
    pub version: SpecVersion,
    /// The direction; `None` where `readOnly` and `writeOnly` are to have no effect.
    pub direction: Option<Direction>,
    /// What becomes of properties that the direction does not carry.
    pub absent: Absent,
    /// What becomes of properties that an object does not list.
    pub world: World,
    /// What becomes of keywords that accept and reject nothing.
    pub rest: Rest,
    /// What becomes of alternatives that a discriminator chooses from.
    pub unions: Unions,
    /// Whether schemas are read as authors mean them where the specification reads them otherwise:
    /// `nullable` counts in 3.1 too, and a schema without a type but with keywords of properties or
    /// items accepts objects or arrays alone.
    pub as_meant: bool,
}

impl Options {
    /// What the specification says of a version, for no direction, without prose.
    #[must_use]
    pub fn new(version: SpecVersion) -> Self {
        Self {
            version,
            direction: None,
            absent: Absent::default(),
            world: World::default(),
            rest: Rest::default(),
            unions: Unions::default(),
            as_meant: false,
        }
    }
}
