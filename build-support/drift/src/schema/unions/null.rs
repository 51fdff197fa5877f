//! Null, which is compared for all alternatives together.

use super::Alternative;
use crate::at::At;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::report::Effect;
use crate::schema::types::Types;
use crate::schema::view::View;
use crate::schema::{Comparison, place};
use std::collections::BTreeSet;

/// Reports whether null was added or removed.
pub(super) fn compare<'a>(
    c: &mut Comparison<'_, 'a>,
    b: &View<'a>,
    r: &View<'a>,
    accepted: (bool, bool),
) {
    let (kind, effect, message) = match accepted {
        (false, true) => (Kind::NullAdded, Effect::Widened, "null became allowed"),
        (true, false) => (
            Kind::NullRemoved,
            Effect::Narrowed,
            "null is no longer allowed",
        ),
        _ => return,
    };
    let is_free =
        |view: &View<'a>| view.unions.is_empty() && view.values.is_none() && view.says_no_type();
    if is_free(b) || is_free(r) {
        return;
    }
    let (effect, message) = match c.way.optional {
        true => (
            Effect::Equal,
            format!("{message}, which is written by leaving the value out"),
        ),
        false => (effect, message.to_owned()),
    };
    let keyword = |view: &View<'a>| {
        let union = view.unions.first().map(|union| union.at.clone());
        view.nullable.clone().or(union).or(view.type_at.clone())
    };
    let places = (place(&keyword(b), b), place(&keyword(r), r));
    c.out
        .findings
        .push(Finding::new(kind, effect, message).at(&places.0, &places.1));
}

/// Whether null is taken: by any alternative, and under a single `oneOf` by one alone.
pub(super) fn is_taken(view: &View<'_>, list: &[Alternative<'_>]) -> bool {
    let taking = list.iter().filter(|one| one.view.accepts_null());
    match view.unions.as_slice() {
        [only] if only.exclusive => {
            let members = taking.filter_map(|one| one.members.first().map(At::id));
            members.collect::<BTreeSet<usize>>().len() == 1
        }
        _ => taking.count() > 0,
    }
}

/// The alternatives that accept more than null.
pub(super) fn without(alternatives: Vec<Alternative<'_>>) -> Vec<Alternative<'_>> {
    let says_more = |one: &Alternative<'_>| {
        let only_null = one.view.types() == Types::NULL
            || one.view.values.as_ref().is_some_and(|values| {
                !values.list.is_empty() && values.list.iter().all(|at| at.node.is_null())
            });
        !only_null && !one.view.is_unmet()
    };
    alternatives.into_iter().filter(says_more).collect()
}
