//! The verdict of a report: whether it fails a run, and its result in one line.

use super::report::{Change, DriftReport, Semver, Severity, Subject};
use ::report::FailOn;

impl Change {
    /// Whether this change fails a run. An accepted one never does.
    #[must_use]
    pub fn fails(&self, fail_on: FailOn) -> bool {
        self.accepted.is_none() && fail_on.includes(self.severity)
    }
}

impl DriftReport {
    /// Whether any change fails a run. A contract that is written in another way may rename public items in
    /// Rust and change nothing on the wire. This does not fail a run, and the second half of the verdict
    /// names the step.
    #[must_use]
    pub fn fails(&self, fail_on: FailOn) -> bool {
        self.changes.iter().any(|change| change.fails(fail_on))
    }

    /// The worst severity of what is not accepted; `None` without such a change.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.summary().worst()
    }

    /// How many changes are accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.summary().accepted
    }

    /// Both verdicts in one line: the wire, and the step each generated crate needs. Of generated
    /// code beside its contract there is only one.
    #[must_use]
    pub fn verdict(&self) -> String {
        let (first, second) = self.verdicts();
        format!("{first}{second}")
    }

    /// The two halves of [`DriftReport::verdict`]; the second may be empty.
    pub(super) fn verdicts(&self) -> (String, String) {
        match self.subject {
            Subject::Code => (
                self.counted("code", "says what the contract says"),
                String::new(),
            ),
            Subject::Contracts => {
                let wire = self.counted("wire", "unchanged");
                (wire, format!("; {}", self.rust_verdict()))
            }
        }
    }

    /// Why crates could not be compared as they are, with the names of these crates.
    pub(super) fn notes(&self) -> Vec<(String, &str)> {
        let mut notes: Vec<(String, &str)> = Vec::new();
        for verdict in &self.crates {
            let Some(note) = verdict.note.as_deref() else {
                continue;
            };
            match notes.iter_mut().find(|(_, said)| *said == note) {
                Some((names, _)) => names.push_str(&format!(", {}", verdict.name)),
                None => notes.push((verdict.name.clone(), note)),
            }
        }
        notes
    }

    fn counted(&self, what: &str, nothing: &'static str) -> String {
        let counts = self.summary().words();
        match self.worst() {
            None if counts.is_empty() => format!("{what}: {nothing}"),
            // What is accepted did change.
            None => format!("{what}: {}", counts.join(", ")),
            Some(worst) => format!("{what}: {} ({})", worst.as_str(), counts.join(", ")),
        }
    }

    fn rust_verdict(&self) -> String {
        let steps = self.crates.iter();
        let steps = steps.map(|it| format!("{} {}", it.name, it.semver.as_str()));
        let steps = steps.collect::<Vec<_>>().join(", ");
        match steps.is_empty() {
            true => "rust: not compared".to_owned(),
            false => format!("rust: {} ({steps})", self.semver().as_str()),
        }
    }
}

impl Semver {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}
