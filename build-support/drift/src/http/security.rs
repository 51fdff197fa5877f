//! Security: which credentials are enough for an operation.
//!
//! Schemes are compared by what a caller sends and where the caller obtains it. Their names do not matter.
//! Where the same requirements mean something else because a scheme was redefined, the scheme is the cause,
//! and its entry names every operation that requires it.

mod credentials;
mod schemes;

use super::{Scope, Walk};
use crate::at::At;
use crate::finding::{Finding, Spot, Verdict};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::side::Side;
use crate::text::quoted;
use credentials::{Alike, Enough, Together, expand, scheme, ways, words};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub(super) use schemes::compare as schemes;

/// One requirement as it is written: schemes by name, with the scopes asked for.
struct Requirement<'a> {
    schemes: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Where it is written; nowhere, where nothing is asked for.
    at: Option<Rc<str>>,
}

/// What an operation asks for: any one of these.
struct Demand<'a> {
    any: Vec<Requirement<'a>>,
    /// Where that is written; nowhere, where nothing is asked for.
    at: Option<Rc<str>>,
}

impl<'a> Demand<'a> {
    /// The schemes it names.
    fn names(&self) -> BTreeSet<&'a str> {
        let names = self.any.iter().flat_map(|one| one.schemes.keys().copied());
        names.collect()
    }
}

/// Compares what an operation asks for.
pub(super) fn compare<'a>(walk: &mut Walk<'a>, scope: &Scope, old: &At<'a>, new: &At<'a>) {
    let base = demand(&walk.engine.base, old);
    let revision = demand(&walk.engine.revision, new);
    let scope = scope.sent("security");
    let difference = Difference::of(walk, &base, &revision, &Alike::new());
    let places = (home(&base, &revision, old), home(&revision, &base, new));
    if difference.is_none() {
        return match difference.unnamed.is_some() || difference.named.is_some() {
            true => unnamed(walk, &scope, difference, &places),
            false => exchanged(walk, &scope, (&base, &revision), &places),
        };
    }
    let redefined = redefined(walk, &base, &revision);
    let mut alike = Alike::new();
    for name in redefined {
        let effect = schemes::redefined(walk, &scope, name);
        alike.insert(name, effect == Effect::Widened);
    }
    let left = match alike.is_empty() {
        true => difference,
        false => Difference::of(walk, &base, &revision, &alike),
    };
    for (at, lost) in &left.lost {
        let message = format!("{} is no longer enough", words(lost));
        let finding = Finding::new(Kind::SecurityNarrowed, Effect::Narrowed, message);
        let place = at.as_ref().map_or(places.0.clone(), Spot::from);
        walk.hit(&scope, finding.at(place, places.1.clone()));
    }
    if !left.lost.is_empty() {
        return;
    }
    for (at, gained) in &left.gained {
        let message = format!("{} is enough now", words(gained));
        let finding = Finding::new(Kind::SecurityWidened, Effect::Widened, message);
        let place = at.as_ref().map_or(places.1.clone(), Spot::from);
        walk.hit(&scope, finding.at(places.0.clone(), place));
    }
}

/// Credentials and where they are asked for.
type Listed = (Option<Rc<str>>, Together);

/// What was enough and no longer is, and the reverse.
struct Difference {
    lost: Vec<Listed>,
    gained: Vec<Listed>,
    /// Of those that let in whom others let in too, one that is no longer listed.
    unnamed: Option<Together>,
    /// The reverse of that.
    named: Option<Together>,
}

impl Difference {
    /// `alike`: schemes that count as the same on both sides.
    fn of(walk: &Walk<'_>, base: &Demand<'_>, revision: &Demand<'_>, alike: &Alike<'_>) -> Self {
        let old = expand(&walk.engine.base, &base.any, alike);
        let new = expand(&walk.engine.revision, &revision.any, alike);
        // Of one requirement the first way that is rejected is enough.
        let missing = |of: &[Listed], any: &[Listed]| {
            let enough = Enough::of(any);
            let mut missing: Vec<Listed> = of.to_vec();
            missing.retain(|(_, one)| !enough.let_in(one));
            missing.dedup_by(|one, other| one.0 == other.0);
            missing
        };
        let unlisted = |of: &[Listed], other: &[Listed]| {
            let known: BTreeSet<&Together> = other.iter().map(|(_, one)| one).collect();
            let mut of = of.iter().map(|(_, one)| one);
            of.find(|one| !known.contains(one)).cloned()
        };
        Self {
            lost: missing(&old, &new),
            gained: missing(&new, &old),
            unnamed: unlisted(&old, &new),
            named: unlisted(&new, &old),
        }
    }

    fn is_none(&self) -> bool {
        self.lost.is_empty() && self.gained.is_empty()
    }
}

/// Schemes that both documents define, of which others are asked for now: they are the same on the
/// wire. What was only renamed is said of the scheme itself.
fn exchanged(
    walk: &mut Walk<'_>,
    scope: &Scope,
    (base, revision): (&Demand<'_>, &Demand<'_>),
    places: &(Spot, Spot),
) {
    let (old, new) = (base.names(), revision.names());
    let is_both = |name: &&&str| {
        let sides = [&walk.engine.base, &walk.engine.revision];
        sides.iter().all(|side| scheme(side, name).is_some())
    };
    let gone: BTreeSet<&str> = old.difference(&new).filter(is_both).copied().collect();
    let come: BTreeSet<&str> = new.difference(&old).filter(is_both).copied().collect();
    let message = match (gone.is_empty(), come.is_empty()) {
        (true, true) => return,
        (false, true) => format!("{} need not be named any more", quoted(&gone)),
        (true, false) => format!("{} is named too", quoted(&come)),
        (false, false) => format!("{} stands in place of {}", quoted(&come), quoted(&gone)),
    };
    let message = format!("{message}: the same credentials are enough");
    let finding = Finding::new(Kind::SecuritySchemeChanged, Effect::Equal, message);
    walk.hit(scope, finding.at(&places.0, &places.1));
}

/// A caller with optional credentials is accepted without them too, but may receive more with them.
fn unnamed(walk: &mut Walk<'_>, scope: &Scope, difference: Difference, places: &(Spot, Spot)) {
    let message = match (difference.unnamed, difference.named) {
        (Some(gone), _) => format!("{} is no longer named; less is enough", words(&gone)),
        (None, Some(come)) => format!("{} is named too; less is enough", words(&come)),
        (None, None) => return,
    };
    let finding = Finding::new(Kind::SecurityWidened, Effect::Equal, message)
        .judged(Verdict::Fixed(Severity::Compatible));
    walk.hit(scope, finding.at(&places.0, &places.1));
}

/// The schemes asked for under the same name on both sides that are not the same on the wire.
fn redefined<'a>(walk: &Walk<'a>, base: &Demand<'a>, revision: &Demand<'a>) -> BTreeSet<&'a str> {
    let (old, new) = (base.names(), revision.names());
    let both = old.intersection(&new).copied();
    let (base, revision) = (&walk.engine.base, &walk.engine.revision);
    let defined = |name: &&str| scheme(base, name).is_some() && scheme(revision, name).is_some();
    both.filter(defined)
        .filter(|name| ways(base, name) != ways(revision, name))
        .collect()
}

fn demand<'a>(side: &Side<'a>, operation: &At<'a>) -> Demand<'a> {
    let list = operation.get("security").or(side.root.get("security"));
    let items = list
        .iter()
        .flat_map(|list| list.items().collect::<Vec<_>>());
    let requirement = |at: At<'a>| {
        let asked = at.node.members().iter().map(|member| {
            let scopes = member.value.items().iter();
            let scopes = scopes.filter_map(contract::Node::as_str);
            (member.key.as_str(), scopes.collect())
        });
        Requirement {
            schemes: asked.collect(),
            at: Some(at.pointer),
        }
    };
    let mut any: Vec<Requirement<'a>> = items.map(requirement).collect();
    if any.is_empty() {
        any.push(Requirement {
            schemes: BTreeMap::new(),
            at: None,
        });
    }
    Demand {
        any,
        at: list.map(|list| list.pointer),
    }
}

/// Where it is written, or else where it would be, which is the root for all operations together
/// if the other document asks for it there.
fn home(of: &Demand<'_>, other: &Demand<'_>, operation: &At<'_>) -> Spot {
    let missing = |pointer: Rc<str>| Spot {
        pointer,
        exact: false,
    };
    match (&of.at, other.at.as_deref()) {
        (Some(at), _) => Spot::from(at),
        (None, Some("/security")) => missing(Rc::from("")),
        (None, _) => missing(operation.place_of("security")),
    }
}
