//! What was found, and how much of the contract was seen.

use ::report::{Acceptance, FailOn, Rule, Severity, SourceTexts, Summary};
use contract::Place;
use std::collections::{BTreeMap, BTreeSet};

/// The result of checking exchanges against a contract.
#[derive(Debug, Clone, PartialEq)]
pub struct ConformanceReport {
    /// What was checked: a base URL, or the names of recordings.
    pub subject: String,
    /// Title and version of the contract.
    pub contract: String,
    /// The contract's file.
    pub file: String,
    /// SHA-256 of the contract.
    pub sha256: String,
    /// The contract's texts, for excerpts.
    pub sources: SourceTexts,
    /// How many exchanges were checked.
    pub exchanges: usize,
    /// How many were outside the API and were ignored.
    pub outside: usize,
    /// One entry for each cause, the worst first.
    pub findings: Vec<Finding>,
    /// What was seen of the contract.
    pub coverage: Coverage,
    /// What was left out on purpose, and why.
    pub notes: Vec<String>,
    /// Why the result is inconclusive, where it is.
    pub inconclusive: Option<String>,
}

/// One cause, however often it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What to do about it.
    pub help: &'static str,
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
    /// Why it is accepted, where a file accepts it for each of its operations.
    pub accepted: Option<Acceptance>,
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
    /// Whether a response came, and not only one that says that it is not served.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        let responded = self.documented.values().any(|count| *count > 0);
        !self.is_unimplemented() && (responded || !self.further.is_empty())
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

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at or above the level that fails.
    Clean = 0,
    /// The result is inconclusive.
    Inconclusive = 3,
    /// Findings at or above the level that fails.
    Findings = 100,
}

impl ConformanceReport {
    /// Counts the findings, the accepted ones apart.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let findings = self.findings.iter();
        Summary::of(findings.map(|it| (it.severity, it.accepted.is_some())))
    }

    /// The worst severity of what is not accepted; `None` without such a finding.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.summary().worst()
    }

    /// Adds a note that says why something was left out.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Makes the result inconclusive, and says why.
    pub fn give_up(&mut self, reason: impl Into<String>) {
        self.inconclusive = Some(reason.into());
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
            None if summary.worst().is_none() => "conforms".to_owned(),
            None => {
                let counts = [Severity::Breaking, Severity::Warning, Severity::Note];
                let counts = counts.map(|it| it.counted(summary.count(it)));
                counts.join(", ")
            }
        };
        if summary.accepted > 0 {
            words.push_str(&format!(" ({} accepted)", summary.accepted));
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
        self.accepted.is_none() && fail_on.includes(self.severity)
    }
}
