//! Properties and what else is said of objects.

use super::properties::{Presence, Property, Which, closed_at, property, rest};
use super::set::Set;
use super::side::Side;
use super::types::Types;
use super::view::{Limit, View};
use super::{Comparison, bounds, place, site};
use crate::at::At;
use crate::finding::{Finding, Spot, Verdict};
use crate::guards;
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// Everything about objects, where both accept them.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    for name in names(b).union(&names(r)) {
        let base = property(c, Which::Base, b, name);
        let revision = property(c, Which::Revision, r, name);
        one(c, name, (b, base), (r, revision));
    }
    others(c, b, r);
    patterns(c, b, r);
    bounds::limit(c, b, r, Limit::MinProperties);
    bounds::limit(c, b, r, Limit::MaxProperties);
    property_names(c, b, r);
    dependents(c, b, r);
}

fn names<'a>(view: &View<'a>) -> BTreeSet<&'a str> {
    let declared = view.objects.iter().flat_map(|part| part.properties.keys());
    declared.chain(view.required.keys()).copied().collect()
}

type Of<'v, 'a> = (&'v View<'a>, Property<'a>);

fn one<'a>(c: &mut Comparison<'_, 'a>, name: &str, base: Of<'_, 'a>, revision: Of<'_, 'a>) {
    match (base.1.presence.is_there(), revision.1.presence.is_there()) {
        (false, false) => rejected(c, name, &base, &revision),
        (false, true) => added(c, name, &base, &revision),
        (true, false) => removed(c, name, &base, &revision),
        (true, true) => kept(c, name, base, revision),
    }
}

/// A property that could be there, like any other, and must not be any more; or the reverse.
fn rejected<'a>(
    c: &mut Comparison<'_, 'a>,
    name: &str,
    (b, base): &Of<'_, 'a>,
    (r, revision): &Of<'_, 'a>,
) {
    let (kind, effect, word) = match (base.forbidden, revision.forbidden) {
        (false, true) if revision.at.is_some() && base.presence == Presence::Absent => (
            Kind::AdditionalPropertiesNarrowed,
            Effect::Narrowed,
            "is rejected now",
        ),
        (true, false) if base.at.is_some() && revision.presence == Presence::Absent => (
            Kind::AdditionalPropertiesWidened,
            Effect::Widened,
            "is no longer rejected",
        ),
        (true, true) => match (&base.required_at, &revision.required_at) {
            (None, Some(_)) => (
                Kind::PropertyBecameRequired,
                Effect::Narrowed,
                "is required, which is rejected too: no object is accepted",
            ),
            (Some(_), None) => (
                Kind::PropertyBecameOptional,
                Effect::Widened,
                "is no longer required, which was rejected too",
            ),
            _ => return,
        },
        _ => return,
    };
    let message = format!("the property `{name}` {word}");
    let finding = Finding::new(kind, effect, message).of(name);
    c.out
        .findings
        .push(finding.at(base.place(b), revision.place(r)));
}

fn kept<'a>(
    c: &mut Comparison<'_, 'a>,
    name: &str,
    (b, base): Of<'_, 'a>,
    (r, revision): Of<'_, 'a>,
) {
    let required = |at: &Property<'a>, view: &View<'a>| match &at.required_at {
        Some(at) => Spot::from(&at.pointer),
        None => at.place(view),
    };
    let places = (required(&base, b), required(&revision, r));
    let finding = match (base.presence, revision.presence) {
        (Presence::Optional, Presence::Required) => {
            let message = format!("the property `{name}` became required");
            Some(Finding::new(
                Kind::PropertyBecameRequired,
                Effect::Narrowed,
                message,
            ))
        }
        (Presence::Required, Presence::Optional) => {
            let message = format!("the property `{name}` became optional");
            Some(Finding::new(
                Kind::PropertyBecameOptional,
                Effect::Widened,
                message,
            ))
        }
        _ => None,
    };
    c.out
        .findings
        .extend(finding.map(|finding| finding.of(name).at(&places.0, &places.1)));
    let home = (base.place(b), revision.place(r));
    let sets = (
        Set::all(base.schemas).within(&home.0.pointer),
        Set::all(revision.schemas).within(&home.1.pointer),
    );
    let required = [base.presence, revision.presence] == [Presence::Required; 2];
    c.inside_of((b, sets.0), (r, sets.1), !required);
}

fn added<'a>(
    c: &mut Comparison<'_, 'a>,
    name: &str,
    (b, base): &Of<'_, 'a>,
    (r, revision): &Of<'_, 'a>,
) {
    // Another part of the schema rejected what this one listed all the same.
    let own = base.at.as_ref().map(At::id);
    let never = base.never.as_ref();
    if let Some(never) = never.filter(|never| own.is_some_and(|own| own != never.id())) {
        let message = "other properties are accepted, among them some that were listed";
        let kind = Kind::AdditionalPropertiesWidened;
        let finding = Finding::new(kind, Effect::Widened, message);
        c.out.findings.push(finding.at(&never.pointer, site(r)));
        return;
    }
    let required = revision.presence == Presence::Required;
    let kind = match (base.presence, required) {
        (Presence::Hidden, _) => Kind::PropertyShown,
        (_, true) => Kind::RequiredPropertyAdded,
        (_, false) => Kind::PropertyAdded,
    };
    let word = if required { "required" } else { "optional" };
    let message = format!("the {word} property `{name}` was added");
    let closed = base.forbidden;
    let finding = match (c.is_request(), required) {
        // A default makes no required property optional.
        (true, true) => Finding::new(kind, Effect::Narrowed, message),
        (true, false) if closed => Finding::new(kind, Effect::Widened, message),
        (true, false) => Finding::new(kind, Effect::Narrowed, message)
            .judged(Verdict::Fixed(Severity::Compatible)),
        (false, _) if closed => {
            Finding::new(kind, Effect::Widened, message).judged(Verdict::AtMost(Severity::Warning))
        }
        (false, _) => Finding::new(kind, Effect::Narrowed, message),
    };
    let finding = finding.of(name).at(site(b), revision.place(r));
    c.out.findings.push(finding);
    // What stood there before met the schema of other properties.
    if !closed && base.presence == Presence::Absent && !base.schemas.is_empty() {
        let base = Set::all(base.schemas.clone());
        c.part_of((b, base), (r, Set::all(revision.schemas.clone())));
    }
}

fn removed<'a>(
    c: &mut Comparison<'_, 'a>,
    name: &str,
    (b, base): &Of<'_, 'a>,
    (r, revision): &Of<'_, 'a>,
) {
    // Another part of the schema rejects what this one still lists.
    let own = revision.at.as_ref().map(At::id);
    let never = revision.never.as_ref();
    if let Some(never) = never.filter(|never| own.is_some_and(|own| own != never.id())) {
        let message = "other properties are no longer accepted, among them some that are listed";
        let kind = Kind::AdditionalPropertiesNarrowed;
        let finding = Finding::new(kind, Effect::Narrowed, message);
        c.out.findings.push(finding.at(site(b), &never.pointer));
        return;
    }
    let required = base.presence == Presence::Required;
    let kind = match (revision.presence, required) {
        (Presence::Hidden, _) => Kind::PropertyHidden,
        (_, true) => Kind::RequiredPropertyRemoved,
        (_, false) => Kind::PropertyRemoved,
    };
    let word = if required { "required" } else { "optional" };
    let message = match kind {
        Kind::PropertyHidden => format!("the {word} property `{name}` no longer travels this way"),
        _ => format!("the {word} property `{name}` was removed"),
    };
    let closed = revision.forbidden;
    let (effect, severity) = match (c.is_request(), required) {
        // No object could have it.
        (true, false) if closed && base.unmet => (Effect::Equal, Severity::Compatible),
        (true, _) if closed => (Effect::Narrowed, Severity::Breaking),
        (true, _) => (Effect::Widened, Severity::Warning),
        (false, true) => (Effect::Widened, Severity::Breaking),
        (false, false) if closed => (Effect::Narrowed, Severity::Warning),
        (false, false) => (Effect::Widened, Severity::Warning),
    };
    let severity = match base.deprecated {
        true => guards::removal(severity, base.sunset, c.engine.options.today),
        false => severity,
    };
    let finding = Finding::new(kind, effect, message).judged(Verdict::Fixed(severity));
    let finding = finding.of(name).at(base.place(b), site(r));
    c.out.findings.push(finding);
    if !closed && revision.presence == Presence::Absent && !revision.schemas.is_empty() {
        let base = Set::all(base.schemas.clone());
        c.part_of((b, base), (r, Set::all(revision.schemas.clone())));
    }
}

/// Properties that neither declares.
fn others<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    if has_no_others(&c.engine.base, b) && has_no_others(&c.engine.revision, r) {
        return;
    }
    let (base, revision) = (rest(b), rest(r));
    let (old, new) = (closed_at(&base), closed_at(&revision));
    let (kind, effect, message) = match (old, new) {
        (Some(_), Some(_)) => return,
        (None, Some(_)) => (
            Kind::AdditionalPropertiesNarrowed,
            Effect::Narrowed,
            "other properties are no longer accepted",
        ),
        (Some(_), None) => (
            Kind::AdditionalPropertiesWidened,
            Effect::Widened,
            "other properties are accepted",
        ),
        (None, None) => match (base.is_empty(), revision.is_empty()) {
            (true, true) => return,
            (false, false) => {
                return c.inside_of((b, Set::all(base)), (r, Set::all(revision)), true);
            }
            (true, false) => (
                Kind::AdditionalPropertiesNarrowed,
                Effect::Narrowed,
                "other properties must meet a schema",
            ),
            (false, true) => (
                Kind::AdditionalPropertiesWidened,
                Effect::Widened,
                "other properties may have any value",
            ),
        },
    };
    let places = (
        place(&old.or(base.first()).cloned(), b),
        place(&new.or(revision.first()).cloned(), r),
    );
    c.out
        .findings
        .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
}

/// Whether the names that are listed for all properties are those of declared ones.
fn has_no_others<'a>(side: &Side<'a>, view: &View<'a>) -> bool {
    let declared = names(view);
    view.names.iter().any(|at| {
        let names = side.view(&Set::one(at.clone()));
        let values = names.values.as_ref();
        values.is_some_and(|values| {
            let mut listed = values.list.iter().filter_map(|at| at.node.as_str());
            listed.all(|name| declared.contains(name))
        })
    })
}

fn patterns<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (base, revision) = (by_pattern(b), by_pattern(r));
    let both: BTreeSet<&str> = base.keys().chain(revision.keys()).copied().collect();
    for pattern in both {
        let (old, new) = (base.get(pattern), revision.get(pattern));
        if let (Some(old), Some(new)) = (old, new) {
            c.part_of((b, Set::all(old.clone())), (r, Set::all(new.clone())));
            continue;
        }
        let was_closed = closed_at(&rest(b)).is_some();
        let is_closed = closed_at(&rest(r)).is_some();
        let is_unmet = |side: &Side<'a>, list: Option<&Vec<At<'a>>>| {
            list.is_some_and(|list| side.view(&Set::all(list.clone())).is_unmet())
        };
        // A pattern of names that cannot be there says what is said of all others.
        let says_nothing = was_closed && is_unmet(&c.engine.revision, new)
            || is_closed && is_unmet(&c.engine.base, old);
        let is_listed =
            |view: &View<'a>| literal(pattern).is_some_and(|name| names(view).contains(name));
        if says_nothing || is_listed(b) && is_listed(r) {
            continue;
        }
        let (widened, word) = match new.is_some() {
            true => (was_closed, "were given a schema"),
            false => (!is_closed, "no longer have a schema"),
        };
        let (kind, effect) = match widened {
            true => (Kind::AdditionalPropertiesWidened, Effect::Widened),
            false => (Kind::AdditionalPropertiesNarrowed, Effect::Narrowed),
        };
        // Which of the listed properties it speaks of too cannot be known.
        let is_open = !super::patterns::is_readable(pattern);
        let effect = match is_open && !(names(b).is_empty() && names(r).is_empty()) {
            true => Effect::Undecided,
            false => effect,
        };
        let message = format!("properties that match `{pattern}` {word}");
        let first = |list: Option<&Vec<At<'a>>>| list.and_then(|list| list.first().cloned());
        let places = (place(&first(old), b), place(&first(new), r));
        c.out
            .findings
            .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
    }
}

/// The only name that a pattern matches, where it is written out. The property of that name meets
/// the schema of the pattern too, and is compared with it.
fn literal(pattern: &str) -> Option<&str> {
    let name = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    name.chars().all(is_plain).then_some(name)
}

fn by_pattern<'a>(view: &View<'a>) -> BTreeMap<&'a str, Vec<At<'a>>> {
    let mut all: BTreeMap<&str, Vec<At<'a>>> = BTreeMap::new();
    for (pattern, at) in view.objects.iter().flat_map(|part| &part.patterns) {
        all.entry(pattern).or_default().push(at.clone());
    }
    all
}

fn property_names<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let (kind, effect, message) = match (b.names.is_empty(), r.names.is_empty()) {
        (true, true) => return,
        (false, false) => {
            // A name is always a string.
            let names = |view: &View<'a>| Set::all(view.names.clone()).restricted(Types::STRING);
            return c.beside(names(b), names(r));
        }
        (true, false) => (
            Kind::PropertyNamesNarrowed,
            Effect::Narrowed,
            "properties may no longer have any name",
        ),
        (false, true) => (
            Kind::PropertyNamesWidened,
            Effect::Widened,
            "properties may have any name",
        ),
    };
    let places = (
        place(&b.names.first().cloned(), b),
        place(&r.names.first().cloned(), r),
    );
    c.out
        .findings
        .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
}

fn dependents<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    let keys: BTreeSet<_> = b.needs.keys().chain(r.needs.keys()).copied().collect();
    // Who asks for a property anyway asks for nothing more.
    let asked = |view: &View<'a>, (name, needed): (&str, &str)| {
        let need = view.needs.get(&(name, needed)).cloned();
        need.filter(|_| name != needed && !view.required.contains_key(needed))
    };
    for (name, needed) in keys {
        let (old, new) = (asked(b, (name, needed)), asked(r, (name, needed)));
        let (kind, effect, word) = match (&old, &new) {
            (None, Some(_)) if b.required.contains_key(needed) => continue,
            (Some(_), None) if r.required.contains_key(needed) => continue,
            (None, Some(_)) => (Kind::DependentNarrowed, Effect::Narrowed, "now asks for"),
            (Some(_), None) => (
                Kind::DependentWidened,
                Effect::Widened,
                "no longer asks for",
            ),
            _ => continue,
        };
        let message = format!("the property `{name}` {word} `{needed}`");
        let places = (place(&old, b), place(&new, r));
        c.out
            .findings
            .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
    }
    let keys: BTreeSet<_> = b
        .dependents
        .keys()
        .chain(r.dependents.keys())
        .copied()
        .collect();
    for name in keys {
        let (old, new) = (b.dependents.get(name), r.dependents.get(name));
        let (kind, effect) = match (old, new) {
            (Some(old), Some(new)) => {
                c.beside(Set::all(old.clone()), Set::all(new.clone()));
                continue;
            }
            (None, _) => (Kind::DependentNarrowed, Effect::Narrowed),
            (_, None) => (Kind::DependentWidened, Effect::Widened),
        };
        let message = format!("what follows from the property `{name}` changed");
        let first = |list: Option<&Vec<At<'a>>>| list.and_then(|list| list.first().cloned());
        let places = (place(&first(old), b), place(&first(new), r));
        c.out
            .findings
            .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
    }
}
