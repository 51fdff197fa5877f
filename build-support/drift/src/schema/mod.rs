//! Compares two schemas as sets of values.
//!
//! A schema holds schemas, so the files of this folder call one another. `engine` keeps the pairs
//! of schemas that are compared. `side` is one document: it remembers the views of its schemas, and
//! `lost` finds its references that lead nowhere.

mod amount;
mod arrays;
mod bounds;
pub(super) mod canonical;
mod doubt;
mod ecma;
pub(super) mod engine;
mod evaluate;
mod evaluated;
mod formats;
mod idle;
mod interplay;
mod keywords;
mod logic;
pub(super) mod lost;
mod missed;
mod notes;
mod objects;
mod odd;
mod patterns;
mod properties;
mod reduce;
pub(super) mod set;
pub(super) mod side;
mod strings;
pub(super) mod types;
mod unions;
mod values;
pub(super) mod view;

use super::finding::{Finding, Spot, Verdict, effect};
use super::kind::Kind;
use super::report::{Directions, Effect, Severity};
use crate::at::At;
use engine::{Doubt, Engine, Outcome, Way};
use set::Set;
use std::rc::Rc;
use types::Types;
use view::View;

/// Two views under comparison and what was found so far.
pub(super) struct Comparison<'e, 'a> {
    pub engine: &'e mut Engine<'a>,
    pub way: Way,
    pub out: Outcome,
    /// Where the two schemas stand, if each is one, whatever was chosen of it.
    home: Option<(Rc<str>, Rc<str>)>,
    /// The same, if each is looked at as a whole.
    whole: Option<(Rc<str>, Rc<str>)>,
    /// Whether a `oneOf` is within or beside other alternatives, so that they are not compared one by
    /// one.
    nested: bool,
    /// Whether only some types are looked at, so that accepting none of them is not a fault.
    partial: bool,
}

/// Compares two sets of schemas.
pub(super) fn compare<'a>(
    engine: &mut Engine<'a>,
    base: &Set<'a>,
    revision: &Set<'a>,
    way: Way,
) -> Outcome {
    let mut comparison = Comparison {
        engine,
        way,
        out: Outcome::default(),
        home: base.home_pointer().zip(revision.home_pointer()),
        whole: base.pointer().zip(revision.pointer()),
        nested: false,
        partial: base.only.is_some(),
    };
    comparison.sets(base, revision);
    if comparison.way.moot {
        comparison.out.findings.iter_mut().for_each(Finding::moot);
        comparison.out.moot = true;
    } else {
        let doubt = comparison.way.doubt;
        let findings = comparison.out.findings.iter_mut();
        let is_doubted = |finding: &&mut Finding| match doubt {
            Doubt::None => false,
            Doubt::Open => !doubt::OPEN.contains(&finding.kind),
            Doubt::Whole => true,
        };
        findings.filter(is_doubted).for_each(Finding::leave_open);
        comparison.doubt(base, revision);
        missed::compare(&mut comparison, base, revision);
    }
    comparison.out
}

impl<'a> Comparison<'_, 'a> {
    fn sets(&mut self, base: &Set<'a>, revision: &Set<'a>) {
        let b = self.engine.base.view(base);
        let r = self.engine.revision.view(revision);
        notes::compare(self, &b, &r);
        if odd::compare(self, &b, &r) || self.filled(&b, &r) {
            return;
        }
        if !self.is_open_question(&b, &r) && !self.whole(&b, &r) {
            idle::compare(self, &b, &r);
            unions::compare(self, base, revision, &b, &r);
        }
    }

    /// A list without alternatives was filled: as it was, no value could meet it. Whether it was so.
    fn filled(&mut self, b: &View<'a>, r: &View<'a>) -> bool {
        let is_filled = b.hollow.is_some() && r.hollow.is_none() && !r.is_any();
        let is_bare = b.unions.is_empty() && !b.says_more_than_types();
        if is_filled && is_bare {
            let message = "alternatives are listed where none was, so that no value was accepted";
            let finding = Finding::new(Kind::ValueAllowed, Effect::Widened, message)
                .judged(Verdict::Fixed(Severity::Compatible));
            let places = (place(&b.hollow, b), home(r));
            self.out.findings.push(finding.at(&places.0, &places.1));
        }
        is_filled && is_bare
    }

    /// Everything and nothing: what is said of them says it all.
    fn whole(&mut self, b: &View<'a>, r: &View<'a>) -> bool {
        let is_literal = b.never.is_some() || r.never.is_some();
        let (kind, effect, message) = match (b.is_unmet(), r.is_unmet()) {
            (true, true) if is_literal => return true,
            (true, true) => {
                self.way.moot = true;
                return false;
            }
            (false, true) => (
                Kind::ValueForbidden,
                Effect::Narrowed,
                "no value is accepted any more",
            ),
            (true, false) => (
                Kind::ValueAllowed,
                Effect::Widened,
                "values are accepted where none was",
            ),
            _ => match (b.is_any(), r.is_any()) {
                (true, true) => return true,
                (true, false) if self.is_any_text(r) => return true,
                (false, true) if self.is_any_text(b) => return true,
                (true, false) => (
                    Kind::ConstraintsAdded,
                    Effect::Narrowed,
                    "a value that could be anything was given a schema",
                ),
                (false, true) => (
                    Kind::ConstraintsRemoved,
                    Effect::Widened,
                    "the value can be anything now",
                ),
                (false, false) => return false,
            },
        };
        let finding = Finding::new(kind, effect, message);
        // A contract with a fault was fixed: what contradicted itself was meant to accept something.
        let is_fixed = b.never.is_none() && b.contradicts && !self.partial;
        let finding = match is_fixed {
            true => finding.judged(Verdict::AtMost(Severity::Warning)),
            false => finding,
        };
        let sides = self.whole.clone();
        let sender = sides.map(|(old, new)| match self.is_request() {
            true => (old, b),
            false => (new, r),
        });
        let is_of_nothing = matches!(kind, Kind::ValueForbidden | Kind::ValueAllowed);
        let finding = match sender {
            Some((sent, by))
                if is_of_nothing && (by.says_more_than_types() || !by.unions.is_empty()) =>
            {
                self.if_it_occurs(finding, &[sent])
            }
            _ => finding,
        };
        self.report(b, r, finding);
        true
    }

    /// Whether a view accepts everything that travels, which is texts alone.
    fn is_any_text(&self, view: &View<'a>) -> bool {
        let decided = view.unions.is_empty() && view.opaque.is_empty();
        let free = view.excluded.is_empty() && view.conditions.is_empty();
        self.way.text && view.types().has(Types::STRING) && is_plain(view) && decided && free
    }

    /// Where a reference leads nowhere there is nothing to compare; that it does is a finding of
    /// its own. Two that lead outside the document are the same where their texts are; where they
    /// are not, and both documents have both, it is the place that changed.
    fn is_open_question(&mut self, b: &View<'a>, r: &View<'a>) -> bool {
        let texts = |view: &View<'a>| {
            let mut texts: Vec<&str> = view.opaque.iter().map(|(text, _)| *text).collect();
            texts.sort_unstable();
            texts
        };
        let (one, other) = (texts(b), texts(r));
        if one.is_empty() && other.is_empty() {
            return false;
        }
        let outside = |text: &&str| !text.starts_with('#');
        let known = |text: &&str| self.engine.base.lost().contains_key(*text);
        let both_outside = one.iter().any(outside) && other.iter().any(outside);
        if one != other && both_outside && other.iter().all(known) {
            let message = format!("the reference {} became {}", one.join(" "), other.join(" "));
            self.report(
                b,
                r,
                Finding::new(Kind::ReferenceChanged, Effect::Undecided, message),
            );
        }
        one != other
    }

    /// Two views without alternatives. Null was compared before.
    pub(super) fn views(&mut self, b: &View<'a>, r: &View<'a>) {
        if self.whole(b, r) || !self.types(b, r) {
            return;
        }
        values::compare(self, b, r);
        let types = b.types().and(r.types());
        let listed = b.values.is_some() || r.values.is_some();
        if !listed {
            bounds::numbers(self, b, r, types);
            strings::compare(self, b, r, types);
        }
        if types.has(Types::ARRAY) && !listed {
            arrays::compare(self, b, r);
        }
        if types.has(Types::OBJECT) && !listed {
            objects::compare(self, b, r);
        }
        logic::compare(self, b, r);
    }

    /// Whether there are types that both accept.
    fn types(&mut self, b: &View<'a>, r: &View<'a>) -> bool {
        let (base, revision) = (self.seen_types(b, r), self.seen_types(r, b));
        let lost = base.without(revision);
        let gained = revision.without(base);
        let shared = !base.and(revision).is_empty();
        let listed = b.values.is_some() && r.values.is_some();
        let kind = match effect(!lost.is_empty(), !gained.is_empty()) {
            _ if listed && (shared || self.way.text) => return true,
            _ if base.is_empty() && revision.is_empty() => return false,
            Effect::Equal => return shared,
            Effect::Narrowed => Kind::TypeNarrowed,
            Effect::Widened => Kind::TypeWidened,
            _ => Kind::TypeChanged,
        };
        let effect = effect(!lost.is_empty(), !gained.is_empty());
        let (from, to) = (
            b.types().without(Types::NULL),
            r.types().without(Types::NULL),
        );
        let message = format!("the type changed from {} to {}", words(from), words(to));
        let places = (place(&b.type_at, b), place(&r.type_at, r));
        self.out
            .findings
            .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
        shared
    }

    /// The types of a view without null. A plain text holds every number and every truth value
    /// where all of them travel as texts.
    fn seen_types(&self, view: &View<'a>, other: &View<'a>) -> Types {
        let types = listed_kinds(view, view.types().without(Types::NULL));
        let scalars = Types::SCALAR.without(Types::NULL);
        let helps = types.or(other.types()).and(scalars).without(Types::STRING);
        if self.way.text && types.has(Types::STRING) && is_plain(view) && !helps.is_empty() {
            return types.or(scalars);
        }
        types
    }

    /// Reports at the places of the two schemas.
    pub(super) fn report(&mut self, b: &View<'a>, r: &View<'a>, finding: Finding) {
        self.out.findings.push(finding.at(&home(b), &home(r)));
    }

    /// A pair of schemas that is part of this one.
    pub(super) fn part(&mut self, base: Set<'a>, revision: Set<'a>) {
        let id = self.engine.pair(base, revision, self.way);
        self.out.parts.push(id);
    }

    /// A pair of schemas of what is inside of the value, which may be left out there or not.
    pub(super) fn inside(&mut self, base: Set<'a>, revision: Set<'a>, optional: bool) {
        let way = Way {
            optional: self.way.text && optional,
            ..self.way
        };
        let id = self.engine.pair(base, revision, way);
        self.out.parts.push(id);
    }

    /// What a change does of which the words of two schemas do not say enough, as far as a value shows
    /// it: one that fails for who consumes it is proof, and its absence proves nothing.
    pub(super) fn shown(&mut self) -> Effect {
        let Some((base, revision)) = self.whole.clone().filter(|_| !self.way.text) else {
            return Effect::Undecided;
        };
        let (directions, finder) = (self.way.directions, &mut self.engine.overlaps);
        match finder.shown((&base, &revision), directions) {
            (true, true) => Effect::Both,
            (true, false) if directions == Directions::Request => Effect::Narrowed,
            (false, true) if directions == Directions::Response => Effect::Widened,
            _ => Effect::Undecided,
        }
    }

    /// What a change from one to the other does.
    pub(super) fn effect(&mut self, base: &Set<'a>, revision: &Set<'a>) -> Effect {
        self.engine.effect(base, revision, self.way)
    }

    /// Whether a change from one to the other leaves everything as it is.
    pub(super) fn is_equal(&mut self, base: &Set<'a>, revision: &Set<'a>) -> bool {
        self.engine.is_equal(base, revision, self.way)
    }

    pub(super) fn is_request(&self) -> bool {
        self.way.directions == Directions::Request
    }
}

/// Types in words; what is left where null was taken out may be nothing.
fn words(types: Types) -> String {
    match types.is_empty() {
        true => Types::NULL.words(),
        false => types.words(),
    }
}

/// Whether nothing is asked of texts. Bytes may be anything.
fn is_plain(view: &View<'_>) -> bool {
    let is_bytes = |(_, text, _): &(&str, &str, _)| *text == "application/octet-stream";
    view.patterns.is_empty()
        && view.formats.is_empty()
        && view.contents.iter().all(is_bytes)
        && view.values.is_none()
        && view.bounds.is_empty()
}

/// Where a view is written.
pub(super) fn home(view: &View<'_>) -> Rc<str> {
    view.home.clone().unwrap_or_else(|| Rc::from(""))
}

/// The schema, where a keyword is missing.
pub(super) fn site(view: &View<'_>) -> Spot {
    Spot {
        pointer: home(view),
        exact: false,
    }
}

/// Where a keyword is, or else the schema that lacks it.
pub(super) fn place(at: &Option<At<'_>>, view: &View<'_>) -> Spot {
    at.as_ref()
        .map_or_else(|| site(view), |at| Spot::from(&at.pointer))
}

/// The types of which some value is listed, where values are; all of them where none fits, since
/// then the types are what is meant.
fn listed_kinds(view: &View<'_>, types: Types) -> Types {
    let Some(values) = &view.values else {
        return types;
    };
    let listed = values.types();
    let kinds = types.kinds().into_iter();
    let met = kinds.filter(|kind| listed.has(*kind));
    let met = met.fold(Types::NONE, Types::or);
    match met.is_empty() {
        true if listed == Types::NULL && view.accepts_null() => Types::NONE,
        true => types,
        false => met,
    }
}
