//! Compares what travels over HTTP: paths, operations and their parts.
//!
//! A contract holds some of its parts within themselves, so some files of this folder call one another.
//! An operation has callbacks, whose paths have operations: these are `paths` and `operation`. A media
//! type has parts, whose headers have a `content` of media types: these are `body`, `encoding` and
//! `headers`.

mod body;
mod components;
mod document;
mod encoding;
mod gathered;
mod headers;
mod links;
mod listed;
mod media;
mod notes;
mod operation;
mod parameter;
mod parameters;
mod paths;
mod place;
mod prefixes;
mod references;
mod repeated;
mod responses;
mod security;
mod servers;
mod style;

use super::compared::Contract;
use super::finding::Finding;
use super::report::{Directions, Use};
use super::schema::engine::{Doubt, Engine, PairId, Way};
use super::schema::set::Set;
use std::collections::HashSet;
use std::rc::Rc;

/// A finding with who it concerns.
pub(super) struct Hit {
    pub finding: Finding,
    pub directions: Option<Directions>,
    pub soft: bool,
    pub used_by: Option<Use>,
}

/// A place where a pair of schemas is used.
pub(super) struct Root {
    pub pair: PairId,
    pub directions: Directions,
    pub soft: bool,
    pub used_by: Use,
}

/// A comparison of two documents under way.
pub(super) struct Walk<'a> {
    pub engine: Engine<'a>,
    pub hits: Vec<Hit>,
    pub roots: Vec<Root>,
    /// The operations whose callbacks were compared, by where they lie and who calls, as far as they
    /// belong to one operation: callbacks may lead back to them, or to others on many ways.
    with_callbacks: HashSet<(usize, usize, bool)>,
    /// Whether some operation is called at the document's servers in both documents.
    servers_shared: bool,
    /// Whether some operation is not.
    servers_differ: bool,
}

/// How the value of a schema travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carried {
    /// As JSON, or the like.
    AsValue,
    /// As a text, as in a URL or a header.
    AsText {
        /// Whether it may be left out in one of the documents.
        optional: bool,
    },
}

/// An operation both documents have, and the part of it that is looked at.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// What the operation is called.
    pub operation: Rc<str>,
    /// What comes before the name of a part: `webhook `, `callback paid `.
    pub prefix: Rc<str>,
    /// The part.
    pub side: Rc<str>,
    /// Who consumes it.
    pub directions: Directions,
    /// Whether only errors are affected.
    pub soft: bool,
    /// Whether the server calls and the client responds.
    pub flipped: bool,
}

impl Scope {
    /// A part that the caller sends.
    pub fn sent(&self, side: &str) -> Self {
        self.part(side, self.flipped)
    }

    /// A part of what the caller receives.
    pub fn received(&self, side: &str) -> Self {
        self.part(side, !self.flipped)
    }

    fn part(&self, side: &str, to_client: bool) -> Self {
        let directions = match to_client {
            true => Directions::Response,
            false => Directions::Request,
        };
        Self {
            side: Rc::from(format!("{}{side}", self.prefix)),
            directions,
            ..self.clone()
        }
    }

    pub fn is_request(&self) -> bool {
        self.directions == Directions::Request
    }

    /// Whether it is sent without being asked for: who receives it had no say in its media type.
    pub fn is_pushed(&self) -> bool {
        self.flipped && !self.is_request()
    }

    fn used_by(&self) -> Use {
        Use {
            operation: self.operation.to_string(),
            side: self.side.to_string(),
        }
    }
}

impl<'a> Walk<'a> {
    pub fn new(engine: Engine<'a>) -> Self {
        Self {
            engine,
            hits: Vec::new(),
            roots: Vec::new(),
            with_callbacks: HashSet::new(),
            servers_shared: false,
            servers_differ: false,
        }
    }

    /// Compares everything.
    pub fn run(&mut self, base: &Contract, revision: &Contract) {
        document::compare(self);
        paths::compare(self);
        let roots = (
            self.engine.base.root.clone(),
            self.engine.revision.root.clone(),
        );
        if self.servers_shared || !self.servers_differ {
            servers::compare(self, &roots.0, &roots.1);
        }
        security::schemes(self, &roots.0, &roots.1);
        components::compare(self);
        references::compare(self);
        repeated::compare(self, base, revision);
        let roots: Vec<PairId> = self.roots.iter().map(|root| root.pair).collect();
        self.engine.finish(roots);
    }

    /// A finding about the document as a whole.
    fn note(&mut self, finding: Finding) {
        self.hits.push(Hit {
            finding,
            directions: None,
            soft: false,
            used_by: None,
        });
    }

    /// A finding about a part of an operation.
    fn hit(&mut self, scope: &Scope, finding: Finding) {
        self.hits.push(Hit {
            finding,
            directions: Some(scope.directions),
            soft: scope.soft,
            used_by: Some(scope.used_by()),
        });
    }

    /// A finding about an operation that concerns neither side.
    fn remark(&mut self, scope: &Scope, finding: Finding) {
        self.hits.push(Hit {
            finding,
            directions: None,
            soft: false,
            used_by: Some(scope.used_by()),
        });
    }

    /// Two schemas that are used by a part of an operation.
    fn schemas(&mut self, scope: &Scope, base: Set<'a>, revision: Set<'a>, carried: Carried) {
        let way = Way {
            directions: scope.directions,
            text: carried != Carried::AsValue,
            optional: carried == Carried::AsText { optional: true },
            moot: false,
            doubt: Doubt::None,
        };
        let pair = self.engine.pair(base, revision, way);
        self.roots.push(Root {
            pair,
            directions: scope.directions,
            soft: scope.soft,
            used_by: scope.used_by(),
        });
    }
}
