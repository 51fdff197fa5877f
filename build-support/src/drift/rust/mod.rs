//! What a change of the contract means for the Rust source of the generated crates.
//!
//! The generator runs on both documents; the files it gives are parsed, and the public items of
//! each crate compared. Nothing here knows what the emitters mean to write: a change that they
//! hide is no change, and one that they cause by themselves is one.

mod compare;
mod emitted;
mod policy;
mod surface;
#[cfg(test)]
mod tests;
mod tie;

use super::contract::Contract;
use super::report::{CrateVerdict, Report, Semver};
use crate::files::FileSet;
use crate::generate::without_header;
use crate::policy::Policy;
use emitted::{Emitted, Room, emit};
use std::thread;
use surface::Surface;

/// Finds out which step each generated crate needs, and ties the public items that change to the
/// changes of the report.
///
/// Where a document cannot be generated as it is, what stands in the way is left out, or, failing
/// that, the verdict of any change is the largest step; either is said in [`CrateVerdict::note`].
pub fn judge(report: &mut Report, base: &Contract, revision: &Contract, policy: &Policy) {
    let same = report.base.sha256 == report.revision.sha256;
    report.crates = match same {
        true => Room::ALL.map(|room| unchanged(room, policy)).to_vec(),
        false => verdicts(report, base, revision, policy),
    };
    tie::tie(report, base, revision);
}

fn unchanged(room: Room, policy: &Policy) -> CrateVerdict {
    CrateVerdict {
        name: room.package(policy),
        semver: Semver::None,
        note: None,
        items: Vec::new(),
    }
}

fn verdicts(
    report: &Report,
    base: &Contract,
    revision: &Contract,
    policy: &Policy,
) -> Vec<CrateVerdict> {
    let (before, after) = thread::scope(|scope| {
        let before = scope.spawn(|| emit(base, policy));
        let after = emit(revision, policy);
        (before.join(), after)
    });
    let before = before.unwrap_or_else(|_| Err("the generator gave up".to_owned()));
    let rooms = Room::ALL.into_iter();
    match (before, after) {
        (Ok(before), Ok(after)) => {
            let own = rooms.map(|room| verdict(room, &before, &after, policy));
            passed_on(own.collect())
        }
        (before, after) => {
            let sides = [
                (&report.base.name, before.err()),
                (&report.revision.name, after.err()),
            ];
            let sides = sides.into_iter();
            let notes: Vec<String> = sides
                .filter_map(|(name, note)| Some(told(name, &note?)))
                .collect();
            let guess = match report.changes.is_empty() {
                true => Semver::None,
                false => Semver::Major,
            };
            rooms
                .map(|room| unknown(room, guess, &notes.join("; "), policy))
                .collect()
        }
    }
}

/// A fault with the document it is in, unless its place says so.
fn told(name: &str, fault: &str) -> String {
    match fault.starts_with(name) {
        true => fault.to_owned(),
        false => format!("{name}: {fault}"),
    }
}

/// Gives the crates that depend on the types the step they need for that alone: their signatures
/// are made of the types, so what breaks those breaks them, and any other step changes at least
/// the line that names the dependency.
fn passed_on(mut verdicts: Vec<CrateVerdict>) -> Vec<CrateVerdict> {
    let Some((types, others)) = verdicts.split_first_mut() else {
        return verdicts;
    };
    let needed = match types.semver {
        Semver::Minor => Semver::Patch,
        step => step,
    };
    for other in others.iter_mut().filter(|it| it.semver < needed) {
        other.semver = needed;
        if needed == Semver::Major {
            let why = format!("it exposes {}, whose step is major", types.name);
            let notes = other.note.take().into_iter().chain([why]);
            other.note = Some(notes.collect::<Vec<_>>().join("; "));
        }
    }
    verdicts
}

/// Where nothing can be known, the largest step is the safe one, unless nothing changed.
fn unknown(room: Room, guess: Semver, why: &str, policy: &Policy) -> CrateVerdict {
    let note = format!("the step is a guess, because nothing could be generated: {why}");
    CrateVerdict {
        semver: guess,
        note: Some(note),
        ..unchanged(room, policy)
    }
}

fn verdict(room: Room, before: &Emitted, after: &Emitted, policy: &Policy) -> CrateVerdict {
    let mut verdict = unchanged(room, policy);
    let notes: Vec<&str> = [before, after]
        .iter()
        .filter_map(|side| side.note.as_deref())
        .collect();
    verdict.note = (!notes.is_empty()).then(|| notes.join("; "));
    let (old, new) = (before.files(room), after.files(room));
    if same_text(old, new) {
        return verdict;
    }
    let name = room.crate_name(policy);
    let facade = room.facade();
    match (
        Surface::of(&name, old, facade),
        Surface::of(&name, new, facade),
    ) {
        (Ok(old), Ok(new)) => {
            verdict.items = compare::compare(&old, &new);
            let steps = verdict.items.iter().map(|item| item.semver);
            verdict.semver = steps.max().unwrap_or(Semver::Patch);
        }
        (Err(error), _) | (_, Err(error)) => {
            verdict = unknown(room, Semver::Major, &error.to_string(), policy);
        }
    }
    verdict
}

/// Whether two sets differ in nothing but the hash of the contract.
fn same_text(old: &FileSet, new: &FileSet) -> bool {
    let texts = |set: &FileSet| -> Vec<(String, String)> {
        let files = set.iter();
        files
            .map(|(path, text)| (path.to_owned(), without_header(text)))
            .collect()
    };
    old.len() == new.len() && texts(old) == texts(new)
}
