//! Discriminators: the property that distinguishes alternatives, and its values.

use super::{Alternative, union_of};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::{Effect, Severity};
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::view::View;
use crate::schema::{Comparison, place};
use std::collections::BTreeSet;

/// The values of the discriminator that stand for a member: those of the mapping, else those its
/// schema allows for the property, else the component's name.
pub(super) fn tags<'a>(
    side: &Side<'a>,
    view: &View<'a>,
    member: &At<'a>,
    discriminator: &At<'a>,
) -> Vec<String> {
    let Some(property) = discriminator.text("propertyName") else {
        return Vec::new();
    };
    let mapped = mapped(side, member, discriminator);
    if !mapped.is_empty() {
        return mapped;
    }
    let schemas = view
        .objects
        .iter()
        .filter_map(|part| part.properties.get(property));
    let of = side.view(&Set::all(schemas.cloned().collect()));
    if let Some(values) = of.values.as_ref().filter(|values| values.list.len() == 1) {
        let texts = values.list.iter().map(|at| crate::text::brief(at.node));
        return texts.collect();
    }
    let name = member.text("$ref").and_then(|text| text.rsplit('/').next());
    // A list of values without the component's name means that names do not distinguish it.
    let fits = |name: &&str| {
        of.values
            .as_ref()
            .is_none_or(|values| values.has_text(name))
    };
    name.filter(fits).map(str::to_owned).into_iter().collect()
}

fn mapped<'a>(side: &Side<'a>, member: &At<'a>, discriminator: &At<'a>) -> Vec<String> {
    let Some(target) = member.text("$ref").and_then(|text| side.resolve(text)) else {
        return Vec::new();
    };
    let mapping = discriminator.get("mapping");
    let entries = mapping
        .iter()
        .flat_map(|mapping| mapping.members().collect::<Vec<_>>());
    let ours = entries.filter(|(_, value)| {
        let text = value.node.as_str();
        let found = text.and_then(|text| lead(side, text));
        found.is_some_and(|found| found.id() == target.id())
    });
    ours.map(|(name, _)| name.to_owned()).collect()
}

/// What a mapping's value leads to: a reference, or the name of a component.
fn lead<'a>(side: &Side<'a>, text: &'a str) -> Option<At<'a>> {
    match text.contains(['/', '#']) {
        true => side.resolve(text),
        false => side.root.get("components")?.get("schemas")?.get(text),
    }
}

fn of<'a>(view: &View<'a>) -> Option<At<'a>> {
    let of_union = view
        .unions
        .iter()
        .find_map(|union| union.discriminator.clone());
    of_union.or_else(|| view.discriminator.clone())
}

/// Compares the property that distinguishes alternatives. A union within the union may name it.
pub(super) fn of_unions<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, old): (&View<'a>, &[Alternative<'a>]),
    (r, new): (&View<'a>, &[Alternative<'a>]),
) {
    let inner = |list: &[Alternative<'a>]| {
        list.iter()
            .find_map(|one| one.discriminators.first().cloned())
    };
    differ(c, (b, of(b).or(inner(old))), (r, of(r).or(inner(new))));
}

type With<'v, 'a> = (&'v View<'a>, Option<At<'a>>);

fn differ<'a>(c: &mut Comparison<'_, 'a>, (b, base): With<'_, 'a>, (r, revision): With<'_, 'a>) {
    let (kind, severity, message) = match (&base, &revision) {
        (None, None) => return,
        (None, Some(_)) => (
            Kind::DiscriminatorAdded,
            Severity::Warning,
            "a discriminator was added".to_owned(),
        ),
        (Some(_), None) => (
            Kind::DiscriminatorRemoved,
            Severity::Warning,
            "the discriminator was removed".to_owned(),
        ),
        (Some(old), Some(new)) => {
            let (from, to) = (old.text("propertyName"), new.text("propertyName"));
            if from == to {
                return default(c, (b, old), (r, new));
            }
            let shown = |name: Option<&str>| name.unwrap_or("nothing").to_owned();
            let message = format!(
                "alternatives are distinguished by `{}` instead of `{}`",
                shown(to),
                shown(from)
            );
            (Kind::DiscriminatorChanged, Severity::Breaking, message)
        }
    };
    let effect = match severity {
        Severity::Breaking => Effect::Both,
        _ => Effect::Equal,
    };
    let finding = Finding::new(kind, effect, message).judged(Verdict::Fixed(severity));
    let places = (place(&base, b), place(&revision, r));
    c.out.findings.push(finding.at(&places.0, &places.1));
}

/// In 3.2 a value of the discriminator that stands for no member stands for this one.
fn default<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, old): (&View<'a>, &At<'a>),
    (r, new): (&View<'a>, &At<'a>),
) {
    let name = |at: &At<'a>| at.text("defaultMapping");
    let (from, to) = (name(old), name(new));
    if from == to {
        return;
    }
    let shown = |name: Option<&str>| name.map_or("none".to_owned(), |name| format!("`{name}`"));
    let message = format!(
        "the alternative for all other values changed from {} to {}",
        shown(from),
        shown(to)
    );
    let finding = Finding::new(Kind::DiscriminatorChanged, Effect::Undecided, message);
    let key = "defaultMapping";
    let places = (
        place(&old.get(key).or(Some(old.clone())), b),
        place(&new.get(key).or(Some(new.clone())), r),
    );
    c.out.findings.push(finding.at(&places.0, &places.1));
}

/// Compares the names of two alternatives that belong together.
pub(super) fn names<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, one): (&View<'a>, &Alternative<'a>),
    (r, other): (&View<'a>, &Alternative<'a>),
) {
    if one.tags.is_empty() || other.tags.is_empty() {
        return;
    }
    for gone in one.tags.iter().filter(|tag| !other.tags.contains(tag)) {
        let message = format!("the alternative is no longer called `{gone}`");
        let finding = Finding::new(Kind::DiscriminatorValueRemoved, Effect::Narrowed, message);
        c.out.findings.push(finding.at(one.place(b), union_of(r)));
    }
    for new in other.tags.iter().filter(|tag| !one.tags.contains(tag)) {
        let message = format!("the alternative is also called `{new}`");
        let finding = Finding::new(Kind::DiscriminatorValueAdded, Effect::Widened, message);
        c.out.findings.push(finding.at(union_of(b), other.place(r)));
    }
}

/// A discriminator without alternatives beside it: those that inherit are found by its mapping.
pub(super) fn inherited<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) {
    differ(c, (b, of(b)), (r, of(r)));
    let (Some(base), Some(revision)) = (&b.discriminator, &r.discriminator) else {
        return;
    };
    let mapping = |at: &At<'a>| at.get("mapping");
    if mapping(base).is_none() || mapping(revision).is_none() {
        return heirs(c, (b, base), (r, revision));
    }
    let entry = |at: &At<'a>, name: &str| mapping(at)?.get(name);
    let keys = |at: &At<'a>| -> BTreeSet<&'a str> {
        let mapping = mapping(at);
        let members = mapping.iter().flat_map(|at| at.node.members());
        members.map(|member| member.key.as_str()).collect()
    };
    for name in keys(base).union(&keys(revision)) {
        let (old, new) = (entry(base, name), entry(revision, name));
        let (kind, effect, word) = match (&old, &new) {
            (None, None) => continue,
            (Some(old), Some(new)) => {
                let text = |at: &At<'a>| at.node.as_str();
                let old = text(old).and_then(|text| lead(&c.engine.base, text));
                let new = text(new).and_then(|text| lead(&c.engine.revision, text));
                if let (Some(old), Some(new)) = (old, new) {
                    c.part(Set::one(old), Set::one(new));
                }
                continue;
            }
            (Some(_), None) => (Kind::DiscriminatorValueRemoved, Effect::Narrowed, "removed"),
            (None, Some(_)) => (Kind::DiscriminatorValueAdded, Effect::Widened, "added"),
        };
        let message = format!("the alternative called `{name}` was {word}");
        let places = (
            place(&old.or(Some(base.clone())), b),
            place(&new.or(Some(revision.clone())), r),
        );
        c.out
            .findings
            .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
    }
}

/// Without a mapping, those that inherit are found by their `allOf`, and identified by their names.
fn heirs<'a>(
    c: &mut Comparison<'_, 'a>,
    (b, base): (&View<'a>, &At<'a>),
    (r, revision): (&View<'a>, &At<'a>),
) {
    let is_parent = |view: &View<'a>, at: &At<'a>| {
        view.home.as_deref() == at.pointer.strip_suffix("/discriminator")
    };
    if !is_parent(b, base) || !is_parent(r, revision) {
        return;
    }
    let old = c.engine.base.heirs(&base.pointer);
    let new = c.engine.revision.heirs(&revision.pointer);
    let other = |list: &[(&'a str, At<'a>)], name: &str| {
        let mut list = list.iter();
        list.find(|(other, _)| *other == name)
            .map(|(_, at)| at.clone())
    };
    for (name, at) in &old {
        if let Some(new) = other(&new, name) {
            c.part(Set::one(at.clone()), Set::one(new));
            continue;
        }
        let message = format!("`{name}` no longer inherits from it");
        let finding = Finding::new(Kind::DiscriminatorValueRemoved, Effect::Narrowed, message);
        c.out
            .findings
            .push(finding.at(&at.pointer, place(&Some(revision.clone()), r)));
    }
    for (name, at) in new.iter().filter(|(name, _)| other(&old, name).is_none()) {
        let message = format!("`{name}` inherits from it too");
        let mut finding = Finding::new(Kind::DiscriminatorValueAdded, Effect::Widened, message);
        if c.engine.options.open_enums.is_open(&at.pointer) && !c.is_request() {
            finding = finding.judged(Verdict::AtMost(Severity::Warning));
        }
        c.out
            .findings
            .push(finding.at(place(&Some(base.clone()), b), &at.pointer));
    }
}
