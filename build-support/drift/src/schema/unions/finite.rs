//! Schemas that accept only a list of values: an `enum` beside alternatives, or alternatives that are
//! lists themselves.

use super::union_of;
use crate::at::At;
use crate::finding::{Finding, effect};
use crate::kind::Kind;
use crate::schema::set::Set;
use crate::schema::side::Side;
use crate::schema::view::{View, same};
use crate::schema::{Comparison, evaluate, values};

/// How many values are looked at.
const MOST: usize = 500;

/// Compares value by value, where both sides come to lists of plain values and one of them has
/// alternatives beside its list. Whether it was such a case.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, b: &View<'a>, r: &View<'a>) -> bool {
    let is_mixed = |view: &View<'a>| view.values.is_some() && !view.unions.is_empty();
    if c.way.text || !(is_mixed(b) || is_mixed(r) || listed_beside(b, r) || listed_beside(r, b)) {
        return false;
    }
    if takes_null(&c.engine.base, b) || takes_null(&c.engine.revision, r) {
        return false;
    }
    let old = accepted(&c.engine.base, b);
    let new = accepted(&c.engine.revision, r);
    match (old, new) {
        (Some(old), Some(new)) => both(c, (b, old), (r, new)),
        (Some(old), None) => one(c, (b, old), (r, b), false),
        (None, Some(new)) => one(c, (r, new), (r, b), true),
        (None, None) => false,
    }
}

/// Whether null is accepted beside what is listed. That is compared for all alternatives together.
fn takes_null<'a>(side: &Side<'a>, view: &View<'a>) -> bool {
    let members = view.unions.iter().flat_map(|union| &union.members);
    let mut views = members.map(|member| side.view_unless_under_way(&Set::one(member.clone())));
    let by_member =
        views.any(|view| view.is_none_or(|view| view.values.is_none() && view.accepts_null()));
    by_member || view.values.as_ref().is_some_and(|values| values.null)
}

/// Whether one is a list and the other alternatives of which some are not.
fn listed_beside<'a>(list: &View<'a>, other: &View<'a>) -> bool {
    list.values.is_some() && list.unions.is_empty() && !other.unions.is_empty()
}

/// The values that a view accepts, where it is a list of plain ones and each can be judged.
fn accepted<'a>(side: &Side<'a>, view: &View<'a>) -> Option<Vec<At<'a>>> {
    let listed = match &view.values {
        Some(values) if !values.null => values.list.clone(),
        Some(_) => return None,
        None => members(side, view)?,
    };
    let mut found: Vec<At<'a>> = Vec::new();
    for at in listed {
        let is_plain = at.node.as_array().is_none() && !at.is_object();
        let is_known = found.iter().any(|one| same(one.node, at.node));
        if !is_plain || found.len() > MOST {
            return None;
        }
        if evaluate::accepts(side, view, at.node)? && !is_known {
            found.push(at);
        }
    }
    Some(found)
}

/// The values of alternatives that are lists, all of them.
fn members<'a>(side: &Side<'a>, view: &View<'a>) -> Option<Vec<At<'a>>> {
    let union = view.unions.first()?;
    let members = union.live.iter().map(|at| &union.members[*at]);
    let each = members.map(|member| {
        let view = side.view_unless_under_way(&Set::one(member.clone()))?;
        view.values.as_ref().map(|values| values.list.clone())
    });
    Some(each.collect::<Option<Vec<_>>>()?.concat())
}

type Of<'v, 'a> = (&'v View<'a>, Vec<At<'a>>);

fn both<'a>(c: &mut Comparison<'_, 'a>, (b, old): Of<'_, 'a>, (r, new): Of<'_, 'a>) -> bool {
    let only = |of: &[At<'a>], other: &[At<'a>]| -> Vec<At<'a>> {
        let known = |at: &&At<'a>| !other.iter().any(|one| same(one.node, at.node));
        of.iter().filter(known).cloned().collect()
    };
    let (gone, come) = (only(&old, &new), only(&new, &old));
    let (Some(base), Some(revision)) = (home(b), home(r)) else {
        return false;
    };
    values::changed(c, (&base, &old, gone), (&revision, &new, come));
    true
}

fn home<'a>(view: &View<'a>) -> Option<At<'a>> {
    let listed = view.values.as_ref().map(|values| values.at.clone());
    listed.or_else(|| view.unions.first().map(|union| union.at.clone()))
}

/// A list on one side, and what is not a list on the other.
fn one<'a>(
    c: &mut Comparison<'_, 'a>,
    (listing, listed): Of<'_, 'a>,
    (r, b): (&View<'a>, &View<'a>),
    is_new: bool,
) -> bool {
    let (side, free) = match is_new {
        true => (&c.engine.base, b),
        false => (&c.engine.revision, r),
    };
    let verdicts = listed
        .iter()
        .map(|at| evaluate::accepts(side, free, at.node));
    let Some(verdicts) = verdicts.collect::<Option<Vec<bool>>>() else {
        return false;
    };
    let outside = verdicts.iter().any(|accepted| !accepted);
    let Some(values) = &listing.values else {
        return false;
    };
    let finding = match is_new {
        true => Finding::new(
            Kind::EnumAdded,
            effect(true, outside),
            "the values were limited to a list",
        )
        .at(union_of(b), &values.at.pointer),
        false => Finding::new(
            Kind::EnumRemoved,
            effect(outside, true),
            "the values are no longer limited to a list",
        )
        .at(&values.at.pointer, union_of(r)),
    };
    c.out.findings.push(finding);
    true
}
