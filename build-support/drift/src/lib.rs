#![doc = include_str!("../README.md")]
//!
//! # How it is judged
//!
//! What a change is and how bad it is stands in [`mod@report`]; [`render`] writes a report in the
//! formats of the crate `report`.
//!
//! Severity is derived, never listed: what a change does to the set of accepted values
//! ([`Effect`]), in the directions that it travels in ([`Directions`]), softened by guards such as a deprecation
//! or an error status.
//!
//! # Read as it is meant
//!
//! Where the words of a contract say less, or other, than people mean by them, these readings hold:
//!
//! - A schema without a type that has `properties`, `required` or `items` is about objects or
//!   arrays alone.
//! - An object that says nothing of other properties takes them, and who reads it ignores them: an
//!   added property of a response is compatible, and a warning where other properties were rejected.
//! - Who sends a property or parameter that was removed is ignored: a warning, unless objects of
//!   the kind reject other properties.
//! - Members of `oneOf` are alternatives. A value that fits two of them is rejected. Where members
//!   come to overlap, a value is searched for that was accepted and is rejected for that reason. An
//!   object has only properties that its sender lists there, and fits a member only with a property
//!   that the member lists: anything else fits an open object. Where a discriminator names the
//!   alternative, it says which one is meant, and only members that the same value of it names can
//!   overlap. The same holds for a `oneOf` within or beside other alternatives.
//!   Where `oneOf` and `anyOf` are exchanged, and where members cease to overlap, it is a warning.
//! - `nullable` counts in 3.1 too, and beside an `enum` without null.
//! - `default` makes nothing optional that is required.
//! - Statuses of errors may come and go; what changes inside of them is a warning at most.
//! - Unknown formats may reject nothing, so that a change between them is undecided.
//! - An empty `oneOf` or `anyOf` says nothing. Adding one is undecided. Who fills one accepts more.
//! - An operation that is a `$ref` is the one it leads to.
//! - What contradicts itself accepts nothing, except for an object that asks for a property and
//!   closes itself to it: there people mean the property. A change where no value meets either side
//!   is a warning at most.
//! - Where `not`, `if`, a number of properties or alternatives may reject what changed anyway, a change
//!   is breaking only where a value shows it, and undecided otherwise. So is an alternative that came or
//!   went and of which no value is found.
//!
//! `POLICY.md` of this crate lists what is a choice, each with its reason and its switch.
//!
//! # One cause, one entry
//!
//! What several places refer to is one entry with all its uses. So is what at least three
//! operations have in common: the same parameter, header, status, media type, credentials or tags,
//! and a beginning that as many paths were given or lost. The entry shows the first of the places,
//! and its fingerprint is made from that place.
//!
//! # Where files use one another
//! The modules of this folder use one another in one direction only. Within `schema` and within
//! `http` the files call one another: a schema holds schemas, and an operation holds callbacks,
//! which hold operations.

pub mod accepted;
mod advice;
mod assemble;
mod at;
mod compared;
mod dialect;
mod finding;
mod fingerprint;
mod guards;
mod history;
mod http;
mod kind;
mod options;
mod place;
mod regexes;
pub mod render;
pub mod report;
pub mod rules;
mod schema;
mod text;
mod verdict;
pub mod witness;

pub use compared::Contract;
pub use history::History;
pub use options::{OpenEnums, Options, Reweighed};
pub use report::{
    Change, Directions, DocumentInfo, DriftReport, Effect, Semver, Severity, Subject, Use, Uses,
};

/// Compares two contracts. The same contracts and options give the same report, byte for byte.
///
/// # Panics
/// When the system has no thread left.
#[must_use]
pub fn compare(base: &Contract, revision: &Contract, options: &Options) -> DriftReport {
    let compared = || {
        let engine = schema::engine::Engine::new(base, revision, options);
        let mut walk = http::Walk::new(engine);
        walk.run(base, revision);
        assemble::changes(walk, base, revision, options)
    };
    DriftReport {
        subject: Subject::Contracts,
        compared: None,
        base: base.info(),
        revision: revision.info(),
        changes: with_room(compared),
        crates: Vec::new(),
    }
}

/// Runs work on a thread with room for schemas that lead into one another thousands of times. Of
/// what is not used only the addresses are taken.
fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    const STACK: usize = 1 << 28;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, work).map(|it| it.join()) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => panic!("no thread to compare on: {error}"),
        }
    })
}
