//! Checks that the grammar cannot express: whether names that belong together are the same, whether
//! references lead somewhere, whether paths and parameters match. Every check runs, so that one
//! reading shows everything.

mod ambiguous;
mod context;
mod cycles;
mod document;
mod operations;
mod parameters;
mod paths;
mod references;
mod schemas;
mod security;

use super::node::Node;
use super::span::Sources;
use super::version::SpecVersion;
use crate::diagnostics::{Diagnostic, IGNORED, NUMBER};
use context::Context;
use std::collections::BTreeSet;

/// The checks, in order; what they find is sorted by place afterwards.
const CHECKS: [fn(&Context<'_>, &mut Vec<Diagnostic>); 8] = [
    document::check,
    references::check,
    cycles::check,
    operations::check,
    paths::check,
    parameters::check,
    schemas::check,
    security::check,
];

/// Checks a bundled document.
pub(super) fn run(
    root: &Node,
    version: SpecVersion,
    sources: &Sources,
    found: &mut Vec<Diagnostic>,
) {
    let context = Context::new(root, version, sources, found);
    for check in CHECKS {
        check(&context, found);
    }
    lost_numbers(found);
}

/// Drops what is said about the null that stands in the place of a number that could not be held: the
/// document has no null there.
fn lost_numbers(found: &mut Vec<Diagnostic>) {
    let lost = found.iter().filter(|item| item.code == NUMBER);
    let lost: BTreeSet<_> = lost.filter_map(|item| item.span).collect();
    let is_lost = |item: &Diagnostic| item.span.is_some_and(|span| lost.contains(&span));
    found.retain(|item| item.code != IGNORED || !is_lost(item));
}
