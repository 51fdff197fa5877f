//! Entries that were reviewed and accepted: one file format for every report.
//!
//! ```toml
//! [[accepted]]
//! fingerprint = "74fd8f8a2a1c3b90"
//! reason = "no client reads the field"
//! expires = 2027-01-31
//! operations = ["getCard"]
//! ```
//!
//! An entry of the file names an entry of a report by its fingerprint, with a reason and a last day. With
//! `operations` it is valid only for these operations. Found at another operation, the same entry is open
//! again. An entry of the file whose day has passed is an error. An entry that matches nothing is an error
//! too where the file was written for this comparison, so that the file keeps no old entries. Elsewhere it
//! is a warning ([`Unmatched`]).

mod add;
mod read;
#[cfg(test)]
mod tests;

use crate::Severity;
use chrono::NaiveDate;
use contract::diagnostics::{Diagnostic, Diagnostics};
use contract::{Sources, Span};
use std::collections::BTreeSet;

/// Why an entry is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Why it is fine.
    pub reason: String,
    /// The last day on which that holds.
    pub expires: NaiveDate,
}

/// The entries of a file of accepted ones.
#[derive(Debug, Clone, Default)]
pub struct Accepted {
    entries: Vec<AcceptedEntry>,
    sources: Sources,
}

/// How an entry of the file counts that matches nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmatched {
    /// An error: the file was written for this comparison.
    Error,
    /// A warning: the entry may belong to another comparison, or was not seen this time.
    Warning,
}

/// What can be accepted.
pub trait Acceptable {
    /// Its fingerprint.
    fn fingerprint(&self) -> &str;

    /// The operations it was seen at, or that use it.
    fn operations(&self) -> BTreeSet<&str>;

    /// How bad it is, its rule and its message, for a comment in the file.
    fn title(&self) -> (Severity, &'static str, &str);

    /// Why it is accepted, if it is.
    fn acceptance(&self) -> Option<&Acceptance>;

    /// Marks it as accepted.
    fn accept(&mut self, acceptance: Acceptance);
}

/// One accepted entry.
#[derive(Debug, Clone)]
struct AcceptedEntry {
    fingerprint: String,
    acceptance: Acceptance,
    /// The operations it holds for; without them, every one.
    operations: Option<BTreeSet<String>>,
    places: Places,
}

/// Where the parts of an entry stand in the file.
#[derive(Debug, Clone, Copy)]
struct Places {
    fingerprint: Span,
    expires: Span,
    operations: Option<Span>,
}

impl Accepted {
    /// Marks everything that is accepted, and gives the warnings.
    ///
    /// # Errors
    /// Entries of the file whose last day is before `today`, and those that match nothing where
    /// that is an error. Then nothing is marked.
    pub fn apply<'e, A: Acceptable + 'e>(
        &self,
        found: impl IntoIterator<Item = &'e mut A>,
        today: NaiveDate,
        unmatched: Unmatched,
    ) -> Result<Diagnostics, Diagnostics> {
        let mut found: Vec<&mut A> = found.into_iter().collect();
        let mut wrong = Diagnostics::new(self.sources.clone());
        let prints: BTreeSet<&str> = found.iter().map(|it| it.fingerprint()).collect();
        let faults = self.entries.iter().filter_map(|entry| {
            let matches = prints.contains(entry.fingerprint.as_str());
            entry.fault(matches, today, unmatched)
        });
        wrong.items.extend(faults);
        let warnings = wrong.into_result()?;
        for entry in &self.entries {
            for each in found.iter_mut().filter(|it| entry.holds_for(&***it)) {
                each.accept(entry.acceptance.clone());
            }
        }
        Ok(warnings)
    }

    /// Whether every entry of the file still holds on a day, to be known before a long run.
    ///
    /// # Errors
    /// The entries whose last day is before `today`.
    pub fn check_expiry(&self, today: NaiveDate) -> Result<(), Diagnostics> {
        let mut wrong = Diagnostics::new(self.sources.clone());
        let expired = self.entries.iter().filter(|it| it.has_expired(today));
        wrong.items.extend(expired.map(AcceptedEntry::expired));
        wrong.into_result().map(drop)
    }
}

impl AcceptedEntry {
    fn holds_for(&self, found: &impl Acceptable) -> bool {
        let everywhere = |known: &BTreeSet<String>| {
            let mut seen_at = found.operations().into_iter();
            seen_at.all(|operation| known.contains(operation))
        };
        found.fingerprint() == self.fingerprint && self.operations.as_ref().is_none_or(everywhere)
    }

    fn has_expired(&self, today: NaiveDate) -> bool {
        self.acceptance.expires < today
    }

    fn fault(&self, matches: bool, today: NaiveDate, unmatched: Unmatched) -> Option<Diagnostic> {
        match (matches, unmatched, self.has_expired(today)) {
            (false, Unmatched::Error, _) => Some(self.matches_nothing(Diagnostic::error)),
            (_, _, true) => Some(self.expired()),
            (false, Unmatched::Warning, _) => Some(self.matches_nothing(Diagnostic::warning)),
            (true, ..) => None,
        }
    }

    fn matches_nothing(&self, new: fn(&'static str, String, Span) -> Diagnostic) -> Diagnostic {
        let message = format!("nothing has the fingerprint `{}`", self.fingerprint);
        let at = self.places.fingerprint;
        let found = new("accepted::matches-nothing", message, at).with_label("matches nothing");
        found.with_help("remove the entry when what it accepts was merged or fixed")
    }

    fn expired(&self) -> Diagnostic {
        let (print, until) = (&self.fingerprint, self.acceptance.expires);
        let message = format!("`{print}` was accepted until {until}");
        let found = Diagnostic::error("accepted::expired", message, self.places.expires);
        let help = "look at it again: act on it, or give a later day and a reason";
        found.with_label("has passed").with_help(help)
    }
}
