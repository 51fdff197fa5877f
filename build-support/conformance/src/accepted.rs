//! Findings that were looked at and accepted.

use super::report::{ConformanceReport, Finding};
use ::report::{Acceptable, Acceptance, Accepted, Severity, Unmatched};
use chrono::NaiveDate;
use contract::diagnostics::Diagnostics;
use std::collections::BTreeSet;

impl ConformanceReport {
    /// Marks what a file accepts. A run need not show everything again, so an entry that matches
    /// nothing becomes a note.
    ///
    /// # Errors
    /// Entries whose last day is before `today`; then the report is as it was.
    pub fn accept(&mut self, accepted: &Accepted, today: NaiveDate) -> Result<(), Diagnostics> {
        let unmatched = accepted.apply(&mut self.findings, today, Unmatched::Warning)?;
        let notes = unmatched.items.iter().map(|it| {
            let place = it.span.map(|span| unmatched.sources.locate(span));
            let (place, help) = (place.unwrap_or_default(), it.help.as_deref());
            format!("{place}: {}: {}", it.message, help.unwrap_or_default())
        });
        self.notes.extend(notes);
        Ok(())
    }
}

impl Acceptable for Finding {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn operations(&self) -> BTreeSet<&str> {
        self.operations.iter().map(String::as_str).collect()
    }

    fn title(&self) -> (Severity, &'static str, &str) {
        (self.severity, self.rule.id, &self.message)
    }

    fn acceptance(&self) -> Option<&Acceptance> {
        self.accepted.as_ref()
    }

    fn accept(&mut self, acceptance: Acceptance) {
        self.accepted = Some(acceptance);
    }
}
