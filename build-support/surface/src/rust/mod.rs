//! What a change of the contract means for the Rust source of the generated crates.
//!
//! The emitters run on both documents. Their items are parsed, and the public items of each crate are
//! compared. Only the output of the emitters counts: a change that does not appear in it is not a change, and
//! a change that the emitters cause by themselves is one.

mod chosen;
mod compare;
mod difference;
#[cfg(test)]
mod evolution;
mod fit;
mod ready;
mod size;
mod surface;
#[cfg(test)]
mod tests;
mod tie;

use crate::generated_crate::GeneratedCrate;
use chosen::chosen;
use codegen::generate::aside;
use codegen::policy::Policy;
use difference::{Difference, Fault, Sides, difference, differs};
use drift::Contract;
use drift::report::{CrateVerdict, DriftReport, Semver};
use ready::ready;
use std::thread;

/// Finds out which step each generated crate needs, and ties the public items that change to the
/// changes of the report.
///
/// Where code cannot be generated from a document as it is, the faulty part is left out. If that is not
/// possible, the verdict of any change is the largest step. [`CrateVerdict::note`] says which of the two.
pub fn judge(report: &mut DriftReport, base: &Contract, revision: &Contract, policy: &Policy) {
    let same = report.base.sha256 == report.revision.sha256;
    report.crates = match same {
        true => GeneratedCrate::ALL
            .map(|krate| unchanged(krate, policy))
            .to_vec(),
        false => verdicts(report, base, revision, policy),
    };
    tie::tie(report, base, revision);
}

fn unchanged(krate: GeneratedCrate, policy: &Policy) -> CrateVerdict {
    CrateVerdict {
        name: krate.package(policy),
        semver: Semver::None,
        note: None,
        items: Vec::new(),
    }
}

fn verdicts(
    report: &DriftReport,
    base: &Contract,
    revision: &Contract,
    policy: &Policy,
) -> Vec<CrateVerdict> {
    let excess = [base, revision].map(|contract| size::excess(contract.document()));
    if excess.iter().any(Option::is_some) {
        return guesses(report, excess, policy);
    }
    let (before, after) = thread::scope(|scope| {
        let before = scope.spawn(|| ready(base, policy));
        let after = ready(revision, policy);
        (before.join(), after)
    });
    let before = before.unwrap_or_else(|_| Err("the generator failed".to_owned()));
    let judged = match (before, after) {
        (Ok(before), Ok(mut after)) => {
            // The hash of the contract is not a difference, nor are the lines of a page of
            // documentation.
            after.api.source = before.api.source.clone();
            after.api.constraints = before.api.constraints.clone();
            judged([&before, &after], policy).map_err(Fault::by_side)
        }
        (before, after) => Err([before.err(), after.err()]),
    };
    judged.unwrap_or_else(|faults| guesses(report, faults, policy))
}

/// What is said where a side has a fault.
fn guesses(
    report: &DriftReport,
    faults: [Option<String>; 2],
    policy: &Policy,
) -> Vec<CrateVerdict> {
    let sides = [&report.base.name, &report.revision.name];
    let notes = sides.into_iter().zip(faults);
    let notes = notes.filter_map(|(name, fault)| Some(with_document(name, &fault?)));
    let why = notes.collect::<Vec<_>>().join("; ");
    let guess = match report.changes.is_empty() {
        true => Semver::None,
        false => Semver::Major,
    };
    let guess = |krate| unknown(krate, guess, &why, policy);
    GeneratedCrate::ALL.map(guess).to_vec()
}

/// A fault with the document it is in, unless its place says so.
fn with_document(name: &str, fault: &str) -> String {
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
fn unknown(krate: GeneratedCrate, guess: Semver, why: &str, policy: &Policy) -> CrateVerdict {
    let note = format!("the step is a guess, because nothing could be generated: {why}");
    CrateVerdict {
        semver: guess,
        note: Some(note),
        ..unchanged(krate, policy)
    }
}

/// The verdict of every crate, or the side that nothing could be written of. The constructors of what
/// only a server makes count for the server.
fn judged(sides: Sides<'_>, policy: &Policy) -> Result<Vec<CrateVerdict>, Fault> {
    let chosen = chosen(&sides[0].api, &sides[1].api);
    let seen = all_apart(GeneratedCrate::ALL, |krate| {
        difference(krate, sides, &chosen)
    });
    let mut verdicts = Vec::new();
    let mut for_servers = Vec::new();
    for (krate, seen) in GeneratedCrate::ALL.into_iter().zip(seen) {
        let mut seen = seen?;
        if let Ok(Difference::Public(changes)) = &mut seen {
            for_servers.append(&mut changes.for_servers);
        }
        let types = verdicts.first().map(|types: &CrateVerdict| types.semver);
        verdicts.push(verdict(krate, seen, types, sides, policy)?);
    }
    if let Some(server) = verdicts.last_mut() {
        let steps = for_servers.iter().map(|item| item.semver);
        server.semver = steps.chain([server.semver]).max().unwrap_or(server.semver);
        server.items.append(&mut for_servers);
        server.items.sort();
    }
    Ok(passed_on(verdicts))
}

/// Does something for each of some crates at once, where a panic is a fault like any other.
fn all_apart<T: Send, const N: usize>(
    crates: [GeneratedCrate; N],
    work: impl Fn(GeneratedCrate) -> Result<T, Fault> + Sync,
) -> [Result<T, Fault>; N] {
    let work = &work;
    thread::scope(|scope| {
        let begun = crates.map(|krate| aside(scope, "Rust source", move || Ok(work(krate))));
        begun.map(|work| work.finish().map_err(|gone| Fault::new(1, gone)).flatten())
    })
}

/// The verdict of one crate, after that of the types.
fn verdict(
    krate: GeneratedCrate,
    seen: syn::Result<Difference>,
    types: Option<Semver>,
    sides: Sides<'_>,
    policy: &Policy,
) -> Result<CrateVerdict, Fault> {
    let mut verdict = unchanged(krate, policy);
    let notes = sides.iter().filter_map(|side| side.note.as_deref());
    let notes: Vec<&str> = notes.collect();
    verdict.note = (!notes.is_empty()).then(|| notes.join("; "));
    match seen {
        Ok(Difference::Public(items)) => {
            let steps = items.covered.iter().map(|item| item.semver);
            verdict.semver = steps.max().unwrap_or(Semver::Patch);
            verdict.items = items.covered;
        }
        Ok(Difference::Inside) => verdict.semver = Semver::Patch,
        // Other types are at least a patch in any case.
        Ok(Difference::Unseen) if types.is_some_and(|step| step > Semver::None) => {}
        Ok(Difference::Unseen) => {
            let [differs] = all_apart([krate], |krate| differs(krate, sides));
            if differs? {
                verdict.semver = Semver::Patch;
            }
        }
        Err(error) => verdict = unknown(krate, Semver::Major, &error.to_string(), policy),
    }
    Ok(verdict)
}
