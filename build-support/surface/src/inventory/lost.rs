//! What is missing with whole files: a file that is missing or not valid Rust is a separate cause.

use super::code;
use super::fact::{Fact, Facts};
use super::source::Code;
use codegen::policy::Policy;
use files::FileSet;
use std::collections::BTreeSet;

/// The facts of files that cannot be looked into.
pub(super) struct Lost {
    files: BTreeSet<String>,
    facts: Facts,
}

impl Lost {
    pub(super) fn new(code: &Code, files: &FileSet, fresh: &FileSet, policy: &Policy) -> Self {
        let gone = fresh.iter().filter(|(path, _)| files.get(path).is_none());
        let gone = gone.map(|(path, _)| path.to_owned());
        let broken = code.faults.iter().map(|(place, _)| place.file.clone());
        let files: BTreeSet<String> = gone.chain(broken).collect();
        let facts = match files.is_empty() {
            true => Facts::new(),
            false => code::facts(&Code::new(fresh), policy),
        };
        Self { files, facts }
    }

    /// Whether a fresh file has the fact where now there is none to look into.
    pub(super) fn explains(&self, fact: &Fact) -> bool {
        let found = self.facts.get(fact);
        found.is_some_and(|found| self.files.contains(&found.place.file))
    }
}
