//! Keys that occur twice in one object. Readers differ in which of the two they use, so neither is compared.

use super::{Hit, Walk};
use crate::at::At;
use crate::compared::Contract;
use crate::finding::{Finding, Spot};
use crate::kind::Kind;
use crate::report::Severity;
use contract::Span;
use contract::diagnostics::Diagnostic;
use std::rc::Rc;

/// Finds those that are new, each at the first of its places.
pub(super) fn compare(walk: &mut Walk<'_>, base: &Contract, revision: &Contract) {
    let known: Vec<&str> = repeated(base).map(|one| one.message.as_str()).collect();
    for one in repeated(revision) {
        let first = one.related.first().map(|(span, _)| *span);
        let place = first.and_then(|first| find(&walk.engine.revision.root, first));
        if known.contains(&one.message.as_str()) {
            continue;
        }
        let mut finding = Finding::fixed(Kind::KeyRepeated, Severity::Undecided, &one.message);
        finding.revision = place.as_ref().map(Spot::from);
        walk.hits.push(Hit {
            finding,
            directions: None,
            soft: false,
            used_by: None,
        });
    }
}

fn repeated(of: &Contract) -> impl Iterator<Item = &Diagnostic> {
    let found = of.document().warnings.items.iter();
    found.filter(|item| item.code == "read::duplicate-key")
}

/// The pointer of the member whose key stands at a place.
fn find(at: &At<'_>, key: Span) -> Option<Rc<str>> {
    let mut open = vec![at.clone()];
    while let Some(at) = open.pop() {
        let mut own = at.node.members().iter();
        if let Some(member) = own.find(|member| member.key_span == key) {
            return Some(at.pointer_of(&member.key));
        }
        open.extend(at.members().map(|(_, member)| member));
        open.extend(at.items());
    }
    None
}
