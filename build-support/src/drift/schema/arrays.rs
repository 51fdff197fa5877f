//! Items and what else is said of lists.

use super::set::Set;
use super::view::{Limit, View};
use super::{Comparison, bounds, home, place};
use crate::drift::at::At;
use crate::drift::finding::Finding;
use crate::drift::kind::Kind;
use crate::drift::report::Effect;

/// Everything about lists, where both accept them.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let lengths = b
        .arrays
        .iter()
        .chain(&r.arrays)
        .map(|part| part.first.len());
    let most = most(b).filter(|&most| Some(most) == self::most(r));
    for index in 0..lengths.max().unwrap_or(0).min(most.unwrap_or(usize::MAX)) {
        items(c, (b, item(b, index)), (r, item(r, index)));
    }
    bounds::limit(c, b, r, Limit::MinItems, true);
    if most.is_none() {
        items(c, (b, item(b, usize::MAX)), (r, item(r, usize::MAX)));
        bounds::limit(c, b, r, Limit::MaxItems, true);
    }
    unique(c, b, r);
    contains(c, b, r);
    unevaluated(c, b, r);
}

/// How many items there can be, where the first ones are told apart: `items: false` after two of
/// them says the same as `maxItems: 2`.
fn most(view: &View<'_>) -> Option<usize> {
    let parts = view.arrays.iter().filter(|part| !part.first.is_empty());
    let longest = parts.clone().map(|part| part.first.len()).max()?;
    let closed = parts.filter(|part| {
        let rest = part.rest.as_ref();
        rest.is_some_and(|rest| rest.node.as_bool() == Some(false))
    });
    let closed = closed.map(|part| part.first.len());
    let bound = view.bounds.get(&Limit::MaxItems);
    let bound = bound.map(|bound| bound.value as usize);
    closed.chain(bound).min().filter(|most| *most <= longest)
}

/// The schemas an item must meet.
fn item<'a>(view: &View<'a>, index: usize) -> Vec<At<'a>> {
    let parts = view.arrays.iter();
    parts
        .filter_map(|part| part.first.get(index).or(part.rest.as_ref()).cloned())
        .collect()
}

type Of<'v, 'a> = (&'v View<'a>, Vec<At<'a>>);

fn items<'a>(c: &mut Comparison<'_, 'a>, (b, base): Of<'_, 'a>, (r, revision): Of<'_, 'a>) {
    if base.is_empty() && revision.is_empty() {
        return;
    }
    let base = Set::all(base).within(&home(b));
    c.part(base, Set::all(revision).within(&home(r)));
}

fn unique<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
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

fn contains<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let sets = (Set::all(b.contains.clone()), Set::all(r.contains.clone()));
    let capped = [b, r]
        .iter()
        .any(|view| view.bounds.contains_key(&Limit::MaxContains));
    let (kind, effect, message) = match (b.contains.is_empty(), r.contains.is_empty()) {
        (true, true) => return,
        (false, false) => {
            bounds::limit(c, b, r, Limit::MinContains, true);
            bounds::limit(c, b, r, Limit::MaxContains, true);
            match capped {
                false => return c.part(sets.0, sets.1),
                true if c.effect(&sets.0, &sets.1) == Effect::Equal => return,
                true => (
                    Kind::ContainsChanged,
                    Effect::Undecided,
                    "what is counted changed",
                ),
            }
        }
        (true, false) => (
            Kind::ContainsNarrowed,
            Effect::Narrowed,
            "the list must contain certain items",
        ),
        (false, true) => (
            Kind::ContainsWidened,
            Effect::Widened,
            "the list need not contain certain items",
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
    let (base, revision) = (&b.unevaluated_items, &r.unevaluated_items);
    let (kind, effect, message) = match (base.is_empty(), revision.is_empty()) {
        (true, true) => return,
        (false, false) => return c.part(Set::all(base.clone()), Set::all(revision.clone())),
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
