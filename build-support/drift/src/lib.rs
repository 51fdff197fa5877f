#![doc = include_str!("../README.md")]
//!
//! # How it is judged
//!
//! A change and its severity are in [`mod@report`]. [`render`] writes a report in the formats of the crate
//! `report`.
//!
//! The severity is always derived. It depends on the effect of a change on the set of accepted values
//! ([`Effect`]) and on the directions in which these values are sent ([`Directions`]). It is lower for
//! deprecated parts and for error statuses.
//!
//! # Read as it is meant
//!
//! Some contracts say less than their authors mean, or something else. They are read in this way:
//!
//! - A schema without a type that has `properties`, `required` or `items` is about objects or
//!   arrays alone.
//! - An object that says nothing of other properties accepts them, and a reader ignores them. So a property
//!   that is added to a response is compatible, and a warning where other properties were rejected.
//! - A property or parameter that was removed and is still sent is ignored. This is a warning, unless such
//!   objects reject other properties.
//! - Members of `oneOf` are alternatives. A value that fits two of them is rejected. Where members
//!   begin to overlap, the comparison searches for a value that was accepted and is now rejected for that
//!   reason. An object in such a value has only properties that its sender lists, and fits a member only
//!   with a property that the member lists, because any object fits an open object. A discriminator says
//!   which alternative is meant, so that only members with the same value of it can overlap. The same holds
//!   for a `oneOf` within or beside other alternatives. It is a warning where `oneOf` and `anyOf` are
//!   exchanged, and where members no longer overlap.
//! - `nullable` counts in 3.1 too. Beside a type, an `enum` without null rejects null all the same.
//! - `default` does not make a required value optional.
//! - Statuses of errors may be added and removed. A change of their content is a warning at most.
//! - Unknown formats may reject nothing, so a change between them is undecided.
//! - An empty `oneOf` or `anyOf` has no meaning. Adding one is undecided. Filling one accepts more.
//! - An operation that is a `$ref` is the operation to which it leads.
//! - A schema that contradicts itself accepts nothing. The exception is an object that requires a property
//!   and does not allow it: authors mean the property. A change where no value meets either side is a
//!   warning at most.
//! - `not`, `if`, a number of properties or alternatives may reject the changed values anyway. Then a
//!   change is breaking only where a value shows it, and undecided otherwise. An alternative that was added
//!   or removed, and for which no value is found, is undecided too.
//!
//! `POLICY.md` of this crate lists these choices, each with its reason and its switch.
//!
//! # One cause, one entry
//!
//! A part to which several places refer is one entry with all its uses. A change that at least three
//! operations have in common is one entry too: the same parameter, header, status, media type, credentials
//! or tags, or the same beginning of paths that was added or removed. The entry shows the first of the
//! places, and its fingerprint is made from that place.
//!
//! # Where files use one another
//! The modules of this folder depend on one another in one direction only. Within `schema` and within
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
