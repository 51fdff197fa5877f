//! Drift that was looked at and accepted: `openapi/accepted.toml`.

use super::report::{Change, DriftReport};
use ::report::{Acceptable, Acceptance, Accepted, Severity, Unmatched};
use chrono::NaiveDate;
use contract::diagnostics::Diagnostics;
use std::collections::BTreeSet;

/// The accepted drift of this workspace, relative to its root.
pub const ACCEPTED: &str = "openapi/accepted.toml";

/// What a revision is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparedBase {
    /// The vendored contract.
    Vendored,
    /// Another version of the vendored contract.
    VersionOfVendored,
    /// A contract of its own.
    Other,
    /// Every version of a file, each with the one before.
    History,
}

impl ComparedBase {
    /// How an entry of [`ACCEPTED`] counts that matches nothing; `None` where the file does not apply. The
    /// entries are written for a comparison with the vendored contract. With another version of it as the
    /// base, a change may already be in the base. This is a warning, so that runs after a merge do not fail.
    /// The file does not apply to other contracts or to a history.
    #[must_use]
    pub fn unmatched(self) -> Option<Unmatched> {
        match self {
            Self::Vendored => Some(Unmatched::Error),
            Self::VersionOfVendored => Some(Unmatched::Warning),
            Self::Other | Self::History => None,
        }
    }
}

/// Marks every change that is accepted, in all reports together; gives the warnings.
///
/// # Errors
/// See [`Accepted::apply`]; then the reports are as they were.
pub fn accept(
    reports: &mut [DriftReport],
    accepted: &Accepted,
    today: NaiveDate,
    unmatched: Unmatched,
) -> Result<Diagnostics, Diagnostics> {
    let changes = reports.iter_mut().flat_map(|report| &mut report.changes);
    accepted.apply(changes, today, unmatched)
}

impl Acceptable for Change {
    fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    fn operations(&self) -> BTreeSet<&str> {
        let uses = self.used_by.iter();
        uses.map(|used| used.operation.as_str()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::tests::report;

    #[test]
    fn an_accepted_change_fails_no_run() {
        let text = "[[accepted]]\nfingerprint = \"00000000000000a1\"\n\
            reason = \"the field was never sent\"\nexpires = 2027-01-31\n";
        let accepted = Accepted::parse("accepted.toml", text).unwrap();
        let day = NaiveDate::from_ymd_opt(2027, 1, 31).unwrap();
        let mut reports = [report()];
        let before = reports[0].summary();
        accept(&mut reports, &accepted, day, Unmatched::Error).unwrap();
        let after = reports[0].summary();
        assert_eq!(after.breaking + 1, before.breaking);
        assert_eq!(after.accepted, before.accepted + 1);
    }

    #[test]
    fn the_file_applies_to_versions_of_the_vendored_contract() {
        for (base, unmatched) in [
            (ComparedBase::Vendored, Some(Unmatched::Error)),
            (ComparedBase::VersionOfVendored, Some(Unmatched::Warning)),
            (ComparedBase::Other, None),
            (ComparedBase::History, None),
        ] {
            assert_eq!(base.unmatched(), unmatched, "{base:?}");
        }
    }
}
