//! Unions that can be looked at by themselves: those that only one side has, and those with too
//! many combinations to look at together.

use super::Comparison;
use super::union_of;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Effect;
use crate::schema::place;
use crate::schema::set::{DROPPED, Set};
use crate::schema::view::{Union, View};
use std::collections::HashMap;

/// A union beside other constraints is one more constraint: where only one side has it, what is
/// accepted is narrowed or widened by it, and the rest is compared without it. A schema that is
/// nothing but a union is not meant here. Whether it was such a case.
pub(super) fn one_sided<'a>(
    c: &mut Comparison<'_, 'a>,
    (base, b): (&Set<'a>, &View<'a>),
    (revision, r): (&Set<'a>, &View<'a>),
) -> bool {
    let (more, fewer) = match b.unions.len().cmp(&r.unions.len()) {
        std::cmp::Ordering::Equal => return false,
        std::cmp::Ordering::Less => (r, b),
        std::cmp::Ordering::Greater => (b, r),
    };
    let Some(extra) = without(&more.unions, &fewer.unions) else {
        return false;
    };
    if fewer.unions.is_empty() && !more.says_more_than_types() {
        return false;
    }
    let is_new = std::ptr::eq(more, r);
    let (mut rest_of_base, mut rest_of_revision) = (base.clone(), revision.clone());
    for union in extra {
        let rest = match is_new {
            true => &mut rest_of_revision,
            false => &mut rest_of_base,
        };
        *rest = rest.pick(union.at.id(), DROPPED);
        let at = place(&Some(union.at.clone()), more);
        let (kind, effect, message, places) = match is_new {
            true => (
                Kind::UnionNarrowed,
                Effect::Narrowed,
                "one of several alternatives must hold too",
                (union_of(b), at),
            ),
            false => (
                Kind::UnionWidened,
                Effect::Widened,
                "none of several alternatives need hold any more",
                (at, union_of(r)),
            ),
        };
        let finding = Finding::new(kind, effect, message);
        c.out.findings.push(finding.at(places.0, places.1));
    }
    c.part(rest_of_base, rest_of_revision);
    true
}

/// The unions that have no counterpart word for word; `None` where some of the others have none.
fn without<'u, 'a>(more: &'u [Union<'a>], fewer: &[Union<'a>]) -> Option<Vec<&'u Union<'a>>> {
    let mut left: Vec<&Union<'a>> = more.iter().collect();
    for union in fewer {
        let same =
            |one: &&Union<'a>| one.exclusive == union.exclusive && one.at.node == union.at.node;
        left.remove(left.iter().position(same)?);
    }
    Some(left)
}

/// Each union by itself, member by member, and the rest without any. That is as much as can be
/// done where there are too many combinations, and enough to see that nothing changed. Whether it
/// could be done.
pub(super) fn one_by_one<'a>(
    c: &mut Comparison<'_, 'a>,
    (base, b): (&Set<'a>, &View<'a>),
    (revision, r): (&Set<'a>, &View<'a>),
) -> bool {
    let alike = |(one, other): (&Union<'a>, &Union<'a>)| {
        one.exclusive == other.exclusive && one.members.len() == other.members.len()
    };
    let pairs = || b.unions.iter().zip(&r.unions);
    if b.unions.len() != r.unions.len() || !pairs().all(alike) {
        return false;
    }
    let drop_all = |set: &Set<'a>, view: &View<'a>| {
        set.dropping(view.unions.iter().map(|union| union.at.id()))
    };
    c.part(drop_all(base, b), drop_all(revision, r));
    for (one, other) in pairs() {
        let mut named = HashMap::new();
        for new in &other.members {
            if let Some(name) = new.text("$ref") {
                named.entry(name).or_insert(new);
            }
        }
        for (member, new) in one.members.iter().zip(&other.members) {
            let same = member.text("$ref").and_then(|name| named.get(name));
            let new = same.copied().unwrap_or(new);
            c.part(Set::one(member.clone()), Set::one(new.clone()));
        }
    }
    true
}
