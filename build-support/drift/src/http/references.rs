//! References that lead nowhere, in a circle or out of the document: findings of their own, so
//! that the rest can be compared.

use super::{Hit, Walk};
use crate::finding::{Finding, Spot};
use crate::kind::Kind;
use crate::report::Severity;
use crate::schema::lost::{Lost, Way};
use std::rc::Rc;

/// Finds them in both documents, one entry for each text.
pub(super) fn compare(walk: &mut Walk<'_>) {
    let base = Rc::clone(walk.engine.base.lost());
    let revision = Rc::clone(walk.engine.revision.lost());
    for (text, lost) in revision.iter() {
        let known = base.get(text).filter(|known| known.way == lost.way);
        let message = format!("the reference `{text}` {}", now(lost.way));
        let kind = Kind::ReferenceDangling;
        // Whether it stands for the same as before cannot be known, even where it is not new.
        report(
            walk,
            kind,
            Severity::Undecided,
            message,
            (known, Some(lost)),
        );
    }
    for (text, lost) in base.iter() {
        // One that went, with what held it, was not fixed.
        let place = walk.engine.revision.root.node.pointer(&lost.place);
        let other = place.and_then(contract::Node::as_str);
        let is_there = walk.engine.revision.refers_to(text)
            || other.is_some_and(|other| !revision.contains_key(other));
        if revision.contains_key(text) || !is_there {
            continue;
        }
        let message = format!("the reference `{text}` {} before", before(lost.way));
        let kind = Kind::ReferenceFixed;
        report(walk, kind, Severity::Warning, message, (Some(lost), None));
    }
}

fn now(way: Way) -> &'static str {
    match way {
        Way::Nowhere => "leads nowhere",
        Way::Circle => "leads in a circle",
        Way::Outside => "leads out of the document",
    }
}

fn before(way: Way) -> &'static str {
    match way {
        Way::Nowhere => "led nowhere",
        Way::Circle => "led in a circle",
        Way::Outside => "led out of the document",
    }
}

fn report(
    walk: &mut Walk<'_>,
    kind: Kind,
    severity: Severity,
    message: String,
    (base, revision): (Option<&Lost>, Option<&Lost>),
) {
    let spot = |lost: &Lost| Spot::from(&lost.place);
    let mut finding = Finding::fixed(kind, severity, message);
    finding.base = base.map(spot);
    finding.revision = revision.map(spot);
    walk.hits.push(Hit {
        finding,
        directions: None,
        soft: false,
        used_by: None,
    });
}
