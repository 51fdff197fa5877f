//! Checks whether the generated code has everything that the contract says, and nothing else.
//!
//! The contract is read from the document alone, and the code with syn from the files alone. Neither side
//! uses lowering, model or emitters. Both become sets of facts, and a fact that only one side has is a
//! change. So a generator that leaves something out without a message is found, and so is one that adds
//! something.
//!
//! # Intended differences
//! - Headers that the policy calls transport are not arguments; they are looked for in the tables
//!   of operations, as what a request carries.
//! - `allOf` is merged: a type has the properties of all its parts.
//! - A component that only refers to another is an alias and repeats none of its parts.
//! - Schemas with a type in the policy's `[types]` are written by hand, and so is what they hold.
//! - Inline schemas have names of their own: `<Operation>Request`, `<Operation>Response`,
//!   `<Parent><Field>`, with `Item` for those of lists and `Value` for those of maps.
//! - Open enums and unions have `Unknown`, and open unions a type `Unknown<Union>`.
//! - What the root of the client has beside the calls of its tags are ways to make one.
//! - Names are compared without case and signs, after those the policy gives.

mod client;
mod code;
mod derived;
mod documented;
mod fact;
mod lost;
mod rules;
mod server;
mod source;
mod stale;
mod syntax;
#[cfg(test)]
mod tests;
mod transport;
mod types;
mod verdict;

pub use derived::DerivedSchemas;
pub use stale::add_stale;
pub use verdict::CodeVerdict;

use crate::generated_crate::GeneratedCrate;
use codegen::policy::Policy;
use contract::Place;
use contract::{Document, Sources};
use drift::report::{Change, DocumentInfo, DriftReport, Severity, SourceTexts, Subject, Uses};
use drift::report::{CrateVerdict, Semver};
use fact::{Aspect, Fact, Found, package};
use files::FileSet;
use lost::Lost;
use report::fingerprint;
use source::Code;
use std::collections::BTreeSet;

pub use rules::{CODE, RULES};

/// Compares a contract with generated code. Paths of `files` are those in this workspace, below
/// [`OWNED`](codegen::generate::OWNED); `fresh` is what would be generated now, and says only which
/// file that is gone would have held what.
#[must_use]
pub fn inventory(
    document: &Document,
    policy: &Policy,
    files: &FileSet,
    fresh: &FileSet,
) -> DriftReport {
    let code = Code::new(files);
    let said = documented::facts(document, policy);
    let done = code::facts(&code, policy);
    let lost = Lost::new(&code, files, fresh, policy);
    let missing = said.iter().filter(|(fact, _)| !done.contains_key(*fact));
    let missing = causes(missing.filter(|(fact, _)| !lost.explains(fact)).collect());
    let missing = missing.map(|(fact, found)| change(fact, found, true));
    let extra = done.iter().filter(|(fact, _)| !said.contains_key(*fact));
    let extra = causes(extra.collect()).map(|(fact, found)| change(fact, found, false));
    let unreadable = code
        .faults
        .iter()
        .map(|(place, words)| unreadable(place, words));
    let mut report = DriftReport {
        subject: Subject::Code,
        compared: None,
        base: contract_info(document),
        revision: code_info(&code.sources),
        changes: missing.chain(extra).chain(unreadable).collect(),
        crates: Vec::new(),
    };
    sort(&mut report);
    report
}

/// Adds what the test of derived schemas said, when it failed.
pub fn add_schema_differences(report: &mut DriftReport, said: &str) {
    let mut found = blank("code-schema-differs", "derived schemas");
    found.message =
        "the schemas derived from the Rust types are not those of the contract".to_owned();
    found.advice = Some(said.trim().to_owned());
    report.changes.push(found);
    sort(report);
}

/// Adds why derived schemas could not be compared, which is neither a finding nor a pass.
pub fn add_unknown_schemas(report: &mut DriftReport, why: &str) {
    report.crates.push(CrateVerdict {
        name: package(GeneratedCrate::Types),
        semver: Semver::None,
        note: Some(format!("derived schemas were not compared: {why}")),
        items: Vec::new(),
    });
}

/// Without the parts of what is missing, or too much, as a whole.
fn causes<'a>(facts: Vec<(&'a Fact, &'a Found)>) -> impl Iterator<Item = (&'a Fact, &'a Found)> {
    let all = facts
        .iter()
        .map(|(fact, _)| (fact.krate, fact.aspect, fact.subject.as_str()));
    let all: BTreeSet<(GeneratedCrate, Aspect, &str)> = all.collect();
    facts.into_iter().filter(move |(fact, _)| {
        let mut wholes = fact.aspect.wholes().iter();
        !wholes.any(|whole| all.contains(&(fact.krate, *whole, fact.subject.as_str())))
    })
}

fn sort(report: &mut DriftReport) {
    let at = |place: &Option<Place>| {
        place
            .as_ref()
            .map(|it| (it.file.clone(), it.line, it.column))
    };
    report.changes.sort_by_key(|it| {
        (
            at(&it.base),
            at(&it.revision),
            it.rule.id,
            it.message.clone(),
        )
    });
}

fn change(fact: &Fact, found: &Found, missing: bool) -> Change {
    let (krate, noun) = (package(fact.krate), fact.aspect.noun(&found.shown));
    let mut change = blank(fact.aspect.rule(missing), &fact.key());
    change.message = match missing {
        true => format!("{krate} lacks {noun}"),
        false => format!("{krate} has {noun}, which the contract does not know"),
    };
    let advice = match missing {
        true => "run `cargo xtask regenerate`; if it stays away, the generator drops it",
        false => "run `cargo xtask regenerate`; if it stays, the generator makes it up",
    };
    change.advice = Some(advice.to_owned());
    let place = Some(found.place.clone());
    match missing {
        true => change.base = place,
        false => change.revision = place,
    }
    change
}

fn unreadable(place: &Place, words: &str) -> Change {
    let mut change = blank("code-unreadable", &place.file);
    change.message = format!(
        "the generated file `{}` is not valid Rust: {words}",
        place.file
    );
    change.revision = Some(place.clone());
    change
}

/// A change without words and places; `subject` distinguishes it from others of its rule.
fn blank(rule: &str, subject: &str) -> Change {
    Change {
        rule: rules::of(rule),
        severity: Severity::Breaking,
        directions: None,
        effect: None,
        message: String::new(),
        property: None,
        advice: None,
        fingerprint: fingerprint(rule, &[subject, "-"]),
        base: None,
        revision: None,
        used_by: Uses::default(),
        witness: None,
        rust: Vec::new(),
        accepted: None,
    }
}

fn contract_info(document: &Document) -> DocumentInfo {
    let version = document.root.pointer("/info/version");
    let version = version.and_then(contract::Node::as_str);
    DocumentInfo {
        name: document.path.clone(),
        sha256: document.sha256.clone(),
        version: version.unwrap_or_default().to_owned(),
        sources: SourceTexts(document.sources.clone()),
    }
}

fn code_info(sources: &Sources) -> DocumentInfo {
    DocumentInfo {
        name: CODE.to_owned(),
        sha256: contract::sha256_hex(sources.files().map(|file| sources.text(file))),
        version: String::new(),
        sources: SourceTexts(sources.clone()),
    }
}
