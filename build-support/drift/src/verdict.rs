//! What a report comes to: whether it fails a run, and in one line.

use super::code::CODE;
use super::report::{Change, Report, Semver, Severity, Summary};

/// From which severity on drift fails a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Breaking changes and undecided ones.
    #[default]
    Breaking,
    /// Warnings too.
    Warning,
    /// Any change of the contract at all. A contract written in another way may rename what is
    /// public in Rust without changing anything for anybody on the wire: that is no change here,
    /// and the second half of the verdict names the step.
    Any,
}

impl Change {
    /// Whether this change fails a run. An accepted one never does.
    #[must_use]
    pub fn fails(&self, on: FailOn) -> bool {
        let least = match on {
            FailOn::Breaking => Severity::Undecided,
            FailOn::Warning => Severity::Warning,
            FailOn::Any => Severity::Compatible,
        };
        self.accepted.is_none() && self.severity >= least
    }
}

impl Report {
    /// Whether any change fails a run.
    #[must_use]
    pub fn fails(&self, on: FailOn) -> bool {
        self.changes.iter().any(|change| change.fails(on))
    }

    /// The worst severity of what is not accepted; `None` without such a change.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        let open = self.changes.iter().filter(|it| it.accepted.is_none());
        open.map(|change| change.severity).max()
    }

    /// How many changes are accepted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        let accepted = self.changes.iter().filter(|it| it.accepted.is_some());
        accepted.count()
    }

    /// Both verdicts in one line: the wire, and the step each generated crate needs. Of generated
    /// code beside its contract there is only one.
    #[must_use]
    pub fn verdict(&self) -> String {
        let (first, second) = self.verdicts();
        format!("{first}{second}")
    }

    /// The two halves of [`Report::verdict`]; the second may be empty.
    pub(super) fn verdicts(&self) -> (String, String) {
        match self.revision.name == CODE {
            true => (
                self.counted("code", "says what the contract says"),
                String::new(),
            ),
            false => {
                let wire = self.counted("wire", "unchanged");
                (wire, format!("; {}", self.rust_verdict()))
            }
        }
    }

    /// What stood in the way of comparing crates, with the crates it is said of.
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
        let mut counts = self.summary().words();
        if self.accepted() > 0 {
            counts.push(format!("{} accepted", self.accepted()));
        }
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

impl Summary {
    /// The counts that are not zero, the worst first: `2 breaking`.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let counts = [
            (self.breaking, "breaking"),
            (self.undecided, "undecided"),
            (
                self.warning,
                if self.warning == 1 {
                    "warning"
                } else {
                    "warnings"
                },
            ),
            (self.compatible, "compatible"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0);
        counts
            .map(|(count, word)| format!("{count} {word}"))
            .collect()
    }
}

impl Severity {
    /// Every severity, the worst first.
    pub const WORST_FIRST: [Self; 4] = [
        Self::Breaking,
        Self::Undecided,
        Self::Warning,
        Self::Compatible,
    ];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Warning => "warning",
            Self::Undecided => "undecided",
            Self::Breaking => "breaking",
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
