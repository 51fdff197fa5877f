//! Members of `oneOf` that begin or stop to overlap: a value that fits several of them is rejected.

use super::{Alternative, Moved, matching, union_of};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::{Directions, Effect, Severity};
use crate::schema::Comparison;
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::view::View;
use crate::text::shorten;
use crate::witness::{Member, Searched, Sought};
use std::rc::Rc;

/// A schema, what it says, and its alternatives.
pub(super) type Of<'v, 'a> = (&'v Set<'a>, &'v View<'a>, &'v [Alternative<'a>]);

/// Looks for a value that is accepted on the side that sends it, and fits several members on the
/// other. Only schemas that stand by themselves are looked at, and only where members may overlap of
/// which one accepts something that it did not accept on the side of the sender.
pub(super) fn compare<'a>(
    c: &mut Comparison<'_, 'a>,
    base: Of<'_, 'a>,
    revision: Of<'_, 'a>,
    moved: &Moved,
) {
    if c.way.text {
        return;
    }
    let directions = c.way.directions;
    let come = (directions != Directions::Response)
        .then(|| overlapping(&c.engine.revision, revision, &moved.grown))
        .flatten();
    let gone = (directions != Directions::Request)
        .then(|| overlapping(&c.engine.base, base, &moved.shrunk))
        .flatten();
    let (Some(old), Some(new)) = (
        target(&c.engine.base, base.0),
        target(&c.engine.revision, revision.0),
    ) else {
        c.nested |= come.is_some() || gone.is_some();
        return;
    };
    let mut is_open = false;
    if let Some(members) = come {
        match (c.engine.overlaps).find((&old, &new), directions, Sought::Narrowed, &members) {
            Searched::Found(value) => {
                let value = shorten(&value.to_string());
                let message = format!("`{value}` fits several alternatives now, so it is rejected");
                let finding = Finding::new(Kind::UnionNarrowed, Effect::Narrowed, message);
                let finding = finding.at(union_of(base.1), union_of(revision.1));
                c.out.findings.push(finding);
            }
            Searched::Nothing => {}
            Searched::Skipped => is_open = true,
        }
    }
    if let Some(members) = gone {
        match (c.engine.overlaps).find((&old, &new), directions, Sought::Widened, &members) {
            Searched::Found(value) => {
                let value = shorten(&value.to_string());
                let message = format!("`{value}` fitted several alternatives, and is accepted now");
                let finding = Finding::new(Kind::UnionWidened, Effect::Widened, message)
                    .judged(Verdict::AtMost(Severity::Warning))
                    .at(union_of(base.1), union_of(revision.1));
                c.out.findings.push(finding);
            }
            Searched::Nothing => {}
            Searched::Skipped => is_open = true,
        }
    }
    if is_open {
        let message = "alternatives changed in more places than values are searched for, so whether one fits several is not known";
        let finding = Finding::new(Kind::UnionChanged, Effect::Undecided, message);
        let finding = finding.at(union_of(base.1), union_of(revision.1));
        c.out.findings.push(finding);
    }
}

/// Where a schema that stands by itself is written: what several places refer to is searched once.
fn target<'a>(side: &Side<'a>, set: &Set<'a>) -> Option<Rc<str>> {
    set.pointer()?;
    let followed = side.follow_plain(set.roots.first()?)?;
    Some(followed.pointer)
}

/// The members of the only union, if a value may fit several of them and must not.
fn overlapping<'a>(
    side: &Side<'a>,
    (_, view, list): Of<'_, 'a>,
    moved: &[bool],
) -> Option<Vec<Member>> {
    let [union] = view.unions.as_slice() else {
        return None;
    };
    if !union.exclusive || list.len() < 2 || !moved.contains(&true) {
        return None;
    }
    // Where a property names the alternative, it says which one is meant. Only where the same value
    // of it stands for several it does not.
    let is_named = union.discriminator.is_some();
    let meet = |one: &Alternative<'a>, other: &Alternative<'a>| match is_named {
        true => share(one, other),
        false => !matching::is_apart(side, one, other),
    };
    let may_overlap = list.iter().enumerate().any(|(at, one)| {
        let mut others = list[..at].iter().zip(moved);
        others.any(|(other, is_moved)| (*is_moved || moved[at]) && meet(one, other))
    });
    let property = union.discriminator.as_ref();
    let property = property.map(|at| at.text("propertyName").unwrap_or_default());
    let member = |at: &At<'a>| {
        let is_own = |one: &&Alternative<'a>| one.members.first().map(At::id) == Some(at.id());
        let own: Vec<&Alternative<'a>> = list.iter().filter(is_own).collect();
        let names = own.iter().flat_map(|one| matching::names(&one.view));
        let tags = own.iter().flat_map(|one| one.tags.clone());
        Member {
            pointer: Rc::clone(&at.pointer),
            names: names.map(str::to_owned).collect(),
            tags: property.map(|name| (name.to_owned(), tags.collect())),
        }
    };
    may_overlap.then(|| union.members.iter().map(member).collect())
}

/// Whether a value of the discriminator stands for both, which are members of their own.
fn share<'a>(one: &Alternative<'a>, other: &Alternative<'a>) -> bool {
    let first = |of: &Alternative<'a>| of.members.first().map(At::id);
    first(one) != first(other) && one.tags.iter().any(|tag| other.tags.contains(tag))
}
