//! Items and what else is said of lists.

use super::amount::Amount;
use super::reduce;
use super::set::Set;
use super::side::Side;
use super::view::{Limit, View};
use super::{Comparison, bounds, home, interplay, place};
use crate::at::At;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Effect;

/// Everything about lists, where both accept them.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let lengths = b
        .arrays
        .iter()
        .chain(&r.arrays)
        .map(|part| part.first.len());
    let (old, new) = (most(&c.engine.base, b), most(&c.engine.revision, r));
    let most = old.filter(|&most| Some(most) == new);
    // What both accept has no more items than either allows.
    let shared = [b, r].into_iter().filter_map(|view| {
        let bound = view.bounds.get(&Limit::MaxItems)?;
        usize::try_from(bound.value.to_i128()?).ok()
    });
    // After an item that cannot be there is none.
    let ends = [
        reduce::ends(&c.engine.base, b),
        reduce::ends(&c.engine.revision, r),
    ];
    let ends = ends.into_iter().flatten().map(|end| end + 1);
    let shared = shared.chain(ends).min().unwrap_or(usize::MAX);
    let listed = lengths.max().unwrap_or(0);
    for index in 0..listed.min(most.unwrap_or(usize::MAX)).min(shared) {
        items(c, (b, placed(b, index)), (r, placed(r, index)));
    }
    bounds::limit(c, b, r, Limit::MinItems);
    let is_stated = [b, r].iter().any(|view| !item(view, usize::MAX).is_empty());
    if most.is_none() {
        if shared > listed && is_stated {
            items(c, (b, placed(b, usize::MAX)), (r, placed(r, usize::MAX)));
        }
        bounds::limit(c, b, r, Limit::MaxItems);
    }
    unique(c, b, r);
    contains(c, b, r);
    if !is_stated {
        unevaluated(c, b, r);
    }
}

/// How many items there can be, where the first ones have own schemas: `items: false` after two of
/// them says the same as `maxItems: 2`.
fn most<'a>(side: &Side<'a>, view: &View<'a>) -> Option<usize> {
    let parts = view.arrays.iter();
    let longest = parts
        .clone()
        .map(|part| part.first.len())
        .max()
        .unwrap_or(0);
    let closed = parts.filter(|part| {
        let rest = part.rest.as_ref();
        rest.is_some_and(|rest| rest.node.as_bool() == Some(false))
    });
    let closed = closed.map(|part| part.first.len());
    let bound = view.bounds.get(&Limit::MaxItems);
    let bound = bound.and_then(|bound| usize::try_from(bound.value.to_i128()?).ok());
    closed
        .chain(bound)
        .chain(reduce::ends(side, view))
        .min()
        .filter(|most| *most <= longest)
}

/// The schemas an item must meet.
fn item<'a>(view: &View<'a>, index: usize) -> Vec<At<'a>> {
    let parts = view.arrays.iter();
    parts
        .filter_map(|part| part.first.get(index).or(part.rest.as_ref()).cloned())
        .collect()
}

/// The same for an item that is listed somewhere: where nothing else speaks of it, it is left over.
fn placed<'a>(view: &View<'a>, index: usize) -> Vec<At<'a>> {
    match item(view, index) {
        found if found.is_empty() => left_over(view),
        found => found,
    }
}

type Of<'v, 'a> = (&'v View<'a>, Vec<At<'a>>);

fn items<'a>(c: &mut Comparison<'_, 'a>, (b, base): Of<'_, 'a>, (r, revision): Of<'_, 'a>) {
    if base.is_empty() && revision.is_empty() {
        return;
    }
    let base = Set::all(base).within(&home(b));
    let revision = Set::all(revision).within(&home(r));
    let is_counted = !b.contains.is_empty() || !r.contains.is_empty();
    match is_counted || interplay::is_conditional(b) || interplay::is_conditional(r) {
        true => c.beside(base, revision),
        false => c.inside(base, revision, true),
    }
}

fn unique<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let is_single = |side: &Side<'a>, view: &View<'a>| {
        let most = view.bounds.get(&Limit::MaxItems);
        most.is_some_and(|most| most.value.order(Amount::whole(1)).is_le())
            || reduce::ends(side, view).is_some_and(|most| most <= 1)
    };
    // One item alone never repeats.
    if is_single(&c.engine.base, b) || is_single(&c.engine.revision, r) {
        return;
    }
    let (kind, effect, message) = match (&b.unique, &r.unique) {
        (None, Some(_)) => (
            Kind::UniqueItemsNarrowed,
            Effect::Narrowed,
            "items may no longer repeat",
        ),
        (Some(_), None) => (
            Kind::UniqueItemsWidened,
            Effect::Widened,
            "items may repeat",
        ),
        _ => return,
    };
    let places = (place(&b.unique, b), place(&r.unique, r));
    c.out
        .findings
        .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
}

/// What a list must contain. With `minContains: 0` it need not, and only a maximum counts.
fn asked<'a>(view: &View<'a>) -> Vec<At<'a>> {
    let none = |bound: &super::view::Bound<'a>| bound.value == Amount::whole(0);
    let idle = view.bounds.get(&Limit::MinContains).is_some_and(none)
        && !view.bounds.contains_key(&Limit::MaxContains);
    match idle {
        true => Vec::new(),
        false => view.contains.clone(),
    }
}

fn contains<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (old, new) = (asked(b), asked(r));
    let is_asked = (!old.is_empty(), !new.is_empty());
    let sets = (Set::all(old), Set::all(new));
    let capped = [b, r]
        .iter()
        .any(|view| view.bounds.contains_key(&Limit::MaxContains));
    let (kind, effect, message) = match is_asked {
        (false, false) => return,
        (true, true) => {
            bounds::limit(c, b, r, Limit::MinContains);
            bounds::limit(c, b, r, Limit::MaxContains);
            match capped {
                false => return c.beside(sets.0, sets.1),
                true if c.is_equal(&sets.0, &sets.1) => return,
                true => (Kind::ContainsChanged, c.shown(), "what is counted changed"),
            }
        }
        (false, true) => (
            Kind::ContainsNarrowed,
            Effect::Narrowed,
            "the array must contain certain items",
        ),
        (true, false) => (
            Kind::ContainsWidened,
            Effect::Widened,
            "the array need not contain certain items",
        ),
    };
    let places = (
        place(&b.contains.first().cloned(), b),
        place(&r.contains.first().cloned(), r),
    );
    c.out
        .findings
        .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
}

fn unevaluated<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (base, revision) = (left_over(b), left_over(r));
    let (kind, effect, message) = match (base.is_empty(), revision.is_empty()) {
        (true, true) => return,
        (false, false) => {
            let sets = (Set::all(base.clone()), Set::all(revision.clone()));
            return c.part_of((b, sets.0), (r, sets.1));
        }
        (true, false) => (
            Kind::UnevaluatedNarrowed,
            Effect::Narrowed,
            "items left over must meet a schema",
        ),
        (false, true) => (
            Kind::UnevaluatedWidened,
            Effect::Widened,
            "items left over may be anything",
        ),
    };
    let places = (
        place(&base.first().cloned(), b),
        place(&revision.first().cloned(), r),
    );
    c.out
        .findings
        .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
}

/// What the remaining items must meet: there are none beside `items`.
fn left_over<'a>(view: &View<'a>) -> Vec<At<'a>> {
    let all_met = view.arrays.iter().any(|part| part.rest.is_some());
    let left = view.unevaluated_items.iter().filter(|_| !all_met);
    left.cloned().collect()
}
