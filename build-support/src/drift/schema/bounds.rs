//! Bounds and steps of numbers, lengths and counts.

use super::Comparison;
use super::keywords::is_stricter;
use super::place;
use super::types::Types;
use super::view::{Bound, Limit, View};
use crate::drift::at::At;
use crate::drift::finding::Finding;
use crate::drift::kind::Kind;
use crate::drift::report::Effect;

/// `minimum`, `maximum` and `multipleOf`, where both accept numbers.
pub(super) fn numbers<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, types: Types) {
    if !types.has(Types::NUMBER) {
        return;
    }
    let whole = !types.has(Types::FRACTION);
    limit(c, b, r, Limit::Minimum, whole);
    limit(c, b, r, Limit::Maximum, whole);
    steps(c, b, r, whole);
}

/// One bound.
pub(super) fn limit<'a>(
    c: &mut Comparison<'_, 'a>,
    b: &View<'a>,
    r: &View<'a>,
    limit: Limit,
    whole: bool,
) {
    let base = b
        .bounds
        .get(&limit)
        .and_then(|bound| settle(limit, bound, whole));
    let revision = r
        .bounds
        .get(&limit)
        .and_then(|bound| settle(limit, bound, whole));
    let narrowed = match (&base, &revision) {
        (None, None) => return,
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (Some(b), Some(r)) if is_stricter(limit, r, b) => true,
        (Some(b), Some(r)) if is_stricter(limit, b, r) => false,
        _ => return,
    };
    let kinds = kinds(limit);
    let (kind, effect) = match narrowed {
        true => (kinds.0, Effect::Narrowed),
        false => (kinds.1, Effect::Widened),
    };
    let message = message(limit, base.as_ref(), revision.as_ref());
    let places = (
        place(&base.map(|bound| bound.at), b),
        place(&revision.map(|bound| bound.at), r),
    );
    let finding = Finding::new(kind, effect, message).at(&places.0, &places.1);
    c.out.findings.push(finding);
}

/// Among whole numbers, "more than 0" is "at least 1"; and a count is never below zero.
fn settle<'a>(limit: Limit, bound: &Bound<'a>, whole: bool) -> Option<Bound<'a>> {
    let mut bound = bound.clone();
    if whole && limit == Limit::Minimum {
        let up = bound.value.ceil();
        bound.value = if bound.exclusive && up == bound.value {
            up + 1.0
        } else {
            up
        };
        bound.exclusive = false;
    } else if whole && limit == Limit::Maximum {
        let down = bound.value.floor();
        bound.value = if bound.exclusive && down == bound.value {
            down - 1.0
        } else {
            down
        };
        bound.exclusive = false;
    }
    let is_idle = match limit {
        Limit::MinLength | Limit::MinItems | Limit::MinProperties => bound.value <= 0.0,
        Limit::MinContains => bound.value == 1.0,
        _ => false,
    };
    (!is_idle).then_some(bound)
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

/// `multipleOf`: a multiple of the old step keeps only some of its numbers.
fn steps<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, whole: bool) {
    let one = |view: &View<'a>| -> Option<(f64, At<'a>)> {
        let greatest = view.multiples.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        greatest
            .filter(|(value, _)| !(whole && *value == 1.0))
            .cloned()
    };
    let (base, revision) = (one(b), one(r));
    let (kind, effect) = match (&base, &revision) {
        (None, None) => return,
        (None, Some(_)) => (Kind::MultipleOfNarrowed, Effect::Narrowed),
        (Some(_), None) => (Kind::MultipleOfWidened, Effect::Widened),
        (Some((b, _)), Some((r, _))) if b == r => return,
        (Some((b, _)), Some((r, _))) if is_multiple(*r, *b) => {
            (Kind::MultipleOfNarrowed, Effect::Narrowed)
        }
        (Some((b, _)), Some((r, _))) if is_multiple(*b, *r) => {
            (Kind::MultipleOfWidened, Effect::Widened)
        }
        _ => (Kind::MultipleOfChanged, Effect::Both),
    };
    let shown = |step: &Option<(f64, At<'a>)>| match step {
        Some((value, _)) => value.to_string(),
        None => "none".to_owned(),
    };
    let message = format!(
        "the step changed from {} to {}",
        shown(&base),
        shown(&revision)
    );
    let places = (
        place(&base.map(|step| step.1), b),
        place(&revision.map(|step| step.1), r),
    );
    let finding = Finding::new(kind, effect, message).at(&places.0, &places.1);
    c.out.findings.push(finding);
}

/// Whether one number is a multiple of another, as far as binary fractions can tell.
pub(super) fn is_multiple(of: f64, step: f64) -> bool {
    if step == 0.0 {
        return false;
    }
    let ratio = of / step;
    (ratio - ratio.round()).abs() <= 1e-9 * ratio.abs().max(1.0)
}
