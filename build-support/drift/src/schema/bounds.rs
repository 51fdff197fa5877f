//! Bounds and steps of numbers, lengths and counts.

use super::Comparison;
use super::amount::Amount;
use super::formats;
use super::keywords::is_stricter;
use super::patterns;
use super::place;
use super::reduce;
use super::side::Side;
use super::types::Types;
use super::view::{Bound, Limit, View};
use crate::at::At;
use crate::finding::{Finding, effect, join};
use crate::kind::Kind;
use crate::report::Effect;
use std::cmp::Ordering;

/// Whether a value may lie within the bounds of two views. Only values of one kind are distinguished.
pub(super) fn overlap(one: &View<'_>, other: &View<'_>) -> bool {
    let shared = one.types().and(other.types());
    let pairs = [
        (Types::NUMBER, Limit::Minimum, Limit::Maximum),
        (Types::STRING, Limit::MinLength, Limit::MaxLength),
        (Types::ARRAY, Limit::MinItems, Limit::MaxItems),
        (Types::OBJECT, Limit::MinProperties, Limit::MaxProperties),
    ];
    let only = pairs
        .iter()
        .find(|(types, ..)| shared.without(*types).is_empty());
    let Some((_, least, most)) = only else {
        return true;
    };
    let beyond = |low: &View<'_>, high: &View<'_>| {
        let (Some(low), Some(high)) = (low.bounds.get(least), high.bounds.get(most)) else {
            return false;
        };
        let order = low.value.order(high.value);
        order.is_gt() || order.is_eq() && (low.exclusive || high.exclusive)
    };
    !(beyond(one, other) || beyond(other, one))
}

/// Whether the bounds of numbers leave no number between them.
pub(super) fn are_crossed(view: &View<'_>) -> bool {
    let whole = !view.types().has(Types::FRACTION);
    let (Some(low), Some(high)) = (
        in_force(view, Limit::Minimum, whole),
        in_force(view, Limit::Maximum, whole),
    ) else {
        return false;
    };
    let order = low.value.order(high.value);
    order.is_gt() || order.is_eq() && (low.exclusive || high.exclusive)
}

/// `minimum`, `maximum` and `multipleOf`, where both accept numbers.
pub(super) fn numbers<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, types: Types) {
    if !types.has(Types::NUMBER) {
        return;
    }
    let whole = !types.has(Types::FRACTION);
    if whole && whole_numbers(b).is_some_and(|numbers| Some(numbers) == whole_numbers(r)) {
        return;
    }
    for limit in [Limit::Minimum, Limit::Maximum] {
        let (base, revision) = (in_force(b, limit, whole), in_force(r, limit, whole));
        // What only formats say is reported as a change of format.
        if is_stated(&base) || is_stated(&revision) {
            report(c, (b, base), (r, revision), limit);
        }
    }
    steps(c, b, r, whole);
}

/// The whole numbers between stated bounds, where there are few.
fn whole_numbers(view: &View<'_>) -> Option<Vec<i128>> {
    const MOST: i128 = 1_000;
    let stated = |limit| {
        view.bounds
            .get(&limit)
            .and(in_force(view, limit, true))?
            .value
            .to_i128()
    };
    let (least, most) = (stated(Limit::Minimum)?, stated(Limit::Maximum)?);
    let is_met = |number: &i128| {
        let number = Amount::whole(*number);
        let mut steps = view.multiples.iter();
        steps.all(|(step, _)| number.is_multiple_of(*step))
    };
    (most.saturating_sub(least) <= MOST).then(|| (least..=most).filter(is_met).collect())
}

/// What a change of the format of whole numbers does, as far as no bound is stated.
pub(super) fn formats_of_whole(b: &View<'_>, r: &View<'_>) -> Effect {
    let limits = [Limit::Minimum, Limit::Maximum].into_iter();
    let each = limits.map(|limit| {
        let (base, revision) = (in_force(b, limit, true), in_force(r, limit, true));
        match is_stated(&base) || is_stated(&revision) {
            true => Effect::Equal,
            false => stricter(limit, base.as_ref(), revision.as_ref()),
        }
    });
    each.fold(Effect::Equal, join)
}

/// One bound of a length or a count.
pub(super) fn limit<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, limit: Limit) {
    let of = |view: &View<'a>| {
        let bound = view.bounds.get(&limit).cloned();
        let is_listed = |bound: &Bound<'a>| {
            let count = reduce::closed_count(view).filter(|_| limit == Limit::MaxProperties);
            count.is_some_and(|count| bound.value.order(Amount::whole(count)).is_ge())
        };
        // As many are asked for by name.
        let is_asked = |bound: &Bound<'a>| {
            let asked = Amount::whole(view.required.len() as i128);
            limit == Limit::MinProperties && bound.value.order(asked).is_le()
        };
        bound.filter(|bound| !is_idle(limit, bound) && !is_listed(bound) && !is_asked(bound))
    };
    let (base, revision) = (of(b), of(r));
    // A length that pattern or format ask for anyway makes no difference.
    let says_nothing = match stricter(limit, base.as_ref(), revision.as_ref()) {
        Effect::Narrowed => is_implied(limit, revision.as_ref(), (&c.engine.base, b)),
        _ => is_implied(limit, base.as_ref(), (&c.engine.revision, r)),
    };
    if !says_nothing {
        report(c, (b, base), (r, revision), limit);
    }
}

fn is_implied<'a>(
    limit: Limit,
    bound: Option<&Bound<'a>>,
    (side, by): (&Side<'a>, &View<'a>),
) -> bool {
    let Some(count) = bound.and_then(|bound| bound.value.to_i128()) else {
        return false;
    };
    let asked = || by.required.len() as i128;
    let contained = || match by.contains.is_empty() {
        true => 0,
        false => {
            let least = by.bounds.get(&Limit::MinContains);
            least.map_or(1, |least| least.value.to_i128().unwrap_or(0))
        }
    };
    match limit {
        Limit::MinItems if contained() >= count => return true,
        Limit::MinProperties if asked() >= count => return true,
        Limit::MaxItems => {
            return reduce::ends(side, by).is_some_and(|most| most as i128 <= count);
        }
        Limit::MaxProperties => {
            return reduce::closed_count(by).is_some_and(|most| most <= count);
        }
        _ => {}
    }
    let patterns = by
        .patterns
        .iter()
        .filter_map(|(text, _)| patterns::lengths(text));
    let formats = by
        .formats
        .iter()
        .filter_map(|(name, _)| formats::lengths(name));
    let mut least = by
        .patterns
        .iter()
        .map(|(text, _)| patterns::least(text) as i128);
    if limit == Limit::MinLength && least.any(|least| least >= count) {
        return true;
    }
    let mut lengths = patterns.chain(formats);
    lengths.any(|(least, most)| match limit {
        Limit::MinLength => least as i128 >= count,
        Limit::MaxLength => most.is_some_and(|most| most as i128 <= count),
        _ => false,
    })
}

/// The bound in force, stated or by the format of whole numbers; among the multiples of a step it
/// is one of them.
fn in_force<'a>(view: &View<'a>, limit: Limit, whole: bool) -> Option<Bound<'a>> {
    let is_minimum = limit == Limit::Minimum;
    let by_format = view.formats.iter().filter_map(|(name, at)| {
        let (least, most) = formats::whole_range(name)?;
        Some(Bound {
            value: Amount::whole(if is_minimum { least } else { most }),
            exclusive: false,
            at: at.clone(),
        })
    });
    let by_format = by_format.take(usize::from(whole));
    let stated = view.bounds.get(&limit).cloned().into_iter();
    let stated = stated.map(|bound| to_step(bound, is_minimum, step(view, whole)));
    // Of two that say the same, the one that is stated comes first.
    stated
        .chain(by_format)
        .reduce(|known, one| match is_stricter(limit, &one, &known) {
            true => one,
            false => known,
        })
}

fn is_stated(bound: &Option<Bound<'_>>) -> bool {
    let pointer = bound.as_ref().map(|bound| &bound.at.pointer);
    pointer.is_some_and(|pointer| !pointer.ends_with("/format"))
}

/// Among whole numbers, "more than 0" is "at least 1".
fn to_step<'a>(mut bound: Bound<'a>, up: bool, step: Option<Step<'a>>) -> Bound<'a> {
    let Some(Step { amount, .. }) = step else {
        return bound;
    };
    let rounded = bound.value.to_multiple(amount, up);
    bound.value = match (bound.exclusive && rounded == bound.value, up) {
        (false, _) => rounded,
        (true, true) => rounded.plus(amount),
        (true, false) => rounded.plus(amount.negative()),
    };
    bound.exclusive = false;
    bound
}

/// A count is never below zero, and `contains` asks for one item anyway.
fn is_idle(limit: Limit, bound: &Bound<'_>) -> bool {
    match limit {
        Limit::MinLength | Limit::MinItems | Limit::MinProperties => {
            bound.value.order(Amount::whole(0)) != Ordering::Greater
        }
        Limit::MinContains => bound.value == Amount::whole(1),
        _ => false,
    }
}

fn stricter(limit: Limit, base: Option<&Bound<'_>>, revision: Option<&Bound<'_>>) -> Effect {
    match (base, revision) {
        (None, None) => Effect::Equal,
        // Without `minContains`, one item is asked for (JSON Schema 2020-12, validation, 6.4.5).
        (None, Some(r)) if limit == Limit::MinContains && is_none(r) => Effect::Widened,
        (Some(b), None) if limit == Limit::MinContains && is_none(b) => Effect::Narrowed,
        (None, Some(_)) => Effect::Narrowed,
        (Some(_), None) => Effect::Widened,
        (Some(b), Some(r)) => effect(is_stricter(limit, r, b), is_stricter(limit, b, r)),
    }
}

fn is_none(bound: &Bound<'_>) -> bool {
    bound.value == Amount::whole(0)
}

type Of<'v, 'a> = (&'v View<'a>, Option<Bound<'a>>);

fn report<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, base): Of<'_, 'a>,
    (r, revision): Of<'_, 'a>,
    limit: Limit,
) {
    let effect = stricter(limit, base.as_ref(), revision.as_ref());
    let (narrowed, widened) = kinds(limit);
    let kind = match effect {
        Effect::Narrowed => narrowed,
        Effect::Widened => widened,
        _ => return,
    };
    let message = message(limit, base.as_ref(), revision.as_ref());
    let places = (
        place(&base.map(|bound| bound.at), b),
        place(&revision.map(|bound| bound.at), r),
    );
    let finding = Finding::new(kind, effect, message).at(&places.0, &places.1);
    c.out.findings.push(finding);
}

fn kinds(limit: Limit) -> (Kind, Kind) {
    match limit {
        Limit::Minimum => (Kind::MinimumNarrowed, Kind::MinimumWidened),
        Limit::Maximum => (Kind::MaximumNarrowed, Kind::MaximumWidened),
        Limit::MinLength => (Kind::MinLengthNarrowed, Kind::MinLengthWidened),
        Limit::MaxLength => (Kind::MaxLengthNarrowed, Kind::MaxLengthWidened),
        Limit::MinItems => (Kind::MinItemsNarrowed, Kind::MinItemsWidened),
        Limit::MaxItems => (Kind::MaxItemsNarrowed, Kind::MaxItemsWidened),
        Limit::MinProperties => (Kind::MinPropertiesNarrowed, Kind::MinPropertiesWidened),
        Limit::MaxProperties => (Kind::MaxPropertiesNarrowed, Kind::MaxPropertiesWidened),
        Limit::MinContains | Limit::MaxContains => (Kind::ContainsNarrowed, Kind::ContainsWidened),
    }
}

fn words(limit: Limit) -> &'static str {
    match limit {
        Limit::Minimum => "the lower bound",
        Limit::Maximum => "the upper bound",
        Limit::MinLength => "the shortest length",
        Limit::MaxLength => "the greatest length",
        Limit::MinItems => "the fewest items",
        Limit::MaxItems => "the most items",
        Limit::MinProperties => "the fewest properties",
        Limit::MaxProperties => "the most properties",
        Limit::MinContains => "the fewest items that `contains` asks for",
        Limit::MaxContains => "the most items that `contains` allows",
    }
}

fn message(limit: Limit, base: Option<&Bound<'_>>, revision: Option<&Bound<'_>>) -> String {
    let shown = |bound: &Bound<'_>| match bound.exclusive {
        true => format!("{} (exclusive)", bound.value),
        false => bound.value.to_string(),
    };
    let of = words(limit);
    match (base, revision) {
        (Some(base), Some(revision)) => {
            format!("{of} changed from {} to {}", shown(base), shown(revision))
        }
        (None, Some(revision)) => format!("{of} was set to {}", shown(revision)),
        (Some(base), None) => format!("{of} of {} went", shown(base)),
        (None, None) => String::new(),
    }
}

/// The step between numbers, and where it is stated; whole numbers have one anyway.
struct Step<'a> {
    amount: Amount,
    at: Option<At<'a>>,
}

/// The least step that all of them have in common.
fn step<'a>(view: &View<'a>, whole: bool) -> Option<Step<'a>> {
    let one = whole.then(|| Step {
        amount: Amount::whole(1),
        at: None,
    });
    view.multiples.iter().fold(one, |known, (amount, at)| {
        let stated = |amount| Step {
            amount,
            at: Some(at.clone()),
        };
        let Some(known) = known else {
            return Some(stated(*amount));
        };
        match known.amount.least_common(*amount) {
            Some(common) if common == known.amount => Some(known),
            Some(common) => Some(stated(common)),
            None => Some(stated(*amount)),
        }
    })
}

/// `multipleOf`: a multiple of the old step keeps only some of its numbers.
fn steps<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, whole: bool) {
    let (base, revision) = (step(b, whole), step(r, whole));
    let amount = |step: &Option<Step<'a>>| step.as_ref().map(|step| step.amount);
    let (kind, effect) = match (amount(&base), amount(&revision)) {
        (None, None) => return,
        (None, Some(_)) => (Kind::MultipleOfNarrowed, Effect::Narrowed),
        (Some(_), None) => (Kind::MultipleOfWidened, Effect::Widened),
        (Some(b), Some(r)) if b == r => return,
        (Some(b), Some(r)) if r.is_multiple_of(b) => (Kind::MultipleOfNarrowed, Effect::Narrowed),
        (Some(b), Some(r)) if b.is_multiple_of(r) => (Kind::MultipleOfWidened, Effect::Widened),
        _ => (Kind::MultipleOfChanged, Effect::Both),
    };
    let shown = |step: &Option<Step<'a>>| match step {
        Some(Step {
            amount,
            at: Some(_),
        }) => amount.to_string(),
        _ => "none".to_owned(),
    };
    let message = format!(
        "the step changed from {} to {}",
        shown(&base),
        shown(&revision)
    );
    let places = (
        place(&base.and_then(|step| step.at), b),
        place(&revision.and_then(|step| step.at), r),
    );
    let finding = Finding::new(kind, effect, message).at(&places.0, &places.1);
    c.out.findings.push(finding);
}
