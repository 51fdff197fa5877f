//! What was found, and how much of the contract was seen.

use super::rules::Rule;
use contract::Place;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that came of holding exchanges against a contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What was judged: a base URL, or the names of recordings.
    pub subject: String,
    /// Title and version of the contract.
    pub contract: String,
    /// The contract's file.
    pub file: String,
    /// SHA-256 of the contract.
    pub sha256: String,
    /// How many exchanges were judged.
    pub exchanges: usize,
    /// How many lay outside the API and were left alone.
    pub outside: usize,
    /// One entry for each cause, the worst first.
    pub findings: Vec<Finding>,
    /// What was seen of the contract.
    pub coverage: Coverage,
    /// What was left out on purpose, and why.
    pub notes: Vec<String>,
    /// Why nothing can be said, where nothing can.
    pub inconclusive: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Somebody may notice.
    Warning,
    /// Somebody who keeps to the contract fails, or is let down.
    Breaking,
}

impl Severity {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Breaking => "breaking",
        }
    }
}

/// From which severity on a run fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Only breaking findings.
    Breaking,
    /// Warnings too.
    #[default]
    Warning,
    /// Notes too.
    Any,
}

/// One cause, however often it showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong.
    pub message: String,
    /// Sixteen hexadecimal digits from the rule and its cause alone.
    pub fingerprint: String,
    /// Where the contract says otherwise.
    pub place: Place,
    /// The operations it was seen at, by id.
    pub operations: BTreeSet<String>,
    /// How often it was seen.
    pub count: usize,
    /// The first time.
    pub example: Example,
    /// Whether the baseline knows it, for each of its operations.
    pub accepted: bool,
}

/// An exchange that shows a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The method.
    pub method: String,
    /// The URL, without what may be a secret.
    pub url: String,
    /// The status that came.
    pub status: u16,
    /// The place in the body, as a JSON pointer.
    pub at: Option<String>,
    /// Where it was recorded.
    pub origin: Option<String>,
    /// A command that repeats it, with names of variables in place of secrets.
    pub repeat: String,
}

/// What was seen of a contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Every operation, in the contract's order.
    pub operations: Vec<OperationCoverage>,
}

/// What was seen of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationCoverage {
    /// Its id.
    pub id: String,
    /// The method.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The documented statuses, and how often each came.
    pub documented: BTreeMap<String, usize>,
    /// Further statuses, and how often each came.
    pub further: BTreeMap<u16, usize>,
}

impl OperationCoverage {
    /// Whether it answered at all, and not only that it is not served.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        let answered = self.documented.values().any(|count| *count > 0);
        !self.is_unimplemented() && (answered || !self.further.is_empty())
    }

    /// Whether it says that it is not served.
    #[must_use]
    pub fn is_unimplemented(&self) -> bool {
        self.further.contains_key(&501)
    }

    /// The documented statuses that never came.
    pub fn unseen(&self) -> impl Iterator<Item = &str> {
        let unseen = self.documented.iter().filter(|(_, count)| **count == 0);
        unseen.map(|(status, _)| status.as_str())
    }
}

impl Coverage {
    /// How many operations were seen.
    #[must_use]
    pub fn seen(&self) -> usize {
        self.operations.iter().filter(|it| it.is_seen()).count()
    }

    /// How many documented statuses were seen, of how many.
    #[must_use]
    pub fn statuses(&self) -> (usize, usize) {
        let counts = self.operations.iter().flat_map(|it| it.documented.values());
        counts.fold((0, 0), |(seen, all), count| {
            (seen + usize::from(*count > 0), all + 1)
        })
    }
}

/// How many findings there are of each severity, the known ones apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Breaking findings.
    pub breaking: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
    /// Those the baseline knows.
    pub accepted: usize,
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at or above the level that fails.
    Clean = 0,
    /// Nothing can be said.
    Inconclusive = 3,
    /// Findings at or above the level that fails.
    Findings = 100,
}

impl Report {
    /// Counts the findings.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for finding in &self.findings {
            *match (finding.accepted, finding.rule.severity) {
                (true, _) => &mut summary.accepted,
                (_, Severity::Breaking) => &mut summary.breaking,
                (_, Severity::Warning) => &mut summary.warning,
                (_, Severity::Note) => &mut summary.note,
            } += 1;
        }
        summary
    }

    /// How the run ends. A finding counts even where little else could be said.
    #[must_use]
    pub fn outcome(&self, fail_on: FailOn) -> Outcome {
        if self.findings.iter().any(|finding| finding.fails(fail_on)) {
            Outcome::Findings
        } else if self.inconclusive.is_some() {
            Outcome::Inconclusive
        } else {
            Outcome::Clean
        }
    }

    /// One line that says how it went.
    #[must_use]
    pub fn verdict(&self) -> String {
        let summary = self.summary();
        let mut words = match &self.inconclusive {
            Some(reason) => format!("inconclusive: {reason}"),
            None if self.findings.iter().all(|it| it.accepted) => "conforms".to_owned(),
            None => {
                let warnings = counted(summary.warning, "warning");
                let notes = counted(summary.note, "note");
                format!("{} breaking, {warnings}, {notes}", summary.breaking)
            }
        };
        if summary.accepted > 0 {
            words.push_str(&format!(" ({} known to the baseline)", summary.accepted));
        }
        let (seen, all) = self.coverage.statuses();
        format!(
            "{words}; {} of {} operations and {seen} of {all} documented statuses seen in {} exchanges",
            self.coverage.seen(),
            self.coverage.operations.len(),
            self.exchanges
        )
    }
}

impl Finding {
    /// Whether a run that fails on this level fails for it.
    #[must_use]
    pub fn fails(&self, fail_on: FailOn) -> bool {
        let level = match fail_on {
            FailOn::Breaking => Severity::Breaking,
            FailOn::Warning => Severity::Warning,
            FailOn::Any => Severity::Note,
        };
        !self.accepted && self.rule.severity >= level
    }
}

/// `1 note`, `2 notes`.
fn counted(count: usize, word: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {word}{ending}")
}
