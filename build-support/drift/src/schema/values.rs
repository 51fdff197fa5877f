//! `enum`, `const` and `x-extensible-enum`.

use super::amount::Amount;
use super::canonical::canonical;
use super::side::Side;
use super::types::Types;
use super::view::{Bound, Limit, Values, View};
use super::{Comparison, evaluate, formats, patterns, place, site};
use crate::at::At;
use crate::finding::{Finding, Verdict, effect};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::text::brief;
use contract::{Node, Value};
use std::cmp::Ordering;
use std::collections::HashSet;

/// The lists of accepted values.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    match (&b.values, &r.values) {
        (None, None) => {}
        (Some(base), Some(revision)) => both(c, (b, base), (r, revision)),
        (None, Some(revision)) => added(c, b, r, revision),
        (Some(base), None) => removed(c, b, r, base),
    }
    known(c, b, r);
}

/// The values of a list that the rest of the schema accepts too, null apart. Where numbers are
/// listed and texts were meant, or the reverse, the list shows what is meant.
pub(super) fn accepted<'a>(side: &Side<'a>, view: &View<'a>, values: &Values<'a>) -> Vec<At<'a>> {
    let listed = values.list.iter().filter(|at| !at.node.is_null());
    let typed = |at: &&At<'a>| is_typed(view, at.node);
    let is_meant = !listed.clone().any(|at| typed(&at));
    let fitting = listed.filter(|at| (is_meant || typed(at)) && fits(view, at.node));
    let logical =
        fitting.filter(|at| is_meant || evaluate::accepts(side, view, at.node) != Some(false));
    logical.cloned().collect()
}

fn both<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, base): (&View<'a>, &Values<'a>),
    (r, revision): (&View<'a>, &Values<'a>),
) {
    let old = accepted(&c.engine.base, b, base);
    let new = accepted(&c.engine.revision, r, revision);
    let text = c.way.text;
    let only = |of: &[At<'a>], other: &[At<'a>]| -> Vec<At<'a>> {
        let keys: HashSet<String> = other.iter().map(|at| key(at.node, text)).collect();
        let known = |at: &&At<'a>| keys.contains(&key(at.node, text));
        of.iter().filter(|at| !known(at)).cloned().collect()
    };
    let (gone, come) = (only(&old, &new), only(&new, &old));
    changed(c, (&base.at, &old, gone), (&revision.at, &new, come));
}

type Listed<'v, 'a> = (&'v At<'a>, &'v [At<'a>], Vec<At<'a>>);

/// Reports what two lists do not have in common: each by its place, its values and those that the
/// other lacks.
pub(super) fn changed<'a>(
    c: &mut Comparison<'_, 'a>,
    (base_at, old, gone): Listed<'_, 'a>,
    (revision_at, new, come): Listed<'_, 'a>,
) {
    if let ([from], [to], 1, 1) = (gone.as_slice(), come.as_slice(), old.len(), new.len()) {
        let message = format!(
            "the only value changed from `{}` to `{}`",
            brief(from.node),
            brief(to.node)
        );
        let finding = Finding::new(Kind::ConstChanged, Effect::Both, message);
        c.out.findings.push(finding.at(&from.pointer, &to.pointer));
        return;
    }
    for value in gone {
        let message = format!("the value `{}` was removed", brief(value.node));
        let finding = Finding::new(Kind::EnumValueRemoved, Effect::Narrowed, message);
        c.out
            .findings
            .push(finding.at(&value.pointer, &revision_at.pointer));
    }
    let is_open = c.engine.options.open_enums.is_open(&revision_at.pointer) && !c.is_request();
    for value in come {
        let message = format!("the value `{}` was added", brief(value.node));
        let mut finding = Finding::new(Kind::EnumValueAdded, Effect::Widened, message);
        if is_open {
            finding = finding.judged(Verdict::AtMost(Severity::Warning));
        }
        c.out
            .findings
            .push(finding.at(&base_at.pointer, &value.pointer));
    }
}

/// The identity of a value; as a text, 1 and "1" are the same.
fn key(node: &Node, text: bool) -> String {
    match &node.value {
        Value::String(value) if text => value.clone(),
        Value::Bool(value) if text => value.to_string(),
        Value::Null if text => String::new(),
        Value::Number(_) if text => match Amount::of(node) {
            Some(number) => number.to_string(),
            None => canonical(node),
        },
        _ => canonical(node),
    }
}

fn added<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, values: &Values<'a>) {
    let listing = accepted(&c.engine.revision, r, values);
    if lists_all(b, r, values, &listing) {
        return;
    }
    let fits = fitting(&c.engine.base, b, &listing);
    // Where it cannot be said, a value is searched for that fails.
    let effect = effect(!lists_range(b, &listing), fits == Some(false));
    let finding = Finding::new(
        Kind::EnumAdded,
        effect,
        format!("the values were limited to {}", listed(values)),
    );
    c.out.findings.push(finding.at(site(b), &values.at.pointer));
}

fn removed<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>, values: &Values<'a>) {
    let listing = accepted(&c.engine.base, b, values);
    if lists_all(r, b, values, &listing) {
        return;
    }
    let fits = fitting(&c.engine.revision, r, &listing);
    let effect = effect(fits == Some(false), !lists_range(r, &listing));
    let mut finding = Finding::new(
        Kind::EnumRemoved,
        effect,
        format!("the values are no longer limited to {}", listed(values)),
    );
    let is_enum = !values.at.pointer.ends_with("/const");
    let is_open = c.engine.options.open_enums.is_open(&values.at.pointer) && !c.is_request();
    if is_enum && is_open {
        finding = finding.judged(Verdict::AtMost(Severity::Warning));
    }
    c.out.findings.push(finding.at(&values.at.pointer, site(r)));
}

/// Whether a view accepts all of some values; `None` where that cannot be said.
fn fitting<'a>(side: &Side<'a>, view: &View<'a>, values: &[At<'a>]) -> Option<bool> {
    let mut unknown = false;
    for at in values {
        match evaluate::accepts(side, view, at.node) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(true)
}

/// How many whole numbers are looked at one by one.
const MOST_NUMBERS: i128 = 1_000;

/// Whether a list holds every value that a view accepts, and no other.
fn lists_all<'a>(
    free: &View<'a>,
    listed: &View<'a>,
    values: &Values<'a>,
    accepted: &[At<'a>],
) -> bool {
    let fits = |at: &At<'a>| admits(free, at.node);
    lists_both(free, listed, values) || lists_range(free, accepted) && accepted.iter().all(fits)
}

/// Whether every whole number of a range is listed, or the empty string where there is no other.
fn lists_range(free: &View<'_>, accepted: &[At<'_>]) -> bool {
    let is_empty = |bound: &Bound<'_>| bound.value == Amount::whole(0);
    if free.types().without(Types::NULL) == Types::STRING {
        let texts: HashSet<&str> = accepted.iter().filter_map(|at| at.node.as_str()).collect();
        let is_none = free.bounds.get(&Limit::MaxLength).is_some_and(is_empty);
        return is_none && texts.contains("") || lists_pattern(free, &texts);
    }
    let is_whole = free.types().without(Types::NULL) == Types::INTEGER;
    let bound = |limit| free.bounds.get(&limit)?.value.to_i128();
    let (Some(least), Some(most)) = (bound(Limit::Minimum), bound(Limit::Maximum)) else {
        return false;
    };
    let numbers: HashSet<Option<i128>> = accepted
        .iter()
        .map(|at| Amount::of(at.node).and_then(Amount::to_i128))
        .collect();
    let is_met = |number: i128| {
        let number = Amount::whole(number);
        let within = |limit| within(free, limit, number);
        let mut steps = free.multiples.iter();
        within(Limit::Minimum)
            && within(Limit::Maximum)
            && steps.all(|(step, _)| number.is_multiple_of(*step))
    };
    is_whole
        && most.saturating_sub(least) <= MOST_NUMBERS
        && (least..=most).all(|number| !is_met(number) || numbers.contains(&Some(number)))
}

/// Whether every text of a pattern is listed that the rest of the view accepts.
fn lists_pattern(free: &View<'_>, listed: &HashSet<&str>) -> bool {
    let mut patterns = free.patterns.iter();
    let Some(texts) = patterns.find_map(|(pattern, _)| patterns::texts(pattern)) else {
        return false;
    };
    let mut texts = texts.iter();
    texts.all(|text| listed.contains(text.as_str()) || !fits_text(free, text))
}

/// `true` and `false` are all there is.
fn lists_both(free: &View<'_>, listed: &View<'_>, values: &Values<'_>) -> bool {
    let is_boolean = |view: &View<'_>| view.types().without(Types::NULL) == Types::BOOLEAN;
    let has = |wanted| {
        values
            .list
            .iter()
            .any(|at| at.node.as_bool() == Some(wanted))
    };
    is_boolean(free) && is_boolean(listed) && has(true) && has(false)
}

fn listed(values: &Values<'_>) -> String {
    crate::text::shorten(&crate::text::quoted(
        values.list.iter().map(|at| brief(at.node)),
    ))
}

/// Whether the plain keywords of a view accept a value. What takes more to say is taken as
/// accepting.
pub(super) fn admits(view: &View<'_>, value: &Node) -> bool {
    is_typed(view, value) && fits(view, value)
}

fn is_typed(view: &View<'_>, value: &Node) -> bool {
    view.declared
        .unwrap_or(Types::ALL)
        .has(Types::of_value(value))
}

fn fits(view: &View<'_>, value: &Node) -> bool {
    match &value.value {
        Value::Number(_) => Amount::of(value).is_none_or(|number| {
            within(view, Limit::Minimum, number)
                && within(view, Limit::Maximum, number)
                && view
                    .multiples
                    .iter()
                    .all(|(step, _)| number.is_multiple_of(*step))
        }),
        Value::String(text) => fits_text(view, text),
        _ => true,
    }
}

fn fits_text(view: &View<'_>, text: &str) -> bool {
    let length = Amount::whole(text.chars().count() as i128);
    let (mut formats, mut patterns) = (view.formats.iter(), view.patterns.iter());
    within(view, Limit::MinLength, length)
        && within(view, Limit::MaxLength, length)
        && formats.all(|(format, _)| formats::fits(format, text))
        && patterns.all(|(pattern, _)| patterns::matches(pattern, text))
}

/// Whether a size is within a bound.
pub(super) fn within(view: &View<'_>, limit: Limit, size: Amount) -> bool {
    let Some(bound) = view.bounds.get(&limit) else {
        return true;
    };
    match (limit, size.order(bound.value)) {
        (_, Ordering::Equal) => !bound.exclusive,
        (Limit::Maximum | Limit::MaxLength | Limit::MaxItems, order) => order.is_lt(),
        (Limit::MaxProperties | Limit::MaxContains, order) => order.is_lt(),
        (_, order) => order.is_gt(),
    }
}

/// `x-extensible-enum`: readers expect values they do not know.
fn known<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (Some(base), Some(revision)) = (&b.known_values, &r.known_values) else {
        if b.known_values.is_none() && r.known_values.is_none() {
            return;
        }
        let (kind, effect) = match b.known_values.is_some() {
            true => (Kind::KnownValueAdded, Effect::Widened),
            false => (Kind::KnownValueRemoved, Effect::Narrowed),
        };
        let places = (place(&b.known_values, b), place(&r.known_values, r));
        let finding = Finding::new(kind, effect, "an extensible enum came or went")
            .judged(Verdict::AtMost(Severity::Warning));
        c.out.findings.push(finding.at(&places.0, &places.1));
        return;
    };
    let missing = |of: &At<'a>, other: &At<'a>| -> Vec<At<'a>> {
        let keys: HashSet<String> = other.node.items().iter().map(canonical).collect();
        of.items()
            .filter(|at| !keys.contains(&canonical(at.node)))
            .collect()
    };
    for value in missing(base, revision) {
        let message = format!("the known value `{}` was removed", brief(value.node));
        let finding = Finding::new(Kind::KnownValueRemoved, Effect::Narrowed, message);
        c.out
            .findings
            .push(finding.at(&value.pointer, &revision.pointer));
    }
    for value in missing(revision, base) {
        let message = format!("the known value `{}` was added", brief(value.node));
        let finding = Finding::new(Kind::KnownValueAdded, Effect::Widened, message)
            .judged(Verdict::AtMost(Severity::Warning));
        c.out
            .findings
            .push(finding.at(&base.pointer, &value.pointer));
    }
}
