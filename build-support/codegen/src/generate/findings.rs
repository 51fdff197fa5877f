//! What every stage has to say of a contract, so that one run shows it all: what reading rejects does
//! not hide what lowering would.

use super::contradictions;
use crate::policy::Policy;
use crate::{lower, model};
use contract::diagnostics::{Diagnostic, Diagnostics, Severity};
use contract::{Document, NOT_FOLLOWED, Span};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Reads a contract that code is to be made of.
///
/// # Errors
///
/// Everything that is wrong with it, and, as far as it can be looked at in that state, what lowering
/// finds in it under the policy.
pub fn read(path: &Path, policy: &Policy) -> Result<Document, Diagnostics> {
    contract::read_file(path).map_err(|found| explained(found, path, policy))
}

/// Reads a contract of somebody else, who cannot be asked: as [`read`] does, but a reference that
/// cannot be followed is a value that can be anything, with a warning.
///
/// # Errors
///
/// As [`read`], for everything else that is wrong.
pub fn read_foreign(path: &Path, policy: &Policy) -> Result<Document, Diagnostics> {
    let found = match contract::read_file(path) {
        Ok(document) => return Ok(document),
        Err(found) => found,
    };
    let is_error = |item: &&Diagnostic| item.severity == Severity::Error;
    let mut errors = found.items.iter().filter(is_error);
    if errors.all(|item| NOT_FOLLOWED.contains(&item.code))
        && let Some(document) = without_lost(path)
    {
        return Ok(document);
    }
    Err(explained(found, path, policy))
}

/// The document without references that cannot be followed, where nothing else is wrong with it.
fn without_lost(path: &Path) -> Option<Document> {
    let mut document = contract::read_file_tolerant(path).ok()?;
    let faults = contract::faults(&document);
    let done = contract::complete(&mut document, &faults);
    let mut found = document.warnings.items;
    found.retain(|item| !NOT_FOLLOWED.contains(&item.code));
    document.warnings.items = found;
    let mut rest = contract::faults(&document);
    if rest.has_errors() {
        return None;
    }
    rest.items.extend(done);
    rest.sort();
    document.warnings = rest;
    Some(document)
}

/// What reading rejects, and what lowering would find in it.
fn explained(found: Diagnostics, path: &Path, policy: &Policy) -> Diagnostics {
    match contract::read_file_tolerant(path) {
        Ok(document) => with_lowering(found, document, policy),
        // There is nothing that could be lowered.
        Err(_) => found,
    }
}

/// The findings of reading, and behind them those of lowering.
fn with_lowering(found: Diagnostics, mut document: Document, policy: &Policy) -> Diagnostics {
    document.warnings = contract::faults(&document);
    let lowered = || lowering(&document, policy);
    let Ok(lowered) = catch_unwind(AssertUnwindSafe(lowered)) else {
        // Lowering expects what reading accepts, and may give up on anything else.
        return found;
    };
    joined(found, lowered)
}

fn lowering(document: &Document, policy: &Policy) -> Diagnostics {
    let lowered = match lower::lower(document, policy) {
        Ok(lowered) => lowered,
        Err(found) => return found,
    };
    let mut found = lowered.warnings.clone();
    if let Err(more) = model::build(document, &lowered, policy) {
        found.items.extend(more.items);
    }
    found
}

/// Both, where they are about the same texts. What lowering says of a place that reading rejects
/// follows from that, and is left out.
fn joined(mut found: Diagnostics, more: Diagnostics) -> Diagnostics {
    let name = |all: &Diagnostics, file| all.sources.name(file).to_owned();
    let same = found
        .sources
        .files()
        .all(|file| name(&found, file) == name(&more, file));
    if !same {
        return found;
    }
    let errors = found.items.iter();
    let errors = errors.filter(|item| item.severity == Severity::Error);
    let rejected: BTreeSet<Span> = errors.filter_map(|item| item.span).collect();
    let is_new = |item: &Diagnostic| item.span.is_none_or(|span| !rejected.contains(&span));
    found.items.extend(more.items.into_iter().filter(is_new));
    found.sources = more.sources;
    found.sort();
    found
}

/// The findings of lowering, with what reading and the judgement of examples said before.
pub(super) fn whole(mut found: Diagnostics, document: &Document) -> Diagnostics {
    found.items.extend(document.warnings.items.iter().cloned());
    found.items.extend(contradictions::find(document));
    found.sort();
    found
}
