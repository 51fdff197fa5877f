//! `not`, `if` and dynamic references.

use super::set::Set;
use super::side::Side;
use super::types::Types;
use super::view::{Condition, View};
use super::{Comparison, bounds, place, reduce, values};
use crate::at::At;
use crate::finding::{Finding, flip};
use crate::kind::Kind;
use crate::report::Effect;

/// What excludes and what depends.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let plain = |view: &View<'a>| {
        let listed = view
            .values
            .as_ref()
            .filter(|values| !values.list.is_empty());
        listed.is_some_and(|values| {
            values
                .list
                .iter()
                .all(|at| !at.is_object() && at.node.as_array().is_none())
        })
    };
    // Of plain values that are listed each was judged.
    if !(plain(b) && plain(r)) {
        excluded(c, b, r);
        conditions(c, b, r);
    }
    dynamic(c, b, r);
}

fn excluded<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let base = meant(&c.engine.base, b);
    let (mut gone, mut new) = (Vec::new(), meant(&c.engine.revision, r));
    for old in &base {
        let set = Set::one(old.clone());
        let same = new
            .iter()
            .position(|one| c.is_equal(&set, &Set::one(one.clone())));
        match same {
            Some(at) => drop(new.remove(at)),
            None => gone.push(old.clone()),
        }
    }
    let effect = match (gone.as_slice(), new.as_slice()) {
        ([], []) => return,
        ([], _) => Effect::Narrowed,
        (_, []) => Effect::Widened,
        ([old], [new]) => flip(c.effect(&Set::one(old.clone()), &Set::one(new.clone()))),
        _ => Effect::Undecided,
    };
    let effect = match effect {
        Effect::Undecided => c.shown(),
        known => known,
    };
    let kind = match effect {
        Effect::Narrowed => Kind::NotNarrowed,
        Effect::Widened => Kind::NotWidened,
        _ => Kind::NotChanged,
    };
    let places = (
        place(&gone.first().cloned(), b),
        place(&new.first().cloned(), r),
    );
    let finding = Finding::new(kind, effect, "what is excluded changed");
    c.out.findings.push(finding.at(&places.0, &places.1));
}

/// What is excluded of the values that are accepted at all: to exclude others excludes nothing.
fn meant<'a>(side: &Side<'a>, view: &View<'a>) -> Vec<At<'a>> {
    let occurs = |at: &&At<'a>| {
        let part = side.view(&Set::one((*at).clone()));
        let is_there = part.types().has(view.types()) && !asks_for_what_is_gone(view, &part);
        !part.is_unmet() && is_there && may_meet(view, &part)
    };
    view.excluded.iter().filter(occurs).cloned().collect()
}

/// Whether one asks objects for a property that the other rejects, and no other value meets both.
fn asks_for_what_is_gone<'a>(view: &View<'a>, part: &View<'a>) -> bool {
    let is_of_objects = part.types().and(view.types()) == Types::OBJECT;
    let is_gone = |name: &&str| {
        view.objects.iter().any(|own| {
            let is_closed = own
                .additional
                .as_ref()
                .is_some_and(|at| at.node.as_bool() == Some(false));
            is_closed && own.patterns.is_empty() && !own.properties.contains_key(*name)
        })
    };
    is_of_objects && part.required.keys().any(is_gone)
}

/// Whether some value may meet two views, as far as their lists of values and bounds tell.
fn may_meet<'a>(one: &View<'a>, other: &View<'a>) -> bool {
    let listed = |list: &View<'a>, free: &View<'a>| match &list.values {
        None => true,
        Some(values) => {
            let met = |at: &At<'a>| match &free.values {
                Some(known) => known.holds(at.node),
                None => true,
            };
            let fits = |at: &At<'a>| values::admits(free, at.node) && met(at);
            values.null || values.list.iter().any(fits)
        }
    };
    listed(one, other) && listed(other, one) && bounds::overlap(one, other)
}

fn conditions<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let mut new = telling(&c.engine.revision, r);
    let mut gone: Vec<&Condition<'a>> = Vec::new();
    for old in telling(&c.engine.base, b) {
        let test = Set::one(old.test.clone());
        let same = new
            .iter()
            .position(|one| c.is_equal(&test, &Set::one(one.test.clone())));
        match same {
            Some(at) => branches(c, (b, old), (r, new.remove(at))),
            None => gone.push(old),
        }
    }
    let (kind, effect) = match (gone.as_slice(), new.as_slice()) {
        ([], []) => return,
        ([], _) => (Kind::ConditionNarrowed, Effect::Narrowed),
        (_, []) => (Kind::ConditionWidened, Effect::Widened),
        ([old], [new]) => {
            let effect = tests(c, old, new).unwrap_or_else(|| c.shown());
            let kind = match effect {
                Effect::Narrowed => Kind::ConditionNarrowed,
                Effect::Widened => Kind::ConditionWidened,
                _ => Kind::ConditionChanged,
            };
            (kind, effect)
        }
        _ => (Kind::ConditionChanged, c.shown()),
    };
    let at = |list: &[&Condition<'a>]| list.first().map(|condition| condition.test.clone());
    let places = (place(&at(&gone), b), place(&at(&new), r));
    let finding = Finding::new(kind, effect, "what holds under a condition changed");
    c.out.findings.push(finding.at(&places.0, &places.1));
}

/// What another test does where the same follows from it: what fewer values have to meet leaves more.
fn tests<'a>(
    c: &mut Comparison<'_, 'a>,
    old: &Condition<'a>,
    new: &Condition<'a>,
) -> Option<Effect> {
    let mut same = |one: &Option<At<'a>>, other: &Option<At<'a>>| match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => c.is_equal(&Set::one(one.clone()), &Set::one(other.clone())),
        _ => false,
    };
    if !same(&old.then, &new.then) || !same(&old.otherwise, &new.otherwise) {
        return None;
    }
    let effect = c.effect(&Set::one(old.test.clone()), &Set::one(new.test.clone()));
    match (&old.then, &old.otherwise, effect) {
        (Some(_), None, Effect::Narrowed | Effect::Widened) => Some(flip(effect)),
        (None, Some(_), Effect::Narrowed | Effect::Widened) => Some(effect),
        _ => None,
    }
}

/// The conditions that some accepted value may meet, or that say something of those that do not.
fn telling<'v, 'a>(side: &Side<'a>, view: &'v View<'a>) -> Vec<&'v Condition<'a>> {
    let tells = |condition: &&Condition<'a>| {
        let test = side.view(&Set::one(condition.test.clone()));
        let types = test.declared.unwrap_or(Types::ALL);
        let is_met = types.has(view.types()) && may_meet(view, &test);
        is_met || condition.otherwise.is_some()
    };
    view.conditions.iter().filter(tells).collect()
}

type Of<'v, 'a> = (&'v View<'a>, &'v Condition<'a>);

fn branches<'a>(c: &mut Comparison<'_, 'a>, (b, old): Of<'_, 'a>, (r, new): Of<'_, 'a>) {
    let set = |branch: &Option<At<'a>>, condition: &Condition<'a>| {
        let set = Set::all(branch.iter().cloned().collect()).within(&condition.test.pointer);
        // Of the types that the branch is about, only those count that are accepted around it.
        let declared = branch.as_ref().map(|at| Types::declared_by(at.node));
        match declared.is_some_and(|declared| !declared.without(b.types().or(r.types())).is_empty())
        {
            true => set.restricted(b.types().or(r.types())),
            false => set,
        }
    };
    let (base, revision) = (&c.engine.base, &c.engine.revision);
    let types = b.types().or(r.types());
    let meets = |side: &Side<'a>, view: &View<'a>, branch: &Option<At<'a>>| {
        let branch = branch.as_ref().map(|at| side.view(&Set::one(at.clone())));
        branch.is_none_or(|branch| may_meet(view, &branch))
    };
    let fail = |one: &Option<At<'a>>, other: &Option<At<'a>>| {
        (reduce::fails(base, one, types) || !meets(base, b, one))
            && (reduce::fails(revision, other, types) || !meets(revision, r, other))
    };
    // A branch that nothing can meet forbids its condition, whatever it says.
    let moot = (
        fail(&old.then, &new.then),
        fail(&old.otherwise, &new.otherwise),
    );
    if !moot.0 {
        c.beside(set(&old.then, old), set(&new.then, new));
    }
    if !moot.1 {
        c.beside(set(&old.otherwise, old), set(&new.otherwise, new));
    }
}

fn dynamic<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let texts = |view: &View<'a>| -> Vec<Option<&str>> {
        view.dynamic.iter().map(|at| at.node.as_str()).collect()
    };
    if texts(b) == texts(r) {
        return;
    }
    let places = (
        place(&b.dynamic.first().cloned(), b),
        place(&r.dynamic.first().cloned(), r),
    );
    let message = "a dynamic reference leads elsewhere";
    let finding = Finding::new(Kind::DynamicChanged, Effect::Undecided, message);
    c.out.findings.push(finding.at(&places.0, &places.1));
}
