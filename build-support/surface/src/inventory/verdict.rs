//! The verdict of a comparison of generated code with its contract.

use drift::report::{Change, DriftReport};
use report::FailOn;

/// Whether the code agrees with the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeVerdict {
    /// Nothing fails the run.
    Agrees,
    /// Something fails it, and all of that would be gone with fresh files.
    Stale,
    /// Something fails it that fresh files would not change.
    Differs,
}

impl CodeVerdict {
    /// The verdict on a report; `fresh` is the inventory of what would be generated now.
    #[must_use]
    pub fn of(report: &DriftReport, fresh: &DriftReport, fail_on: FailOn) -> Self {
        let failing = report.changes.iter().filter(|change| change.fails(fail_on));
        let failing: Vec<&Change> = failing.collect();
        match failing.iter().all(|change| is_stale(change, fresh)) {
            _ if failing.is_empty() => Self::Agrees,
            true => Self::Stale,
            false => Self::Differs,
        }
    }
}

/// Whether a change would be gone with fresh files. Derived schemas depend on code written by hand
/// too, so that fresh files may not change them.
pub(super) fn is_stale(change: &Change, fresh: &DriftReport) -> bool {
    let stays = |it: &Change| it.fingerprint == change.fingerprint;
    change.rule.id != "code-schema-differs" && !fresh.changes.iter().any(stays)
}

#[cfg(test)]
mod tests {
    use super::super::{SourceTexts, blank};
    use super::*;
    use drift::report::{DocumentInfo, Subject};

    fn report(changes: &[(&'static str, &str)]) -> DriftReport {
        let document = DocumentInfo {
            name: String::new(),
            sha256: String::new(),
            version: String::new(),
            sources: SourceTexts::default(),
        };
        let changes = changes.iter().map(|(rule, subject)| blank(rule, subject));
        DriftReport {
            subject: Subject::Code,
            compared: None,
            base: document.clone(),
            revision: document,
            changes: changes.collect(),
            crates: Vec::new(),
        }
    }

    #[test]
    fn code_is_stale_when_fresh_files_are_all_it_needs() {
        let (stale, lost) = (("code-stale", "a.rs"), ("code-field-missing", "Card.id"));
        let derived = ("code-schema-differs", "derived schemas");
        for (found, fresh, verdict) in [
            (&[][..], &[][..], CodeVerdict::Agrees),
            (&[stale], &[], CodeVerdict::Stale),
            (&[stale, lost], &[], CodeVerdict::Stale),
            (&[stale, lost], &[lost], CodeVerdict::Differs),
            (&[derived], &[], CodeVerdict::Differs),
        ] {
            let (report, fresh) = (report(found), report(fresh));
            let found = CodeVerdict::of(&report, &fresh, FailOn::Breaking);
            assert_eq!(found, verdict, "{found:?}");
        }
    }
}
