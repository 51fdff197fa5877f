//! Effects of several keywords together that no single keyword shows: a value that fails shows them.

use super::set::Set;
use super::{Comparison, home, interplay};
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::{Directions, Effect, Severity};
use crate::text::shorten;
use crate::witness::Searched;

/// Looks for a value that fails where nothing was found that could make one fail, and keywords act
/// on one another.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, base: &Set<'a>, revision: &Set<'a>) {
    let directions = c.way.directions;
    if c.way.text || directions == Directions::Both {
        return;
    }
    let (b, r) = (c.engine.base.view(base), c.engine.revision.view(revision));
    // An empty list of alternatives says nothing, whatever a validator makes of it.
    if b.hollow.is_some() || r.hollow.is_some() {
        return;
    }
    let is_found = !c.out.findings.is_empty();
    let acts = |view| match is_found {
        true => interplay::acts(view),
        false => interplay::is_hidden(view),
    };
    let acts = c.nested || acts(&b) || acts(&r);
    let Some((old, new)) = c.whole.clone() else {
        c.out.unsearched = acts;
        return;
    };
    let worse =
        |finding: &Finding| finding.severity(Some(directions), false) > Severity::Compatible;
    if c.out.findings.iter().any(worse) {
        return;
    }
    let parts = c.out.parts.clone();
    let below = c.engine.below(&parts, directions);
    if below.reported || !(acts || below.unsearched) {
        return;
    }
    // What a reference leads to may have changed where the words did not.
    let leads =
        c.nested || below.unsearched || [&b, &r].iter().any(|view| interplay::is_composed(view));
    let node = |set: &Set<'a>| set.roots.first().map(|at| at.node);
    let is_changed = is_found || leads || node(base) != node(revision);
    if !is_changed || c.engine.overlaps.is_same((&old, &new), directions) {
        return;
    }
    let has_alternatives = !b.unions.is_empty() || !r.unions.is_empty() || leads;
    let (kind, effect, word) = match directions {
        Directions::Request => (Kind::ValuesNarrowed, Effect::Narrowed, "no longer accepted"),
        _ => (Kind::ValuesWidened, Effect::Widened, "accepted now"),
    };
    let finding = match c.engine.overlaps.failing((&old, &new), directions) {
        Searched::Found(value) => {
            let message = format!("`{}` is {word}", shorten(&value.to_string()));
            Finding::new(kind, effect, message)
        }
        Searched::Nothing => match several(c, (&old, &new), has_alternatives) {
            Some(finding) => finding,
            None => return,
        },
        Searched::Skipped => {
            let message = "keywords that act on one another changed in more places than values are searched for";
            Finding::new(kind, Effect::Undecided, message)
        }
    };
    c.out.findings.push(finding.at(&home(&b), &home(&r)));
}

/// A value that fails because it fits several members of a `oneOf`, wherever that stands.
fn several(
    c: &mut Comparison<'_, '_>,
    (old, new): (&str, &str),
    has_alternatives: bool,
) -> Option<Finding> {
    let directions = c.way.directions;
    if !has_alternatives {
        return None;
    }
    let Searched::Found(value) = c.engine.overlaps.overlapping((old, new), directions) else {
        return None;
    };
    let value = shorten(&value.to_string());
    Some(match directions {
        Directions::Request => {
            let message = format!("`{value}` fits several alternatives now, so it is rejected");
            Finding::new(Kind::UnionNarrowed, Effect::Narrowed, message)
        }
        _ => {
            let message = format!("`{value}` fitted several alternatives, and is accepted now");
            Finding::new(Kind::UnionWidened, Effect::Widened, message)
                .judged(Verdict::AtMost(Severity::Warning))
        }
    })
}
