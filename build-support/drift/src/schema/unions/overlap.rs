//! Members of `oneOf` that come to overlap, or cease to: what fits several of them is rejected.

use super::{Alternative, matching, union_of};
use crate::at::At;
use crate::finding::{Finding, Verdict};
use crate::kind::Kind;
use crate::report::{Effect, Polarity, Severity};
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
/// other. Only schemas that stand by themselves are looked at, and only those that may overlap.
pub(super) fn compare<'a>(c: &mut Comparison<'_, 'a>, base: Of<'_, 'a>, revision: Of<'_, 'a>) {
    let (Some(old), Some(new)) = (base.0.pointer(), revision.0.pointer()) else {
        return;
    };
    if c.way.text {
        return;
    }
    let polarity = c.way.polarity;
    let mut is_open = false;
    if polarity != Polarity::Response
        && let Some(members) = overlapping(&c.engine.revision, revision)
    {
        match (c.engine.overlaps).find((&old, &new), polarity, Sought::Narrowed, &members) {
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
    if polarity != Polarity::Request
        && let Some(members) = overlapping(&c.engine.base, base)
    {
        match (c.engine.overlaps).find((&old, &new), polarity, Sought::Widened, &members) {
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

/// The members of the only union, if a value may fit several of them and must not.
fn overlapping<'a>(side: &Side<'a>, (_, view, list): Of<'_, 'a>) -> Option<Vec<Member>> {
    let [union] = view.unions.as_slice() else {
        return None;
    };
    let may_overlap = union.exclusive && list.len() > 1 && !matching::are_apart(side, list);
    let member = |at: &At<'a>| {
        let own = list
            .iter()
            .filter(|one| one.members.first().map(At::id) == Some(at.id()));
        let names = own.flat_map(|one| matching::names(&one.view));
        Member {
            pointer: Rc::clone(&at.pointer),
            names: names.map(str::to_owned).collect(),
        }
    };
    may_overlap.then(|| union.members.iter().map(member).collect())
}
