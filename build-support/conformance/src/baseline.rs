//! Findings that are known and accepted for now.

use super::report::Report;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The findings a run may have again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The known findings, by fingerprint.
    known: Vec<Known>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    fingerprint: String,
    rule: String,
    message: String,
    /// Seen anywhere else, it is a finding again.
    operations: BTreeSet<String>,
}

/// A baseline cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{name} is no baseline: {source}; write a new one with --write-baseline")]
pub struct BaselineError {
    name: String,
    source: serde_json::Error,
}

impl Baseline {
    /// Reads a baseline; `name` is what errors call it.
    ///
    /// # Errors
    /// When the text is not what [`Baseline::to_text`] writes.
    pub fn parse(name: &str, text: &str) -> Result<Self, BaselineError> {
        serde_json::from_str(text).map_err(|source| BaselineError {
            name: name.to_owned(),
            source,
        })
    }

    /// Every finding of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut known: Vec<Known> = report
            .findings
            .iter()
            .map(|finding| Known {
                fingerprint: finding.fingerprint.clone(),
                rule: finding.rule.id.to_owned(),
                message: finding.message.clone(),
                operations: finding.operations.clone(),
            })
            .collect();
        known.sort();
        Self { known }
    }

    /// As it is kept in a file: JSON, sorted, ending with a line break.
    ///
    /// # Panics
    /// Never: texts and lists can always be written.
    #[must_use]
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        format!("{}\n", text.expect("texts and lists can always be written"))
    }

    /// Marks what a report has and the baseline knows, operation by operation, and notes what the
    /// baseline knows and did not show again.
    pub fn apply(&self, report: &mut Report) {
        for finding in &mut report.findings {
            let known = self
                .known
                .iter()
                .find(|it| it.fingerprint == finding.fingerprint);
            finding.accepted =
                known.is_some_and(|it| it.operations.is_superset(&finding.operations));
        }
        let gone = self.known.iter().filter(|known| {
            let mut findings = report.findings.iter();
            !findings.any(|finding| finding.fingerprint == known.fingerprint)
        });
        let gone: Vec<String> = gone
            .map(|known| {
                let (rule, fingerprint) = (&known.rule, &known.fingerprint);
                format!(
                    "the baseline's {rule} ({fingerprint}) did not show; drop it if it is mended"
                )
            })
            .collect();
        report.notes.extend(gone);
    }
}
